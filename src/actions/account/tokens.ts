// What the tokens of accounts begin with. A token of one purpose is none of another, and each carries its account's id.

import type { Made } from '#core/account/account.ts'
import type { Secret } from '#secrets/secret.ts'
import type { World } from '../world.ts'

export const prefixes = {
  session: 'twas_',
  signIn: 'twsi_',
  /** What a known browser shows, as a cookie or in the body. */
  browser: 'twab_',
  /** Holds a mailbox and a date, sealed: there is no account yet. */
  signUp: 'twsu_',
  /** A password reset that the Recovery Key began. */
  reset: 'twpr_',
  /** Mailed: sets a new password while two-step is off. */
  mailedReset: 'twmr_',
  /** Mailed: confirms an address. */
  address: 'twca_',
  /** Mailed: ends a wait. */
  notMe: 'twnm_',
  /** Names a device that receives notifications. */
  device: 'twdv_',
  /** The secret of its installation, which no backup has. */
  installation: 'twdi_',
} as const
export type TokenKind = keyof typeof prefixes

/** A new token of an account, and the entry that it is listed by. */
export type NewToken = Made & { readonly token: Secret }

/** Makes a token for something of the account that is listed: a session, a sign-in, a browser, a reset. */
export function newToken(world: World, kind: TokenKind, account: string): NewToken {
  const { token, verifier } = world.secrets.makeToken(prefixes[kind], account)
  return { id: world.secrets.newNumericId(), verifier, token }
}
