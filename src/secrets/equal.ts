// Comparisons whose time tells nothing about where two values part.

import { hash, timingSafeEqual } from 'node:crypto'

/**
 * Whether two byte strings are equal, in time that depends on their lengths only. For digests and MACs, whose length is
 * public; for a secret whose length is secret too, take {@link equalText}.
 */
export const equalBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other)

// UTF-16 keeps every text apart from every other; UTF-8 would fold all broken surrogates into one replacement sign.
const digest = (text: string): Uint8Array => hash('sha256', Buffer.from(text, 'utf16le'), 'buffer')

/**
 * Whether two texts are equal. Both are hashed first, so time tells neither where they part nor whether their lengths
 * agree; it grows with the length of what was entered, which the caller knows anyway.
 */
export const equalText = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other))
