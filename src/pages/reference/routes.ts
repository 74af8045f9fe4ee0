// The API reference: /docs for people, /openapi.json for programs. Both are the same for everybody, and hold no secret.

import { type Context, Hono } from 'hono'
import type { World } from '#actions/world.ts'
import type { Exchange } from '#http/exchange.ts'
import { pageHeaders } from '../headers.ts'
import { languageOf } from '../language.ts'
import { type Html, page } from '../layout.ts'
import { documentText, reference } from './document.ts'
import { groupPage, referencePath, startPage } from './views.ts'

export type ReferenceOptions = {
  /** Whether people reach us by https. */
  readonly https: boolean
  /** Where they do. */
  readonly ownOrigin: () => string
  /** Whether each call has a form that tries it: in the sandbox only, where nothing is anybody's. */
  readonly tryIt: boolean
}

const longestSearch = 100

/** Mounted at the root. */
export function referencePages(world: World, { https, ownOrigin, tryIt }: ReferenceOptions): Hono<Exchange> {
  const app = new Hono<Exchange>({ strict: false })
  for (const path of ['/openapi.json', referencePath, `${referencePath}/*`]) {
    app.use(path, async (c, next) => {
      c.set('door', 'docs')
      await next()
    })
  }
  for (const path of [referencePath, `${referencePath}/*`]) app.use(path, pageHeaders(https))

  const framed = (c: Context<Exchange>, title: string, body: Html) =>
    page({
      ...{ title, body, language: languageOf(c), product: world.policy.product, brand: world.policy.brand },
      ...{ path: c.req.path, home: referencePath, styles: ['reference.css'], scripts: tryIt ? ['try-it.js'] : [] },
    })

  app.get('/openapi.json', c => c.body(documentText(), 200, { 'Content-Type': 'application/json' }))

  app.get(referencePath, c => {
    const asked = (c.req.query('q') ?? '').slice(0, longestSearch).toWellFormed().trim()
    return c.html(framed(c, 'API reference', startPage(reference(), asked)))
  })

  app.get(`${referencePath}/:group`, c => {
    const group = reference().groups.find(({ slug }) => slug === c.req.param('group'))
    if (group === undefined) return c.notFound()
    return c.html(framed(c, group.name, groupPage(group, { origin: ownOrigin(), tryIt })))
  })
  return app
}
