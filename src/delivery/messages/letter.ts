// A mail before it is written: what happened, facts, perhaps a link; and how it looks, as text and as HTML. All mails about
// numbers and accounts look alike, so that a forged one is easier to tell.

import { html, type Markup } from './html.ts'

export type Letter = {
  readonly product: string
  readonly heading: string
  readonly happened: string
  readonly facts: readonly { readonly name: string; readonly value: string }[]
  readonly link: { readonly words: string; readonly to: string; readonly terms: string | undefined } | undefined
  readonly otherwise: string
}

export function textOf(letter: Letter): string {
  const facts = letter.facts.map(fact => `${fact.name}: ${fact.value}`).join('\n')
  const link = letter.link === undefined ? [] : [`${letter.link.words}:\n${letter.link.to}`, letter.link.terms]
  const isAction = letter.link?.terms !== undefined
  const body = isAction ? [facts, ...link, letter.otherwise] : [facts, letter.otherwise, ...link]
  return [letter.heading, letter.happened, ...body, `-- \n${letter.product}`].filter(Boolean).join('\n\n')
}

export function htmlOf(letter: Letter, words: { readonly tag: string; readonly direction: 'ltr' | 'rtl' }): Markup {
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
