// Closing an account, by its owner. In one commit the document is empty and its names are free; there is no older version of
// it that this program would open: a row put back under a newer version does not open, and neither does one that another
// node kept in memory, for what is kept counts only while the row is the same.

import { closeAccount as closeAccountDecision } from '#core/account/closing.ts'
import type { Refusal } from '#core/account/session.ts'
import { watched } from '../runner.ts'
import type { Call, World } from '../world.ts'
import { changeAccount } from './account.ts'
import type { BySession } from './addresses.ts'

export type CloseAccountEnding = { readonly kind: 'closed' } | Refusal

/** One commit: with fresh P, and fresh D too while two-step is on. All addresses are told. */
export const closeAccount = (world: World, call: Call, command: BySession): Promise<CloseAccountEnding> =>
  watched(world, 'close_account', () =>
    changeAccount<CloseAccountEnding>(world, call, command.account, (account, now) => {
      const ending = closeAccountDecision(account, command.session, now, world.limits)
      return ending.kind === 'closed' ? { ending: { kind: 'closed' }, change: ending } : { ending }
    }),
  )
