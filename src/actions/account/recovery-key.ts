// The Recovery Key of an account with two-step verification on: replacing it, and the yearly question whether it is at hand.

import type { Account } from '#core/account/account.ts'
import {
  keyAtHand,
  keyWasWrong,
  newKeyRetyped,
  newKeyToRetype,
  type ReplaceKeyEnding,
  type ShowKeyEnding,
  showNewKey,
  spendKeyTry,
} from '#core/account/recovery-key.ts'
import { permit, type Refusal } from '#core/account/session.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { Secret } from '#secrets/secret.ts'
import { watched } from '../runner.ts'
import { type Call, settling, type World } from '../world.ts'
import { type AtSession, callerAtSession, changeAccount, type Presenting } from './account.ts'
import { type Told, told } from './ending.ts'
import { keyIsRight, newKey } from './recovery-key-verifier.ts'

type Shown = Extract<Told<ShowKeyEnding>, { readonly kind: 'shown' }> & { readonly key: Secret }
export type ShowNewKeyEnding = Shown | Exclude<Told<ShowKeyEnding>, { readonly kind: 'shown' }>

/** Shows a new key, once. The old one stands until this one was retyped. */
export const showRecoveryKey = (world: World, call: Call, at: AtSession): Promise<ShowNewKeyEnding> =>
  watched(world, 'show_recovery_key', async () => {
    const { key, verifier } = newKey(world, at.id)
    const ending = await changeAccount(world, call, at.id, (account, now) =>
      told(showNewKey(account, { session: at.session.id, verifier }, now, world.limits), now),
    )
    return ending.kind === 'shown' ? { ...ending, key } : ending
  })

export type RetypeKeyEnding = Told<ReplaceKeyEnding> | { readonly kind: 'wrong_key'; readonly now: Instant }

/** The new key is retyped: in this commit the old one dies. */
export const retypeRecoveryKey = (world: World, call: Call, at: AtSession, typed: Secret): Promise<RetypeKeyEnding> =>
  watched(world, 'retype_recovery_key', () =>
    changeAccount<RetypeKeyEnding>(world, call, at.id, (account, now) => {
      const session = at.session.id
      const verifier = newKeyToRetype(account, session, now, world.limits)
      const ending = newKeyRetyped(account, { session, verifier: verifier ?? '' }, now, world.limits)
      if (ending.kind === 'replaced' && !keyIsRight(world, at.id, verifier, typed)) {
        return { ending: { kind: 'wrong_key', now } }
      }
      return told(ending, now)
    }),
  )

export type KeyAtHandEnding =
  | { readonly kind: 'at_hand'; readonly account: Account; readonly now: Instant }
  | { readonly kind: 'wrong_key' }
  | { readonly kind: 'key_too_soon'; readonly retryAt: Instant; readonly now: Instant }
  | Refusal

type Spent = Exclude<KeyAtHandEnding, { readonly kind: 'at_hand' | 'wrong_key' }> | Look
type Look = { readonly kind: 'look'; readonly verifier: string | undefined }

/** The yearly question, answered with the key. It is paid for like any try at it: two commits. */
export const showKeyAtHand = (
  world: World,
  call: Call,
  at: AtSession,
  command: { readonly typed: Secret; readonly presenting: Presenting },
): Promise<KeyAtHandEnding> =>
  watched(world, 'show_key_at_hand', async () => {
    const { limits } = world
    const session = at.session.id
    const callerOn = (account: Account) => callerAtSession(world, account, session, command.presenting)
    const use = 'yearly_question'
    const spent = await changeAccount<Spent>(world, call, at.id, (account, now) => {
      const may = permit(account, session, 'full', now, limits)
      if (may.kind !== 'permitted') return { ending: may }
      const spend = spendKeyTry(account, { caller: callerOn(account), for: use }, now, limits)
      if (spend.kind === 'too_soon') return { ending: { kind: 'key_too_soon', retryAt: spend.retryAt, now } }
      return { ending: { kind: 'look', verifier: spend.verifier }, change: spend }
    })
    if (spent.kind !== 'look') return spent
    const { verifier } = spent
    const right = keyIsRight(world, at.id, verifier, command.typed)
    return changeAccount<KeyAtHandEnding>(world, settling(call), at.id, (account, now) => {
      const caller = callerOn(account)
      const change = right && verifier ? keyAtHand(account, { session, caller, verifier }, now, limits) : undefined
      if (change !== undefined) return { ending: { kind: 'at_hand', account: change.next, now }, change }
      return { ending: { kind: 'wrong_key' }, change: keyWasWrong(account, { caller, for: use }) }
    })
  })
