// The PIN verifier: what is stored of a PIN.
//
//   twostep-pin$1$<key id>$m=19456,t=2,p=1$<salt>$<hash>            salt (16 bytes) and hash (32) in base64url
//
//   hash = argon2id(HMAC-SHA256(pepper key, joined('twostep/1/pin', owner, PIN)), salt, m, t, p)     RFC 9106, version 0x13
//
// Six digits are a million guesses: minutes for any hash alone, however slow. The pepper makes a stolen database useless
// without the key ring (NIST SP 800-63B-4 §3.1.1.2, the additional keyed iteration); argon2id makes one guess cost
// something to whoever stole both. The owner is hashed in, so a verifier copied from one subject to another fails.

import { createHmac } from 'node:crypto'
import { hashRaw } from '@node-rs/argon2'
import { assert } from '#core/kernel/outcome.ts'
import type { Dice } from './dice.ts'
import { equalBytes } from './equal.ts'
import { useJoined } from './joined.ts'
import type { KeyRing, RingKey } from './key-ring.ts'
import { MalformedRecord } from './malformed-record.ts'
import type { Secret } from './secret.ts'
import { strictBase64url, toBase64url } from './strict-bytes.ts'

/** The cost of argon2id: memory in KiB (`m`), passes over it (`t`), lanes (`p`). */
export type PinParameters = { readonly memoryKiB: number; readonly passes: number; readonly lanes: number }

/** OWASP's password storage cheat sheet, argon2id: 19 MiB, 2 passes, 1 lane. */
export const owaspPinParameters: PinParameters = { memoryKiB: 19456, passes: 2, lanes: 1 }

// The same page's other choices: less memory, more passes.
const owaspChoices: readonly Pick<PinParameters, 'memoryKiB' | 'passes'>[] = [
  { memoryKiB: 47_104, passes: 1 },
  owaspPinParameters,
  { memoryKiB: 12_288, passes: 3 },
  { memoryKiB: 9_216, passes: 4 },
  { memoryKiB: 7_168, passes: 5 },
]

/** Whether a verifier of this cost is worth at least one of the choices of OWASP's password storage cheat sheet. */
export const meetsOwasp = (cost: PinParameters): boolean =>
  owaspChoices.some(({ memoryKiB, passes }) => cost.memoryKiB >= memoryKiB && cost.passes >= passes)

/** Reads a cost as verifiers write it, `m=19456,t=2,p=1`; `undefined` for another shape, or out of bounds. */
export function readPinParameters(text: string): PinParameters | undefined {
  const [, memory, passes, lanes] = /^m=([1-9]\d{0,5}),t=([1-9]\d?),p=([1-9])$/.exec(text) ?? []
  const cost = { memoryKiB: Number(memory), passes: Number(passes), lanes: Number(lanes) }
  return lanes !== undefined && withinBounds(cost) ? cost : undefined
}

// argon2's own floor is 8 KiB a lane. The ceilings keep a damaged or planted record from asking for the whole machine.
const bounds = { memoryKiB: 262_144, passes: 16, lanes: 4 } as const
const saltBytes = 16
const hashBytes = 32

const record = 'PIN verifier'
const shape = /^twostep-pin\$1\$([0-9a-z]{1,16})\$m=([1-9]\d{0,5}),t=([1-9]\d?),p=([1-9])\$([\w-]{22})\$([\w-]{43})$/

const withinBounds = ({ memoryKiB, passes, lanes }: PinParameters): boolean =>
  memoryKiB >= 8 * lanes && memoryKiB <= bounds.memoryKiB && passes <= bounds.passes && lanes <= bounds.lanes

type Read = {
  readonly keyId: string
  readonly parameters: PinParameters
  readonly salt: Uint8Array
  readonly hash: Uint8Array
}

function read(verifier: string): Read {
  const [, keyId = '', memory, passes, lanes, saltText = '', hashText = ''] = shape.exec(verifier) ?? []
  const salt = strictBase64url(saltText, saltBytes)
  const hash = strictBase64url(hashText, hashBytes)
  if (salt === undefined || hash === undefined) throw new MalformedRecord(record, 'it does not have the shape of one')
  const parameters = { memoryKiB: Number(memory), passes: Number(passes), lanes: Number(lanes) }
  if (!withinBounds(parameters)) throw new MalformedRecord(record, 'its parameters are out of bounds')
  return { keyId, parameters, salt, hash }
}

/** argon2id on the thread pool: milliseconds of a core and `memoryKiB` of memory, so never without a place in the queue. */
function stretch(key: RingKey, owner: string, pin: Secret, salt: Uint8Array, cost: PinParameters): Promise<Uint8Array> {
  const peppering = createHmac('sha256', key.pepper)
  useJoined(bytes => peppering.update(bytes), 'twostep/1/pin', owner, pin.reveal())
  return hashRaw(peppering.digest(), {
    algorithm: 2, // argon2id; the package exports its enum to the type checker only
    version: 1, // 0x13
    memoryCost: cost.memoryKiB,
    timeCost: cost.passes,
    parallelism: cost.lanes,
    outputLen: hashBytes,
    salt,
  })
}

/**
 * Makes the verifier of a PIN. `owner` names whose it is, made by `binding(kind, id)`. `parameters` at least argon2's
 * floor (8 KiB a lane) and at most 256 MiB, 16 passes, 4 lanes. Takes 16 bytes of dice.
 */
export async function makePinVerifier(
  ring: KeyRing,
  dice: Dice,
  parameters: PinParameters,
  owner: string,
  pin: Secret,
): Promise<string> {
  const { memoryKiB, passes, lanes } = parameters
  assert(
    [memoryKiB, passes, lanes].every(cost => Number.isInteger(cost) && cost >= 1) && withinBounds(parameters),
    'the parameters of a PIN verifier are within bounds',
  )
  const key = ring.active()
  const salt = dice.bytes(saltBytes)
  const hash = await stretch(key, owner, pin, salt, parameters)
  return `twostep-pin$1$${key.id}$m=${memoryKiB},t=${passes},p=${lanes}$${toBase64url(salt)}$${toBase64url(hash)}`
}

/**
 * Whether `pin` is the one that `verifier` was made of, for the same owner; compared in constant time. Spend the guess
 * first. Throws {@link MalformedRecord}, and `KeyRingUnusable` (`unknown_key`) when the ring lacks its key.
 */
export async function checkPin(ring: KeyRing, verifier: string, owner: string, pin: Secret): Promise<boolean> {
  const { keyId, parameters, salt, hash } = read(verifier)
  const key = ring.key(keyId)
  // What a stranger typed may be no Unicode at all; that is a wrong PIN, not a bug.
  return pin.reveal().isWellFormed() && equalBytes(hash, await stretch(key, owner, pin, salt, parameters))
}

/**
 * Whether a verifier should be made anew the next time its PIN is entered right: by an older key, or cheaper than
 * `parameters` in any respect. Throws {@link MalformedRecord}.
 */
export function pinVerifierIsOld(ring: KeyRing, verifier: string, parameters: PinParameters): boolean {
  const { keyId, parameters: had } = read(verifier)
  return (
    keyId !== ring.active().id ||
    had.memoryKiB < parameters.memoryKiB ||
    had.passes < parameters.passes ||
    had.lanes < parameters.lanes
  )
}
