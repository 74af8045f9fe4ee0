// How often the door may be knocked at. Counted on each node for itself and forgotten with it: this guards the server's
// time. What guards passwords and PINs is in their documents.
//
//   allowance   20 a second, 60 at once, as documented: one for each installation's own tokens, and one for each caller
//               who has shown none, so that a flood of strangers takes nothing from those who have a token
//   bad logins  20 in a quarter of an hour from one address: each costs a hash

import { type Instant, minute, second, secondsUntil } from '#core/kernel/instant.ts'
import { remember } from '#core/kernel/remember.ts'
import { take, type Window, type WindowPolicy } from '#core/throttle/moving-window.ts'

export const requests = { perSecond: 20, burst: 60 } as const
const badLogins: WindowPolicy = { limit: 20, span: 15 * minute, apart: 0 }

type Bucket = { readonly left: number; readonly at: Instant }

/** How many parties are remembered; the one not seen for longest is forgotten first. */
const most = 10_000

/** `undefined`: go on. Else the whole seconds to wait. */
export type Knock = number | undefined

export function createRate() {
  const buckets = new Map<string, Bucket>()
  const logins = new Map<string, Window>()

  return {
    /** Takes one request out of a party's allowance. A refused one takes nothing. */
    request(party: string, now: Instant): Knock {
      const known = buckets.get(party) ?? { left: requests.burst, at: now }
      const passed = Math.max(0, now - known.at) / second
      const left = Math.min(requests.burst, known.left + passed * requests.perSecond)
      if (left < 1) return 1
      remember(buckets, party, { left: left - 1, at: now }, most)
      return undefined
    },

    /** Takes one login out of a caller's, before the password is looked at; {@link goodLogin} gives them back. */
    login(caller: string, now: Instant): Knock {
      const taken = take(logins.get(caller) ?? [], now, badLogins)
      if (taken.kind === 'full') return secondsUntil(taken.until, now)
      remember(logins, caller, taken.next, most)
      return undefined
    },
    goodLogin(caller: string): void {
      const window = logins.get(caller)
      // Its own place only: else one good login would buy a guesser nineteen more bad ones.
      if (window !== undefined) remember(logins, caller, window.slice(0, -1), most)
    },
  }
}

export type Rate = ReturnType<typeof createRate>
