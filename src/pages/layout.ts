// The frame around every page: head, skip link, header, main, footer with the switch of languages. Server-rendered, no
// inline script or style, nothing from other sites. Pages work without scripts; those named in `scripts` make them better.

import { html } from 'hono/html'
import { assetUrl } from './assets.ts'
import { type Language, languages } from './language.ts'
import { framesIn } from './texts/frame.ts'

/** A piece of a page. Made by hono's `html` only, which escapes whatever is put into it. */
export type Html = ReturnType<typeof html>

/** A look of the operator's own: the addresses of its style sheet, and of its picture where there is one. */
export type Brand = { readonly style: string; readonly icon: string | undefined }

/** What a page is made of. */
export type Page = {
  /** In plain text; the product's name is put behind it in the browser's tab. */
  readonly title: string
  readonly language: Language
  /** What this service calls itself: `world.policy.product`. */
  readonly product: string
  /** The page's own path and query: where the switch of languages leads back to. */
  readonly path: string
  /** What stands in `<main>`, its `<h1>` included. */
  readonly body: Html
  /** What stands beside the product's name: who is signed in, where else to go. */
  readonly header?: Html | undefined
  /** Where the product's name leads; left out, it leads nowhere. */
  readonly home?: string | undefined
  /** Files of ./static that are loaded as modules. */
  readonly scripts?: readonly string[] | undefined
  /** Files of ./static that style this kind of page beside the sheet of all. */
  readonly styles?: readonly string[] | undefined
  /** What the operator gave the pages to look like: `world.policy.brand`. */
  readonly brand?: Brand | undefined
  /** The address of the manifest of an installable page. */
  readonly manifest?: string | undefined
  /** `narrow` suits a form or a few words, `wide` (the default) a table. */
  readonly width?: 'narrow' | 'wide' | undefined
}

/** The whole document. */
export function page(page: Page): Html {
  const { language, product } = page
  const { tag, direction } = languages[language]
  const words = framesIn[language]
  return html`<!doctype html>
<html lang="${tag}" dir="${direction}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="robots" content="noindex" />
    <title>${page.title === product ? product : `${page.title} · ${product}`}</title>
    <link rel="stylesheet" href="${assetUrl('style.css')}" />
    ${(page.styles ?? []).map(name => html`<link rel="stylesheet" href="${assetUrl(name)}" />`)}
    ${page.brand === undefined ? '' : html`<link rel="stylesheet" href="${page.brand.style}" />`}
    ${icon(page.brand)}
    ${page.manifest === undefined ? '' : html`<link rel="manifest" href="${page.manifest}" />`}
    ${(page.scripts ?? []).map(name => html`<script type="module" src="${assetUrl(name)}"></script>`)}
  </head>
  <body>
    <a class="skip" href="#main">${words.skip}</a>
    <header class="top">
      <div class="bar">${brand(page)}${page.header ?? ''}</div>
    </header>
    <main id="main" tabindex="-1" class="${page.width ?? 'wide'}">${page.body}</main>
    <footer class="foot">
      <div class="bar">
        <nav aria-label="${words.languages}">${switches(page)}</nav>
      </div>
    </footer>
  </body>
</html>`
}

const icon = (brand: Brand | undefined): Html =>
  brand?.icon === undefined
    ? html`<link rel="icon" href="${assetUrl('icon.svg')}" type="image/svg+xml" />`
    : html`<link rel="icon" href="${brand.icon}" />`

const brand = ({ home, product }: Page): Html => {
  const name = html`<span class="mark" aria-hidden="true"></span><bdi>${product}</bdi>`
  return home === undefined
    ? html`<span class="brand">${name}</span>`
    : html`<a class="brand" href="${home}">${name}</a>`
}

// A form each, because a choice that is kept is a change, and changes are made by POST only.
const switches = ({ language, path }: Page): Html =>
  html`${Object.entries(languages).map(([code, { tag, direction, own }]) =>
    code === language
      ? html`<span class="language" lang="${tag}" dir="${direction}" aria-current="true">${own}</span>`
      : html`<form method="post" action="/pages/language">
        <input type="hidden" name="language" value="${code}" />
        <input type="hidden" name="back" value="${path}" />
        <button class="language plain" lang="${tag}" dir="${direction}">${own}</button>
      </form>`,
  )}`
