// Base64 with one spelling per value.
//
// Node's decoder skips what it does not know and ignores spare bits, so many texts decode to the same bytes. A record
// that can be respelled is a record whose copies do not compare equal: everything stored is read strictly.

const strict = (text: string, length: number, encoding: 'base64' | 'base64url'): Uint8Array | undefined => {
  const bytes = Buffer.from(text, encoding)
  return bytes.length === length && bytes.toString(encoding) === text ? new Uint8Array(bytes) : undefined
}

/** The `length` bytes that `text` spells in padded base64 (RFC 4648 §4), or `undefined` when it is not their one spelling. */
export const strictBase64 = (text: string, length: number): Uint8Array | undefined => strict(text, length, 'base64')

/** The same for base64url without padding (RFC 4648 §5). */
export const strictBase64url = (text: string, length: number): Uint8Array | undefined =>
  strict(text, length, 'base64url')

/** Bytes in base64url without padding. */
export const toBase64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
