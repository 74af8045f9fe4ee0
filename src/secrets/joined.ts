// One way to make bytes of several values, such that no two lists of values give the same bytes.
//
//   for each part:  length in bytes (32 bits, big-endian) │ the bytes (text as UTF-8)
//
// Plain concatenation would let one value reach into the next: ("ab", "c") and ("a", "bc") would share a MAC, and what
// was proved for one subject would pass for another.

import { assert } from '#core/kernel/outcome.ts'

type Part = string | Uint8Array

/** The parts in one byte string, each behind its length. Text must be well-formed (no lone surrogates). */
export function joined(...parts: readonly Part[]): Uint8Array {
  // Not from Node's shared pool: parts are secrets, and the pool hands its memory on.
  const out = Buffer.alloc(sizeOf(parts))
  join(parts, out)
  return out
}

const bench = Buffer.alloc(8_192)
let benchIsTaken = false

/**
 * Hands the joined parts to `use`, which must be done with them when it returns: they lie in memory that is wiped and used
 * again. For what every request does many times: the collector stops the program for longer the more buffers it has made.
 */
export function useJoined<T>(use: (bytes: Uint8Array) => T, ...parts: readonly Part[]): T {
  const size = sizeOf(parts)
  if (benchIsTaken || size > bench.length) return use(joined(...parts))
  benchIsTaken = true
  try {
    join(parts, bench)
    return use(bench.subarray(0, size))
  } finally {
    bench.fill(0, 0, size)
    benchIsTaken = false
  }
}

function sizeOf(parts: readonly Part[]): number {
  let size = 0
  for (const part of parts) {
    // UTF-8 folds every lone surrogate into one sign, so two different texts would become one.
    assert(typeof part !== 'string' || part.isWellFormed(), 'text that is joined is well-formed Unicode')
    size += 4 + Buffer.byteLength(part)
  }
  return size
}

function join(parts: readonly Part[], out: Buffer): void {
  let at = 0
  for (const part of parts) {
    const length = typeof part === 'string' ? out.write(part, at + 4, 'utf8') : part.length
    if (typeof part !== 'string') out.set(part, at + 4)
    out.writeUInt32BE(length, at)
    at += 4 + length
  }
}

/**
 * One text that names what a value belongs to: `binding('number', id)`. Each part stands behind its length, so no other
 * list of parts gives the same text.
 */
export const binding = (...parts: readonly string[]): string => parts.map(part => `${part.length}:${part}`).join('')
