// A mail before it is written: what happened, facts, perhaps a link; and how it looks, as text and as HTML. All mails about
// numbers, accounts and businesses look alike, so that a forged one is easier to tell.

import { hour, type Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import { words } from './catalogue.ts'
import { oneLine } from './direction.ts'
import { html, type Markup } from './html.ts'
import type { Language } from './language.ts'

export type Letter = {
  readonly language: Language
  readonly product: string
  readonly heading: string
  readonly happened: string
  readonly facts: readonly { readonly name: string; readonly value: string }[]
  readonly link: { readonly words: string; readonly to: string; readonly terms: string | undefined } | undefined
  readonly otherwise: string
}

export type Mail = { readonly subject: string; readonly text: string; readonly html: string }

/** A link as it stands in a mail: an http(s) address, else it throws: a bug, for links are made here, not by callers. */
export function checkedLink(link: string): string {
  assert(/^https?:\/\//.test(link), 'a link in a mail is an http or https address')
  return link
}

/** Writes a mail. */
export function mailOf(given: Letter): Mail {
  const facts = given.facts.map(({ name, value }) => ({ name, value: oneLine(value) }))
  const letter = { ...given, product: oneLine(given.product), facts }
  const { language, product, heading } = letter
  return {
    subject: words(language, 'mail.subject', { product, subject: heading }),
    text: textOf(letter),
    html: htmlOf(letter).text,
  }
}

/** When something happened, as a fact. In UTC, as nobody knows where the mail is read. */
export const momentOf = (language: Language, when: Instant): string => words(language, 'mail.moment', { when })

/** How long a link works: whole hours, one at least. */
export const hoursOf = (when: Instant, expires: Instant): number => Math.max(1, Math.floor((expires - when) / hour))

function textOf(letter: Letter): string {
  const { language, link } = letter
  const facts = letter.facts.map(fact => words(language, 'mail.fact', fact)).join('\n')
  const linked =
    link === undefined
      ? []
      : [`${words(language, 'mail.link', { words: link.words })}\n${checkedLink(link.to)}`, link.terms]
  const body = link?.terms === undefined ? [facts, letter.otherwise, ...linked] : [facts, ...linked, letter.otherwise]
  return [letter.heading, letter.happened, ...body, `-- \n${letter.product}`].filter(Boolean).join('\n\n')
}

function htmlOf(letter: Letter): Markup {
  const { language } = letter
  const facts = letter.facts.map(
    fact => html`<tr><th scope="row">${fact.name}</th><td><bdi>${fact.value}</bdi></td></tr>`,
  )
  const link = letter.link && html`<p><a class="button" href="${letter.link.to}">${letter.link.words}</a></p>`
  const terms = letter.link?.terms && html`<p class="small">${letter.link.terms}</p>`
  const otherwise = html`<p>${letter.otherwise}</p>`
  return html`<!doctype html>
<html lang="${language.tag}" dir="${language.direction}">
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
<p class="small"><bdi>${letter.product}</bdi></p>
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
th { text-align: start; font-weight: 600; padding: 2px 0; padding-inline-end: 1em; vertical-align: top; }
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
