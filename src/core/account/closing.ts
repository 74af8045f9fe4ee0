// Closing an account: fresh proofs, one commit, and nothing is left that anything could open.
//
//   any state ── closed by its owner ──▶ CLOSED (an empty document; its names are free again)

import type { Instant } from '../kernel/instant.ts'
import type { Limits } from '../throttle/limits.ts'
import { type Account, nothingOpen } from './account.ts'
import { type Change, tell } from './change.ts'
import { permit, type Refusal } from './session.ts'

export type CloseEnding = ({ readonly kind: 'closed' } & Change) | Refusal

/** Closes the account: with fresh P, and fresh D too while two-step is on. All addresses are told, then forgotten. */
export function closeAccount(account: Account, session: string, now: Instant, limits: Limits): CloseEnding {
  const may = permit(account, session, 'fresh', now, limits)
  if (may.kind !== 'permitted') return may
  return {
    kind: 'closed',
    next: {
      ...{ id: account.id, createdAt: account.createdAt, seen: account.seen },
      ...{ application: undefined, password: undefined, awaited: undefined, changedAt: undefined },
      ...{ addresses: [], addressMails: [], strangers: [] },
      mailedReset: { out: undefined, mailed: [] },
      identity: { questions: [], birthDate: undefined, tries: { tries: 0, lastAt: undefined } },
      twoStep: { kind: 'off' },
      ...nothingOpen,
      closedAt: now,
    },
    events: [{ kind: 'account.closed' }],
    notices: [tell(account, 'account_closed', now, { from: may.session.from })],
  }
}
