// Sends an ownership code to a number, by SMS or voice, for one claim.

import { after, type Instant, later } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import { type CodeMethod, sendCode } from '#core/registration-lock/ownership-code.ts'
import { type ClaimId, claimOf, type PhoneNumber } from '#core/registration-lock/phone-number.ts'
import { ownershipCodeCall, ownershipCodeText } from '#delivery/messages/ownership-code.ts'
import { asOfNow, changeNumber, type NumberStep } from './number.ts'
import { watched } from './runner.ts'
import { type NoLeave, withLeave } from './sending/leave.ts'
import { type Call, Overdue, type World } from './world.ts'

export type RequestCode = {
  readonly number: string
  readonly claim: ClaimId
  readonly method: CodeMethod
  /** As the caller wrote it: `en_US`, `pt_BR`, `hi`. Unknown ones are read in English. */
  readonly language: string
  /** Names this wish: sent twice with the same mark, one code goes out. */
  readonly mark?: string | undefined
}

export type RequestCodeEnding =
  | { readonly kind: 'sent' }
  | { readonly kind: 'too_many_codes'; readonly retryAt: Instant; readonly now: Instant }
  | NoLeave

/**
 * Two commits: the code is counted for its prefix, then its verifier and the message that carries it. A refused request
 * writes nothing.
 */
export const requestCode = (world: World, call: Call, command: RequestCode): Promise<RequestCodeEnding> =>
  watched(world, 'request_code', async () => {
    const send = codeSender(world, command)
    const decide = (number: PhoneNumber, now: Instant): NumberStep<RequestCodeEnding> => {
      const claim = claimOf(number, command.claim)
      // Deleted since it was looked up: who asks again is told that there is no such number.
      if (claim === undefined) throw new Overdue('the claim went while this call waited')
      if (command.mark !== undefined && claim.request?.mark === command.mark) return { ending: { kind: 'sent' } }
      return send(number, now)
    }
    const { records } = world
    const found = records.recall('number', command.number) ?? (await records.load('number', command.number))
    assert(found !== undefined, 'a number that was looked up is there')
    const now = later(world.clock.now(), found.document.seen)
    return withLeave<RequestCodeEnding, NumberStep<RequestCodeEnding>>(
      world,
      call,
      decide(asOfNow(world, found.document), now),
      step => changeNumber<RequestCodeEnding>(world, call, command.number, (number, now) => step(decide(number, now))),
    )
  })

/** Makes a code, and the decision that sends it to a number on which the claim stands. */
export function codeSender(world: World, command: RequestCode) {
  const { limits, policy, secrets } = world
  const { claim, method, mark } = command
  const code = secrets.newCode(limits.ownershipCode.digits)
  const verifier = secrets.makeCodeVerifier(codePurpose(command), code)
  const text = ownershipCodeText({
    channel: method,
    language: command.language,
    code: code.reveal(),
    product: policy.product,
    ...(policy.origin === undefined ? {} : { origin: policy.origin }),
  })
  const { language } = command
  const call = method === 'voice' ? { call: ownershipCodeCall({ language, product: policy.product }) } : {}
  return (number: PhoneNumber, now: Instant): NumberStep<RequestCodeEnding> => {
    const sent = sendCode(number, { claim, method, verifier, language, mark }, now, limits)
    if (sent.kind === 'too_many_codes') return { ending: { ...sent, now } }
    const proves = { claim, sentAt: now }
    const message = { channel: method, to: number.number, text, code: code.reveal(), proves, ...call }
    const expires = after(now, limits.ownershipCode.life)
    return { ending: { kind: 'sent' }, change: sent, messages: [{ message, due: now, expires }] }
  }
}

/** Binds a code to the number and the claim it was sent for, so that a foreign one never matches. */
export const codePurpose = (on: { readonly number: string; readonly claim: ClaimId }): string =>
  `ownership/${on.number}/${on.claim}`
