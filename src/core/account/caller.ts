// Who calls, as far as the core must know: where the call comes from, and on which of three sides it is counted.
//
//     known       a browser of the owner's, or a session: nothing that anybody else does costs it anything
//     keyholder   somebody who gave a right Recovery Key and has forgotten the password
//     stranger    everybody else, whoever knows the password among them
//
// Each side has codes, notifications and failures of its own. So who has stolen one proof can use up what is meant for
// people with that proof, and never stands in the way of the owner with the other two.

import type { Account } from './account.ts'
import { knownBrowser, type PresentedBrowser } from './trusted-browser.ts'

export const sides = ['known', 'stranger', 'keyholder'] as const
export type Side = (typeof sides)[number]

/** What the owner is shown of a caller. Told by the caller itself or looked up by address: never a reason to trust. */
export type Origin = {
  /** As `Lisbon, Portugal`, or empty. */
  readonly place: string
  /** As `Firefox on Linux`, or empty. */
  readonly agent: string
}

export type Caller = {
  /** An opaque name of the network a call comes from (a keyed hash of an IPv4 address or an IPv6 /64). */
  readonly network: string
  /** Which of the strangers' buckets that network falls in: 0 to `strangerBuckets` - 1. */
  readonly bucket: number
  readonly from: Origin
  /** The browser whose cookie came along, once its secret was found to match one of that browser's verifiers. */
  readonly browser: PresentedBrowser | undefined
}

/** On which side a call is counted that begins with the password. */
export const sideOf = (account: Account, caller: Caller): 'known' | 'stranger' =>
  knownBrowser(account, caller.browser) === undefined ? 'stranger' : 'known'
