// Sends a code to a device that is to be trusted, while two-step verification is turned on and after.
//
//     decide, on what was read ──would be sent──▶ leave ──▶ count it for the number ──commit──▶ decide ──commit──▶ sent
//
// Each account has its own budget for numbers it does not trust yet. The one that is counted here is the number's, for all
// of them together: else whoever makes a hundred accounts could have a stranger's phone ring five hundred times a day. A
// number that somebody trusts has budgets of its own in their account, and is not held up by it.

import type { Account } from '#core/account/account.ts'
import type { Origin } from '#core/account/caller.ts'
import type { SendCodeEnding, Slot } from '#core/account/challenge.ts'
import { quietly } from '#core/account/change.ts'
import type { DeviceDraft } from '#core/account/trusted-device.ts'
import type { Instant } from '#core/kernel/instant.ts'
import { opensAt, take } from '#core/throttle/moving-window.ts'
import type { Call, World } from '../world.ts'
import { type AtSession, accountNow, changeAccount } from './account.ts'
import { type CodeSending, changeAndSend, sendStep } from './code-sending.ts'
import { newCode } from './codes.ts'
import { type AskedDevice, type DeviceCredentials, draftOf, type NoDevice } from './new-device.ts'
import { nobodyOf } from './nobody.ts'

export type AddDevice = { readonly device: AskedDevice; readonly from: Origin }

type NotSent = Exclude<CodeSending, { readonly kind: 'sent' }>

/** A device that a code is on its way to. */
export type DeviceAsked = Extract<CodeSending, { readonly kind: 'sent' }> & {
  readonly device: string
  /** Of a device that gets notifications: handed out once. */
  readonly credentials: DeviceCredentials | undefined
}

/** What asking for a code to a new device comes to, where the core may end with `E` as well. */
export type DraftCodeEnding<E> =
  | DeviceAsked
  | NotSent
  | (Exclude<E, SendCodeEnding> & { readonly now: Instant })
  | NoDevice

export type DraftDecision<E> = {
  readonly slot: (account: Account) => Slot
  readonly decide: (
    account: Account,
    send: {
      readonly session: string
      readonly draft: DeviceDraft
      readonly verifier: string
      readonly from: Origin
    },
    now: Instant,
  ) => E | SendCodeEnding
}

/** Two commits for a number beside that of its leave, one for any other device, and none for what is refused. */
export async function sendDraftCode<E extends { readonly kind: string }>(
  world: World,
  call: Call,
  at: AtSession,
  { device, from }: AddDevice,
  { slot, decide }: DraftDecision<E>,
): Promise<DraftCodeEnding<E>> {
  const made = draftOf(world, at.id, device)
  if (made.kind !== 'draft') return made
  const { draft, credentials } = made
  const send = { session: at.session.id, draft, from }
  // Who is refused anyway counts nothing.
  const full = draft.kind === 'number' ? await fullFor(world, draft.number) : undefined
  const wouldBe = full === undefined ? undefined : decide(at.account, { ...send, verifier: '' }, at.now)
  if (full !== undefined && wouldBe?.kind === 'sent') return full
  const ending = await changeAndSend<CodeSending | (Exclude<E, SendCodeEnding> & { readonly now: Instant })>(
    world,
    call,
    at.id,
    (account, now) => {
      const code = newCode(world, account, slot(account), draft)
      return sendStep<E | SendCodeEnding>(world, decide(account, { ...send, verifier: code.verifier }, now), code, now)
    },
    async () => (draft.kind === 'number' ? countForNumber(world, call, draft.number) : undefined),
  )
  if (ending.kind !== 'sent') return ending as DraftCodeEnding<E>
  return { ...(ending as Extract<CodeSending, { readonly kind: 'sent' }>), device: draft.id, credentials }
}

/** Looked at first, so that who goes on asking writes nothing. */
async function fullFor(world: World, number: string): Promise<NotSent | undefined> {
  const { account, now } = await accountNow(world, nobodyOf(world, 'new-number', number))
  const opens = opensAt(account.addressMails, now, world.limits.account.newNumber)
  return opens > now ? { kind: 'too_many_codes', retryAt: opens, now } : undefined
}

const countForNumber = (world: World, call: Call, number: string): Promise<NotSent | undefined> =>
  changeAccount<NotSent | undefined>(world, call, nobodyOf(world, 'new-number', number), (counter, now) => {
    const taken = take(counter.addressMails, now, world.limits.account.newNumber)
    if (taken.kind === 'full') return { ending: { kind: 'too_many_codes', retryAt: taken.until, now } }
    return { ending: undefined, change: quietly({ ...counter, addressMails: taken.next }) }
  })
