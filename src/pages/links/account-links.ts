// The pages of links that are mailed to the owner of an account, at /links/{token} beside those of numbers. No cookie and no
// script, and nobody is signed in.
//
//     GET, HEAD  ──▶ says what the link would do, and changes nothing: scanners of mail open links
//     POST       ──▶ does it, then leads to a page without the token

import type { Context, Hono } from 'hono'
import {
  type AccountLinkPurpose,
  type AccountLinkSeen,
  confirmAccountLink,
  lookAtAccountLink,
  passwordByLink,
} from '#actions/account/mailed-links.ts'
import type { Call, World } from '#actions/world.ts'
import { readParameters } from '#http/body.ts'
import type { Exchange } from '#http/exchange.ts'
import { Secret } from '#secrets/secret.ts'
import { accountTextsIn } from './account-link-texts.ts'
import { askAccountPage, doneAccountPage, goneAccountPage, takenAddressPage } from './account-pages.ts'
import type { Framed } from './pages.ts'

/** Where a done link leads, below the path of links. */
const donePaths: Readonly<Record<AccountLinkPurpose, string>> = {
  address: 'address-confirmed',
  not_me: 'wait-ended',
  reset_password: 'password-reset',
  sign_up: 'signed-up',
}

/** Longer than any form of ours. */
const formLimit = 8_192

type Parts = {
  readonly world: World
  readonly linksPath: string
  readonly framed: (c: Context<Exchange>) => Framed
  readonly callOf: (c: Context<Exchange>) => Call
}

type Open = Extract<AccountLinkSeen, { readonly kind: 'open' }>

/** Mounts the pages that stand in after a link was used. */
export function accountDonePages(app: Hono<Exchange>, { linksPath, framed }: Parts): void {
  for (const [purpose, path] of Object.entries(donePaths)) {
    app.get(`${linksPath}/done/${path}`, c => c.html(doneAccountPage(framed(c), purpose as AccountLinkPurpose)))
  }
}

/** The page of an account's link; `undefined` when the token is of no link of an account that is out. */
export async function showAccountLink(
  c: Context<Exchange>,
  { world, framed }: Parts,
  token: string,
): Promise<Response | undefined> {
  const link = await lookAtAccountLink(world, token)
  if (link.kind === 'open') return c.html(askAccountPage(framed(c), link, world.limits, undefined))
  return link.kind === 'gone' ? c.html(goneAccountPage(framed(c)), 410) : undefined
}

/** Does what an account's link is for; `undefined` when the token is of no link of an account. */
export async function useAccountLink(c: Context<Exchange>, parts: Parts, token: string): Promise<Response | undefined> {
  const { world, framed, callOf } = parts
  const link = await lookAtAccountLink(world, token)
  if (link.kind === 'none') return undefined
  const gone = () => c.html(goneAccountPage(framed(c)), 410)
  if (link.kind === 'gone') return gone()
  if (link.purpose === 'reset_password' || link.purpose === 'sign_up') return usePassword(c, parts, token, link)
  const ending = await confirmAccountLink(world, callOf(c), token)
  if (ending.kind === 'address_taken') return c.html(takenAddressPage(framed(c)), 409)
  if (ending.kind === 'gone' || ending.kind === 'password_needed') return gone()
  return c.redirect(`${parts.linksPath}/done/${donePaths[link.purpose]}`, 303)
}

async function usePassword(c: Context<Exchange>, parts: Parts, token: string, link: Open): Promise<Response> {
  const { world, linksPath, framed, callOf } = parts
  const texts = accountTextsIn[framed(c).language]
  const again = (field: 'new' | 'again', text: string, status: 422 | 503 = 422) =>
    c.html(askAccountPage(framed(c), link, world.limits, { field, text }), status)
  const read = await readParameters(c, { limit: formLimit })
  const form = read.kind === 'read' ? read.body : {}
  if (typeof form.new !== 'string' || form.new === '') return again('new', texts.required)
  if (form.new !== form.again) return again('again', texts.differ)
  const ending = await passwordByLink(world, callOf(c), { token, password: Secret.of(form.new) })
  switch (ending.kind) {
    case 'password_set':
      return c.redirect(`${linksPath}/done/${donePaths[link.purpose]}`, 303)
    case 'gone':
      return c.html(goneAccountPage(framed(c)), 410)
    case 'account_exists':
      return c.html(takenAddressPage(framed(c)), 409)
    case 'weak_password':
      return again('new', texts.weak[ending.weakness].replace('{least}', String(ending.least)))
    case 'overloaded':
      c.header('Retry-After', String(ending.retryAfter))
      return again('new', texts.busy, 503)
  }
}
