// The mails: what happened to a number and by which door, with a way to say "this was not me"; and the links that people
// ask for. No mail shows a PIN, a code or a whole number: mailboxes are read by others.

import type { Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Notice } from '#core/registration-lock/change.ts'
import type { Door } from '#core/registration-lock/doors.ts'
import { html, type Markup } from './html.ts'
import { wordsFor } from './language.ts'
import type { LinkKind, Words } from './words.ts'

export type NoticeMail = {
  /** A locale as Graph writes it (`en_US`, `pt_BR`); unknown ones read English. */
  readonly language: string
  readonly product: string
  /** When it happened. Shown in UTC, as nobody knows where the mail is read. */
  readonly when: Instant
  readonly door: Door
  /** The number as `maskNumber` shows it. */
  readonly numberMasked: string
} & (
  | {
      readonly notice: Notice['kind']
      /** Where "this was not me" leads; left out, the mail only says what to do. */
      readonly link?: string | undefined
    }
  /** Mails that are nothing without their link. It carries a secret; opening it must change nothing. */
  | { readonly notice: LinkKind; readonly link: string }
)

export type Mail = { readonly subject: string; readonly text: string; readonly html: string }

/** Writes a mail. `link` is an http(s) address, else it throws: a bug, for links are made here, not given by callers. */
export function noticeMail(mail: NoticeMail): Mail {
  assert(mail.link === undefined || /^https?:\/\//.test(mail.link), 'a link in a mail is an http or https address')
  const words = wordsFor(mail.language)
  const letter = letterFor(mail, words)
  return {
    // A line break in a subject would start a header of its own.
    subject: `${mail.product}: ${letter.heading}`.replace(/[\r\n]+/g, ' '),
    text: textOf(letter),
    html: htmlOf(letter, words).text,
  }
}

type Letter = {
  readonly product: string
  readonly heading: string
  readonly happened: string
  readonly facts: readonly { readonly name: string; readonly value: string }[]
  readonly link: { readonly words: string; readonly to: string; readonly terms: string | undefined } | undefined
  readonly otherwise: string
}

function letterFor(mail: NoticeMail, words: Words): Letter {
  const { subject, happened, action } = words.mails[mail.notice]
  const style = { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23', timeZone: 'UTC' } as const
  const when = new Intl.DateTimeFormat(words.tag, style)
  return {
    product: mail.product,
    heading: subject,
    happened,
    facts: [
      { name: words.facts.number, value: mail.numberMasked },
      { name: words.facts.when, value: `${when.format(mail.when)} UTC` },
      { name: words.facts.door, value: words.doors[mail.door] },
    ],
    link:
      mail.link === undefined
        ? undefined
        : { words: action ?? words.notMe, to: mail.link, terms: action === undefined ? undefined : words.linkTerms },
    otherwise: action === undefined ? words.notYou : words.notAsked,
  }
}

function textOf(letter: Letter): string {
  const facts = letter.facts.map(fact => `${fact.name}: ${fact.value}`).join('\n')
  const link = letter.link === undefined ? [] : [`${letter.link.words}:\n${letter.link.to}`, letter.link.terms]
  const isAction = letter.link?.terms !== undefined
  const body = isAction ? [facts, ...link, letter.otherwise] : [facts, letter.otherwise, ...link]
  return [letter.heading, letter.happened, ...body, `-- \n${letter.product}`].filter(Boolean).join('\n\n')
}

function htmlOf(letter: Letter, words: Words): Markup {
  const facts = letter.facts.map(
    fact => html`<tr><th scope="row">${fact.name}</th><td><bdi>${fact.value}</bdi></td></tr>`,
  )
  const link = letter.link && html`<p><a class="button" href="${letter.link.to}">${letter.link.words}</a></p>`
  const terms = letter.link?.terms && html`<p class="small">${letter.link.terms}</p>`
  const otherwise = html`<p>${letter.otherwise}</p>`
  return html`<!doctype html>
<html lang="${words.tag}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${letter.heading}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${letter.heading}</h1>
<p>${letter.happened}</p>
<table>${facts}</table>
${terms === undefined ? [otherwise, link] : [link, terms, otherwise]}
<p class="small">${letter.product}</p>
</main>
</body>
</html>
`
}

const style = html`
:root { color-scheme: light dark; }
body { margin: 0; background: #f4f5f7; color: #1b1f24; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 32em; margin: 2em auto; padding: 1.5em 2em; background: #ffffff; border-radius: 8px; }
h1 { font-size: 1.25em; line-height: 1.3; margin: 0 0 1em; }
table { border-collapse: collapse; margin: 1em 0; }
th { text-align: start; font-weight: 600; padding: 2px 1em 2px 0; vertical-align: top; }
td { padding: 2px 0; }
.button { display: inline-block; padding: 0.6em 1.2em; border-radius: 6px; text-decoration: none; }
.button { background: #0b5fff; color: #ffffff; }
.small { font-size: 0.875em; color: #57606a; }
@media (prefers-color-scheme: dark) {
  body { background: #14171a; color: #e6e8eb; }
  main { background: #1e2328; }
  .button { background: #7aa7ff; color: #0b1220; }
  .small { color: #9aa4ae; }
}
`
