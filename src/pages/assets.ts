// The files behind the pages: style sheet, icon, small modules. One hash over all of them stands in their addresses, so
// that a browser keeps them for good and a new version is seen at once; modules find each other by plain names.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Context, Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { assert } from '#core/kernel/outcome.ts'
import { readParameters } from '#http/body.ts'
import type { Exchange } from '#http/exchange.ts'
import { problem } from '#http/problem.ts'
import type { BrandMade } from './brand.ts'
import { languageCookie, readLanguage } from './language.ts'
import { ownPostsOnly } from './own-posts.ts'

const types = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' } as const

const names = [
  ...['style.css', 'icon.svg', 'countdown.js', 'forms.js'],
  ...['one-time-code.js', 'secret.js', 'device.js', 'device-worker.js'],
  ...['reference.css', 'try-it.js'],
] as const

const files: ReadonlyMap<string, { readonly text: string; readonly type: string }> = new Map(
  names.map(name => {
    const text = readFileSync(new URL(`./static/${name}`, import.meta.url), 'utf8')
    return [name, { text, type: `${types[name.split('.')[1] as keyof typeof types]}; charset=utf-8` }]
  }),
)

const version = [...files]
  .reduce((hash, [name, { text }]) => hash.update(`${name}\0${text}\0`), createHash('sha256'))
  .digest('hex')
  .slice(0, 16)

const forGood = 'public, max-age=31536000, immutable'

/** The address of a file of ./static. */
export function assetUrl(name: string): string {
  assert(files.has(name), 'a page names files that there are')
  return `/pages/${version}/${name}`
}

export type AssetOptions = {
  /** Whether people reach us by https. */
  readonly https: boolean
  /** Where they do. */
  readonly ownOrigin: () => string
  /** A look of the operator's own. */
  readonly brand: BrandMade | undefined
}

/** Serves the files, and takes the choice of a language. Mounted at the root. */
export function pageAssets(options: AssetOptions): Hono<Exchange> {
  const app = new Hono<Exchange>({ strict: false })
  app.use('/pages/*', async (c, next) => {
    c.set('door', 'pages')
    await next()
  })
  app.use('/pages/*', ownPostsOnly(options.ownOrigin, forged))

  for (const [path, { type, body }] of options.brand?.files ?? []) {
    const headers = { 'Content-Type': type, 'Cache-Control': forGood }
    app.get(path, c => c.body(typeof body === 'string' ? body : new Uint8Array(body), 200, headers))
  }

  app.get('/pages/:version/:name', c => {
    const file = files.get(c.req.param('name'))
    if (file === undefined) return c.notFound()
    // While nodes are replaced one by one, a page of the old version may ask a node of the new one: better its file than none.
    const kept = c.req.param('version') === version ? forGood : 'no-store'
    return c.body(file.text, 200, { 'Content-Type': file.type, 'Cache-Control': kept })
  })

  app.post('/pages/language', async c => {
    const read = await readParameters(c, { limit: 4_096 })
    const { language, back } = read.kind === 'read' ? read.body : { language: undefined, back: undefined }
    const chosen = readLanguage(language)
    if (chosen !== undefined) {
      const year = 31_536_000
      setCookie(c, languageCookie, chosen, { maxAge: year, httpOnly: true, sameSite: 'Lax', secure: options.https })
    }
    return leadBack(c, back)
  })
  return app
}

// To a path of ours only: `//elsewhere` and `/\elsewhere` are other sites to a browser.
function leadBack(c: Context<Exchange>, back: unknown): Response {
  const ours = typeof back === 'string' && back.length <= 1_000 && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(back)
  return c.redirect(ours ? back : '/manager', 303)
}

const forged = (c: Context<Exchange>): Response =>
  problem(c, { status: 403, kind: 'foreign_site', title: 'This did not come from a page of ours.' })
