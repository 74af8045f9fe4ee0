// One way to make bytes of several values, such that no two lists of values give the same bytes.
//
//   for each part:  length in bytes (32 bits, big-endian) │ the bytes (text as UTF-8)
//
// Plain concatenation would let one value reach into the next: ("ab", "c") and ("a", "bc") would share a MAC, and what
// was proved for one subject would pass for another.

import { assert } from '#core/kernel/outcome.ts'

/** The parts in one byte string, each behind its length. Text must be well-formed (no lone surrogates). */
export function joined(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  let size = 0
  for (const part of parts) {
    // UTF-8 folds every lone surrogate into one sign, so two different texts would become one.
    assert(typeof part !== 'string' || part.isWellFormed(), 'text that is joined is well-formed Unicode')
    size += 4 + Buffer.byteLength(part)
  }
  // Not from Node's shared pool: parts are secrets, and the pool hands its memory on.
  const out = Buffer.alloc(size)
  let at = 0
  for (const part of parts) {
    const length = typeof part === 'string' ? out.write(part, at + 4, 'utf8') : part.length
    if (typeof part !== 'string') out.set(part, at + 4)
    out.writeUInt32BE(length, at)
    at += 4 + length
  }
  return out
}

/**
 * One text that names what a value belongs to: `binding('number', id)`. Each part stands behind its length, so no other
 * list of parts gives the same text.
 */
export const binding = (...parts: readonly string[]): string => parts.map(part => `${part.length}:${part}`).join('')
