// The certificate that a registration brings along: Meta's verified-name certificate, a protocol buffer in base64.
//
//   certificate   field 1: details      details   field 4: the verified name
//
// Only the name is read. The signature is Meta's to check, and nothing here rests on it: who brings a certificate has
// proved nothing, the code proves the number. So where there is none at hand, the name itself in base64 will do.

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The name in a certificate; `undefined` when it is no base64 or holds no name. At most 4096 characters are looked at. */
export function verifiedNameOf(certificate: string): string | undefined {
  const text = certificate.trim()
  if (text.length > 4096 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64')
  const details = fieldOf(bytes, 1)
  const inside = details === undefined ? undefined : fieldOf(details, 4)
  return nameIn(inside ?? bytes)
}

function nameIn(bytes: Uint8Array): string | undefined {
  let name: string
  try {
    name = utf8.decode(bytes).trim()
  } catch {
    return undefined
  }
  const length = [...name].length
  return length < 2 || length > 75 || /\p{Cc}|(?![\u200c\u200d])\p{Cf}/u.test(name) ? undefined : name
}

/** The bytes of a length-delimited field of a protocol buffer; `undefined` when it is none, or has no such field. */
function fieldOf(bytes: Uint8Array, wanted: number): Uint8Array | undefined {
  let found: Uint8Array | undefined
  let at = 0
  while (at < bytes.length) {
    const tag = varint(bytes, at)
    if (tag === undefined) return undefined
    const wire = tag.value % 8
    const value = wire === 5 || wire === 1 ? { value: 0, next: tag.next } : varint(bytes, tag.next)
    if (value === undefined) return undefined
    const fixed = wire === 5 ? 4 : wire === 1 ? 8 : wire === 2 ? value.value : 0
    const end = value.next + fixed
    if (![0, 1, 2, 5].includes(wire) || tag.value < 8 || end > bytes.length) return undefined
    if (wire === 2 && Math.floor(tag.value / 8) === wanted) found = bytes.subarray(value.next, end)
    at = end
  }
  return found
}

/** Seven bits a byte, the low ones first; the high bit says that more follow. Exact up to 2^53, more is refused. */
function varint(bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } | undefined {
  let value = 0
  for (let at = from; at < bytes.length && at < from + 10; at += 1) {
    const byte = bytes[at] ?? 0
    value += (byte % 128) * 128 ** (at - from)
    if (byte < 128) return { value, next: at + 1 }
  }
  return undefined
}
