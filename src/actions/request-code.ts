// Sends an ownership code to a number, by SMS or voice, for one claim.

import { after, type Instant } from '#core/kernel/instant.ts'
import { type CodeMethod, sendCode } from '#core/registration-lock/ownership-code.ts'
import { type ClaimId, claimOf, type E164, type PhoneNumber } from '#core/registration-lock/phone-number.ts'
import { ownershipCodeCall, ownershipCodeText } from '#delivery/messages/ownership-code.ts'
import { parseNumber } from '#numbering/number.ts'
import { changeNumber, type NumberStep } from './number.ts'
import { watched } from './runner.ts'
import { type Call, Overdue, type Policy, type World } from './world.ts'

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
  /** The operator does not send to the number's country. Thieves earn on codes sent to ranges that they own. */
  | { readonly kind: 'country_not_served' }

/** One commit: the code's verifier and the message that carries the code. A refused request writes nothing. */
export const requestCode = (world: World, call: Call, command: RequestCode): Promise<RequestCodeEnding> =>
  watched(world, 'request_code', async () => {
    const send = codeSender(world, command)
    return changeNumber<RequestCodeEnding>(world, call, command.number, (number, now) => {
      const claim = claimOf(number, command.claim)
      // Deleted since it was looked up: who asks again is told that there is no such number.
      if (claim === undefined) throw new Overdue('the claim went while this call waited')
      if (command.mark !== undefined && claim.request?.mark === command.mark) return { ending: { kind: 'sent' } }
      return send(number, now)
    })
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
    if (!servesCountry(policy, number.number)) return { ending: { kind: 'country_not_served' } }
    const sent = sendCode(number, { claim, method, verifier, language, mark }, now, limits)
    if (sent.kind === 'too_many_codes') return { ending: { ...sent, now } }
    const proves = { claim, sentAt: now }
    const message = { channel: method, to: number.number, text, code: code.reveal(), proves, ...call }
    const expires = after(now, limits.ownershipCode.life)
    return { ending: { kind: 'sent' }, change: sent, messages: [{ message, due: now, expires }] }
  }
}

function servesCountry({ homeCountries }: Policy, number: E164): boolean {
  if (homeCountries === 'all') return true
  const parsed = parseNumber(number)
  return parsed.kind === 'number' && homeCountries.includes(parsed.region)
}

/** Binds a code to the number and the claim it was sent for, so that a foreign one never matches. */
export const codePurpose = (on: { readonly number: string; readonly claim: ClaimId }): string =>
  `ownership/${on.number}/${on.claim}`
