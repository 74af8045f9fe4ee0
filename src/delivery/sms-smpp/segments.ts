// A text as SMPP carries it: GSM-7 where its characters allow, else UCS-2; in parts, where it is longer than one.

import { gsmSeptets } from '../messages/sms-segments.ts'

/** One short message: `esmClass` 0x40 says that it begins with a header (SMPP 3.4 §5.2.12). */
export type Segment = { readonly bytes: Buffer; readonly esmClass: 0 | 0x40 }

/** `dataCoding`: 0 for the default alphabet, one septet an octet; 8 for UCS-2 (SMPP 3.4 §5.2.19). */
export type Segmented = { readonly dataCoding: 0 | 8; readonly segments: readonly Segment[] }

// Room for user data in octets as they go over SMPP, alone and behind the six octets that join parts.
const room = { gsm: { alone: 160, joined: 153 }, ucs2: { alone: 140, joined: 134 } } as const

/** The bytes of the whole text, for a line that takes it in one piece. */
export function wholeText(text: string): { readonly dataCoding: 0 | 8; readonly bytes: Buffer } {
  const { dataCoding, signs } = writtenIn(text)
  return { dataCoding, bytes: Buffer.concat(signs) }
}

/**
 * The parts of a text. `reference` (0 to 255) is what a phone joins them by: 3GPP TS 23.040 §9.2.3.24.1. No character is
 * ever split between two parts.
 */
export function segmentsOf(text: string, reference: number): Segmented {
  const { dataCoding, signs } = writtenIn(text)
  const { alone, joined } = dataCoding === 0 ? room.gsm : room.ucs2
  const whole = Buffer.concat(signs)
  if (whole.length <= alone) return { dataCoding, segments: [{ bytes: whole, esmClass: 0 }] }
  const parts = packed(signs, joined)
  const segments = parts.map((part, index): Segment => {
    const header = Buffer.from([5, 0, 3, reference & 0xff, parts.length, index + 1])
    return { bytes: Buffer.concat([header, part]), esmClass: 0x40 }
  })
  return { dataCoding, segments }
}

function writtenIn(text: string): { readonly dataCoding: 0 | 8; readonly signs: readonly Buffer[] } {
  const septets = gsmSeptets(text)
  if (septets !== undefined) return { dataCoding: 0, signs: septets.map(each => Buffer.from(each)) }
  return { dataCoding: 8, signs: [...text].map(sign => Buffer.from(sign, 'utf16le').swap16()) }
}

function packed(signs: readonly Buffer[], room: number): readonly Buffer[] {
  const parts: Buffer[][] = []
  let left = 0
  for (const sign of signs) {
    if (sign.length > left) {
      parts.push([])
      left = room
    }
    parts.at(-1)?.push(sign)
    left -= sign.length
  }
  return parts.map(part => Buffer.concat(part))
}
