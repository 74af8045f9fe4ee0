// The pages of mailed links, at /links/{token}. No cookie and no script.
//
//     GET, HEAD  ──▶ says what the link would do, and changes nothing: scanners of mail open links
//     POST       ──▶ does it, then leads to a page without the token
//
// The token is the proof, so a page of another site that posts here gains nothing that its owner could not do by hand.

import { type Context, Hono } from 'hono'
import { confirmLink, type LinkPurpose, linksPath, lookAtLink } from '#actions/mailed-links.ts'
import { type Call, Overdue, type World } from '#actions/world.ts'
import type { Exchange } from '#http/exchange.ts'
import { pageHeaders } from '../headers.ts'
import { languageOf } from '../language.ts'
import { accountDonePages, showAccountLink, useAccountLink } from './account-links.ts'
import { askPage, donePage, type Framed, gonePage, laterPage } from './pages.ts'

export type LinkPagesOptions = {
  /** Whether people reach us by https. */
  readonly https: boolean
  /** Told of what broke on our side. */
  readonly report: (error: Error, requestId: string) => void
}

// Where a done link leads; the purpose as a word of the address.
const donePaths: Readonly<Record<LinkPurpose, string>> = {
  recovery: 'off',
  turn_off: 'turned-off',
  address: 'confirmed',
}

/** Mounted at the root. */
export function linkPages(world: World, { https, report }: LinkPagesOptions): Hono<Exchange> {
  const app = new Hono<Exchange>({ strict: false })
  app.use(`${linksPath}/*`, async (c, next) => {
    c.set('door', 'mail')
    await next()
  })
  app.use(`${linksPath}/*`, pageHeaders(https))
  const framed = (c: Context<Exchange>): Framed => ({
    language: languageOf(c),
    product: world.policy.product,
    brand: world.policy.brand,
    path: c.req.path,
  })

  for (const [purpose, path] of Object.entries(donePaths)) {
    app.get(`${linksPath}/done/${path}`, c => c.html(donePage(framed(c), purpose as LinkPurpose)))
  }

  const ofAccounts = { world, linksPath, framed, callOf }
  accountDonePages(app, ofAccounts)

  app.get(`${linksPath}/:token`, async c => {
    const shown = await showAccountLink(c, ofAccounts, c.req.param('token'))
    if (shown !== undefined) return shown
    const link = await lookAtLink(world, c.req.param('token'))
    return link.kind === 'open' ? c.html(askPage(framed(c), link)) : c.html(gonePage(framed(c)), 410)
  })

  app.post(`${linksPath}/:token`, async c => {
    const used = await useAccountLink(c, ofAccounts, c.req.param('token'))
    if (used !== undefined) return used
    const ending = await confirmLink(world, callOf(c), c.req.param('token'))
    if (ending.kind === 'gone') return c.html(gonePage(framed(c)), 410)
    return c.redirect(`${linksPath}/done/${donePaths[ending.purpose]}`, 303)
  })

  app.onError((error, c) => {
    const away = error instanceof Overdue || error.name === 'StoreAway'
    if (!away) report(error, c.get('requestId'))
    c.header('Retry-After', '60')
    return c.html(laterPage(framed(c)), away ? 503 : 500)
  })
  return app
}

const callOf = (c: Context<Exchange>): Call => ({
  door: 'mail',
  party: undefined,
  requestId: c.get('requestId'),
  signal: c.get('deadline'),
})
