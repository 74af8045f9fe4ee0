// Tokens: long secrets that carry the id of the subject they belong to, so that checking one is one read.
//
//   <prefix><base62 of:  id length (1 byte) │ id (ASCII) │ secret (32 random bytes) │ checksum (4 bytes)>
//
//   checksum = CRC-32 (ISO-HDLC, as in zlib) of prefix, id length, id and secret, big-endian
//   base62   = the bytes as one big-endian number in digits 0-9 A-Z a-z; the first byte is never 0, so neither is a digit
//   verifier = twostep-token$1$<base64url of SHA-256(joined('twostep/1/token', secret))>
//
// The checksum is no defence: anyone can compute it. It lets garbage, cut and mistyped tokens be refused without a
// database read, and lets a scanner that finds a token in someone's repository know it for one.
// Stored is a plain SHA-256. Slow or keyed hashes protect secrets that can be guessed; nobody guesses 256 random bits,
// and every request pays for the check (NIST SP 800-63B-4 §3.1.2.2 draws the line at 112 bits).

import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { assert } from '#core/kernel/outcome.ts'
import type { Dice } from './dice.ts'
import { equalBytes } from './equal.ts'
import { base62 } from './generate.ts'
import { useJoined } from './joined.ts'
import { MalformedRecord } from './malformed-record.ts'
import { Secret } from './secret.ts'
import { strictBase64url, toBase64url } from './strict-bytes.ts'

/** A new token, shown once, and what is stored of it. */
export type NewToken = { readonly token: Secret; readonly verifier: string }

/** A token as presented, read but not yet checked. `secret` is for {@link tokenMatches}. */
export type PresentedToken = { readonly subjectId: string; readonly secret: Secret }

const secretBytes = 32
const checksumBytes = 4
const longestId = 20
const idShape = /^[0-9A-Za-z-]{1,20}$/
const prefixShape = /^[0-9A-Za-z_]{1,16}$/
const mostBytes = 1 + longestId + secretBytes + checksumBytes
const mostDigits = Math.ceil((mostBytes * 8) / Math.log2(62))

// Eight digits at a time stay exact in a double and spare most of the big-number arithmetic.
const chunkDigits = 8
const chunk = 62n ** BigInt(chunkDigits)
const digitValues: ReadonlyMap<string, number> = new Map([...base62].map((digit, value) => [digit, value]))

function toBase62(bytes: Uint8Array): string {
  let number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  while (number > 0n) {
    let piece = Number(number % chunk)
    number /= chunk
    for (let digit = 0; digit < chunkDigits && (number > 0n || piece > 0); digit++) {
      text = base62.charAt(piece % 62) + text
      piece = Math.floor(piece / 62)
    }
  }
  return text
}

function fromBase62(text: string): Uint8Array | undefined {
  if (text.length === 0 || text.length > mostDigits || text.startsWith('0')) return undefined
  let number = 0n
  for (let at = 0; at < text.length; at += chunkDigits) {
    const digits = text.slice(at, at + chunkDigits)
    let piece = 0
    for (const digit of digits) {
      const value = digitValues.get(digit)
      if (value === undefined) return undefined
      piece = piece * 62 + value
    }
    number = number * (digits.length === chunkDigits ? chunk : 62n ** BigInt(digits.length)) + BigInt(piece)
  }
  const hex = number.toString(16)
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
}

const checksumOf = (prefix: string, payload: Uint8Array): number => crc32(payload, crc32(prefix))

const verifierOf = (secret: Uint8Array): Uint8Array =>
  useJoined(bytes => hash('sha256', bytes, 'buffer'), 'twostep/1/token', secret)

/**
 * Makes a token for a subject. `prefix`: 1 to 16 of 0-9 A-Z a-z _, as in `EAA` or `twk_`; it says what the token is for.
 * `subjectId`: 1 to 20 of 0-9 A-Z a-z -; whoever holds the token can read it. At most 93 symbols. Takes 32 bytes of dice.
 */
export function makeToken(dice: Dice, prefix: string, subjectId: string): NewToken {
  assert(prefixShape.test(prefix), 'a token prefix is 1 to 16 of 0-9 A-Z a-z _')
  assert(idShape.test(subjectId), 'the subject id of a token is 1 to 20 of 0-9 A-Z a-z -')
  const secret = dice.bytes(secretBytes)
  const bytes = Buffer.alloc(1 + subjectId.length + secretBytes + checksumBytes)
  bytes.writeUInt8(subjectId.length)
  bytes.write(subjectId, 1, 'ascii')
  bytes.set(secret, 1 + subjectId.length)
  const checksumAt = bytes.length - checksumBytes
  bytes.writeUInt32BE(checksumOf(prefix, bytes.subarray(0, checksumAt)), checksumAt)
  return {
    token: Secret.of(prefix + toBase62(bytes)),
    verifier: `twostep-token$1$${toBase64url(verifierOf(secret))}`,
  }
}

/**
 * Reads a token as presented, or answers `undefined` when it is none of that prefix: no database needs to be asked. What
 * it answers is a claim; only {@link tokenMatches} with the subject's stored verifier makes it true.
 */
export function readToken(prefix: string, text: string): PresentedToken | undefined {
  if (!text.startsWith(prefix)) return undefined
  const read = fromBase62(text.slice(prefix.length))
  if (read === undefined) return undefined
  const bytes = Buffer.from(read)
  const idLength = bytes[0] ?? 0
  const checksumAt = bytes.length - checksumBytes
  if (bytes.length !== 1 + idLength + secretBytes + checksumBytes) return undefined
  if (bytes.readUInt32BE(checksumAt) !== checksumOf(prefix, bytes.subarray(0, checksumAt))) return undefined
  const subjectId = bytes.toString('latin1', 1, 1 + idLength)
  if (!idShape.test(subjectId)) return undefined
  return { subjectId, secret: Secret.of(toBase64url(bytes.subarray(1 + idLength, checksumAt))) }
}

/** Whether a presented secret is the one that `verifier` was made of; constant time. Throws {@link MalformedRecord}. */
export function tokenMatches(verifier: string, secret: Secret): boolean {
  const [, text = ''] = /^twostep-token\$1\$([\w-]{43})$/.exec(verifier) ?? []
  const stored = strictBase64url(text, secretBytes)
  if (stored === undefined) throw new MalformedRecord('token verifier', 'it does not have the shape of one')
  const presented = strictBase64url(secret.reveal(), secretBytes)
  return presented !== undefined && equalBytes(stored, verifierOf(presented))
}
