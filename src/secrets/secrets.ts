// All that the verbs may ask of this folder, with the key ring and the dice already in it. `World` carries one.

import { appPassword } from './app-password.ts'
import * as blindIndex from './blind-index.ts'
import type { Dice } from './dice.ts'
import * as eventKey from './event-key.ts'
import { alphanumeric, digits, hexId, numericId } from './generate.ts'
import type { HashingQueue } from './hashing-queue.ts'
import type { KeyRing } from './key-ring.ts'
import * as oneTimeCode from './one-time-code.ts'
import * as pinVerifier from './pin-verifier.ts'
import { recoveryKey } from './recovery-key.ts'
import * as sealedBox from './sealed-box.ts'
import { Secret } from './secret.ts'
import * as signature from './signature.ts'
import * as token from './token.ts'
import * as vapid from './vapid.ts'

/** Which keys are in use: the one that seals, and those that index (it first). */
export type KeyIds = { readonly active: string; readonly indexing: readonly string[] }

/** The bound forms of this folder's functions; each file says what its own promise. */
export type Secrets = {
  /** Seals under the active key. `binding` names what it is and whose: `binding(kind, id)`. */
  seal(binding: string, text: string): sealedBox.SealedBox
  /** Throws `Unopenable`; throws `KeyRingUnusable` when the key is unknown. */
  open(binding: string, box: sealedBox.SealedBox): string
  /** What a subject's events are sealed with beside the ring, to be forgotten one day. */
  newEventKey(): string
  sealEvent(key: string, binding: string, text: string): string
  /** Throws `Unopenable`. */
  openEvent(key: string, binding: string, sealed: string): string
  /** The blind indexes of a value, one for each key that indexes, the active key's first. */
  handles(purpose: string, value: string): readonly blindIndex.BlindIndex[]

  /** Hashing, milliseconds of a core: only inside a ticket of {@link Secrets.hashing}. */
  makePinVerifier(pin: Secret, owner: string): Promise<string>
  /** Hashing, as above. Spend the guess first. Throws `MalformedRecord`. */
  checkPin(verifier: string, owner: string, pin: Secret): Promise<boolean>
  /** Whether to make the verifier anew now that the PIN was entered right. */
  pinVerifierIsOld(verifier: string): boolean
  /** Reserve a place here before a guess is spent. */
  readonly hashing: HashingQueue

  makeCodeVerifier(purpose: string, code: Secret): string
  /** Spend the guess first. Throws `MalformedRecord`. */
  checkCode(verifier: string, purpose: string, code: Secret): boolean

  makeToken(prefix: string, subjectId: string): token.NewToken
  readToken(prefix: string, text: string): token.PresentedToken | undefined
  tokenMatches(verifier: string, secret: Secret): boolean

  sign(purpose: string, message: Uint8Array): signature.Signature
  verify(purpose: string, message: Uint8Array, signature: signature.Signature): boolean
  publicKeys(): readonly signature.PublicKey[]

  /** What push services know this server by: the pair of one key of the ring, of the active one unless told. */
  vapidKeys(keyId?: string): vapid.VapidKeys
  /** The ring's key whose pair has this public key; `undefined` when none has. */
  vapidKeyOf(publicKey: string): string | undefined

  /** A one-time code of `count` digits. */
  newCode(count: number): Secret
  /** Fifteen digits, the first not 0. */
  newNumericId(): string
  /** 128 bits in hex. */
  newHexId(): string
  /** `count` symbols 0-9 A-Z a-z. */
  newAlphanumeric(count: number): Secret
  newRecoveryKey(): Secret
  newAppPassword(): Secret

  keyIds(): KeyIds
  readonly ring: KeyRing
}

/** What the secrets are made of. `pinParameters` is the cost of new PIN verifiers; old ones keep theirs. */
export type SecretsParts = {
  readonly ring: KeyRing
  readonly dice: Dice
  readonly pinParameters: pinVerifier.PinParameters
  readonly hashing: HashingQueue
}

export function createSecrets({ ring, dice, pinParameters, hashing }: SecretsParts): Secrets {
  return {
    seal: (binding, text) => sealedBox.seal(ring, dice, binding, text),
    open: (binding, box) => sealedBox.open(ring, binding, box),
    newEventKey: () => eventKey.newEventKey(dice),
    sealEvent: (key, binding, text) => eventKey.sealEvent(dice, key, binding, text),
    openEvent: eventKey.openEvent,
    handles: (purpose, value) => blindIndex.handles(ring, purpose, value),

    makePinVerifier: (pin, owner) => pinVerifier.makePinVerifier(ring, dice, pinParameters, owner, pin),
    checkPin: (verifier, owner, pin) => pinVerifier.checkPin(ring, verifier, owner, pin),
    pinVerifierIsOld: verifier => pinVerifier.pinVerifierIsOld(ring, verifier, pinParameters),
    hashing,

    makeCodeVerifier: (purpose, code) => oneTimeCode.makeCodeVerifier(ring, dice, purpose, code),
    checkCode: (verifier, purpose, code) => oneTimeCode.checkCode(ring, verifier, purpose, code),

    makeToken: (prefix, subjectId) => token.makeToken(dice, prefix, subjectId),
    readToken: token.readToken,
    tokenMatches: token.tokenMatches,

    sign: (purpose, message) => signature.sign(ring, purpose, message),
    verify: (purpose, message, signed) => signature.verify(ring, purpose, message, signed),
    publicKeys: () => signature.publicKeys(ring),

    vapidKeys: keyId => vapid.vapidKeys(keyId === undefined ? ring.active() : ring.key(keyId)),
    vapidKeyOf: publicKey => vapid.vapidKeyOf(ring, publicKey),

    newCode: count => Secret.of(digits(dice, count)),
    newNumericId: () => numericId(dice),
    newHexId: () => hexId(dice),
    newAlphanumeric: count => Secret.of(alphanumeric(dice, count)),
    newRecoveryKey: () => recoveryKey(dice),
    newAppPassword: () => appPassword(dice),

    keyIds: () => ({ active: ring.active().id, indexing: ring.indexing().map(key => key.id) }),
    ring,
  }
}
