// Registering the installation's phone number.
//
//   POST account ──▶ this business holds it ─────────────────────────────▶ registered already
//        │           proved before ──▶ the PIN is met now ───────────────▶ registered, or refused
//        └─────────▶ not proved ──▶ a code goes out; the PIN waits, sealed ──▶ code right ──▶ the PIN is met then
//
// On this wire the PIN comes with the request for the code, before the caller has proved the number. It is not looked at
// then: a stranger would spend the owner's guesses, learn that a lock is set, and make mails go out. So the answer to a
// request for a code is the same with a right PIN, a wrong one and none, and the guess is made once the code was right.
// Each step is a commit of its own, and what is left when one is the last is safe: a claim that proves nothing, a code
// that nobody enters, a proof that the next request finds.

import { answered, asked, named } from '#core/on-premises/installation.ts'
import type { CodeMethod } from '#core/registration-lock/ownership-code.ts'
import { type ClaimId, type E164, hasProved, type PhoneNumber } from '#core/registration-lock/phone-number.ts'
import { binding } from '#secrets/joined.ts'
import { Secret } from '#secrets/secret.ts'
import { addNumber } from '../add-number.ts'
import { numberOfClaim } from '../number.ts'
import { type RegisterNumberEnding, registerNumber } from '../register-number.ts'
import { type RequestCodeEnding, requestCode } from '../request-code.ts'
import { watched } from '../runner.ts'
import { type VerifyCodeEnding, verifyCode } from '../verify-code.ts'
import { type Call, Overdue, settling, type World } from '../world.ts'
import { changeInstallation, installationOf } from './installation.ts'

export type RegisterAccount = {
  readonly business: string
  readonly number: E164
  readonly verifiedName: string
  readonly method: CodeMethod
  readonly pin: Secret | undefined
}

export type RegisterAccountEnding = { readonly kind: 'registered_already' } | RequestCodeEnding | RegisterNumberEnding

export const registerAccount = (world: World, call: Call, command: RegisterAccount): Promise<RegisterAccountEnding> =>
  watched(world, 'on_premises_register_account', async () => {
    const { business, number, verifiedName, method, pin } = command
    const { claim } = await addNumber(world, call, { business, number, verifiedName })
    const subject = await numberOfClaim(world, business, claim)
    // Pushed out again by a flood of other claims: who asks again is listed anew.
    if (subject === undefined) throw new Overdue('the claim went while this call waited')
    const target = { number: subject.id, claim }
    if (subject.document.holder?.claim === claim) {
      await nameNumber(world, call, business, claim)
      return { kind: 'registered_already' }
    }
    if (hasProved(subject.document, claim)) {
      const met = await registerNumber(world, call, { ...target, pin })
      if (met.kind === 'registered') await nameNumber(world, call, business, claim)
      // The proof ended a moment ago: it takes a code, like any other.
      if (met.kind !== 'not_proved') return met
    }
    const sent = await requestCode(world, call, { ...target, method, language: 'en' })
    if (sent.kind !== 'sent') return sent
    await changeInstallation(world, settling(call), business, (installation, now) => ({
      ending: 'asked',
      change: {
        next: asked(installation, { claim, pin: sealedPin(world, business, claim, pin) }, now, world.limits),
        events: [{ kind: 'account.asked', claim }],
      },
    }))
    return sent
  })

export type VerifyAccountEnding = Exclude<VerifyCodeEnding, { kind: 'proved' }> | RegisterNumberEnding

/** `code` undefined: a guess was meant, and what came cannot be a code. It pays like a wrong one. */
export const verifyAccount = (
  world: World,
  call: Call,
  command: { readonly business: string; readonly code: Secret | undefined },
): Promise<VerifyAccountEnding> =>
  watched(world, 'on_premises_verify_account', async () => {
    const { business, code } = command
    const waits = (await installationOf(world, business))?.asked
    const subject = waits && (await numberOfClaim(world, business, waits.claim))
    if (waits === undefined || subject === undefined) return { kind: 'wrong_code' }
    const { claim } = waits
    const target = { number: subject.id, claim }
    const checked = await verifyCode(world, call, { ...target, code })
    if (checked.kind !== 'proved') return checked
    const ending = await registerNumber(world, call, { ...target, pin: openedPin(world, business, claim, waits.pin) })
    if (ending.kind === 'registered') await nameNumber(world, call, business, claim)
    else {
      await changeInstallation(world, settling(call), business, installation => ({
        ending: 'dropped',
        change: { next: answered(installation, claim), events: [{ kind: 'account.dropped', claim }] },
      }))
    }
    return ending
  })

export type ShardAccountEnding = { readonly kind: 'no_number' | 'other_number' } | RegisterNumberEnding

/** Registers the number anew for another count of shards. As with every registration, the lock asks for the PIN. */
export const shardAccount = (
  world: World,
  call: Call,
  command: {
    readonly business: string
    readonly number: E164
    readonly shards: number
    readonly pin: Secret | undefined
  },
): Promise<ShardAccountEnding> =>
  watched(world, 'on_premises_shard_account', async () => {
    const { business, number, shards, pin } = command
    const own = await numberOfInstallation(world, business)
    if (own === undefined || !own.registered) return { kind: 'no_number' }
    if (own.document.number !== number) return { kind: 'other_number' }
    const ending = await registerNumber(world, call, { number: own.number, claim: own.claim, pin })
    if (ending.kind !== 'registered') return ending
    await changeInstallation(world, settling(call), business, installation => ({
      ending: 'sharded',
      change: { next: { ...installation, shards }, events: [{ kind: 'account.sharded', shards }] },
    }))
    return ending
  })

/** The number that an installation registered. `registered`: it holds it at this moment. */
export type OwnNumber = {
  readonly number: string
  readonly claim: ClaimId
  readonly document: PhoneNumber
  readonly registered: boolean
}

/** The installation's number; `undefined` before it has one, and when its listing was deleted at another door. */
export async function numberOfInstallation(world: World, business: string): Promise<OwnNumber | undefined> {
  const claim = (await installationOf(world, business))?.number
  const subject = claim === undefined ? undefined : await numberOfClaim(world, business, claim)
  if (claim === undefined || subject === undefined) return undefined
  const { document } = subject
  return { number: subject.id, claim, document, registered: document.holder?.claim === claim }
}

/** The registration is durable already; that the installation knows of it must not hang on who waits. */
async function nameNumber(world: World, call: Call, business: string, claim: ClaimId): Promise<void> {
  await changeInstallation(world, settling(call), business, installation => {
    if (installation.number === claim && installation.asked?.claim !== claim) return { ending: 'named' }
    const next = named(installation, claim)
    return { ending: 'named', change: { next, events: [{ kind: 'account.named', claim }] } }
  })
}

// Sealed once more inside the sealed document: whatever shows a document by mistake shows no PIN.
const pinBinding = (business: string, claim: ClaimId): string => binding('on-premises-pin', business, claim)

function sealedPin(world: World, business: string, claim: ClaimId, pin: Secret | undefined): string | undefined {
  if (pin === undefined) return undefined
  const { keyId, body } = world.secrets.seal(pinBinding(business, claim), pin.reveal())
  return `${keyId}$${Buffer.from(body).toString('base64url')}`
}

function openedPin(world: World, business: string, claim: ClaimId, sealed: string | undefined): Secret | undefined {
  if (sealed === undefined) return undefined
  const [keyId = '', body = ''] = sealed.split('$')
  const opened = world.secrets.open(pinBinding(business, claim), { keyId, body: Buffer.from(body, 'base64url') })
  return Secret.of(opened)
}
