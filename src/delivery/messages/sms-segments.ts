// How much room a text message takes on the air, which is what operators bill.

/** `units` are septets in GSM-7 and UTF-16 code units in UCS-2. */
export type SmsLength = { readonly alphabet: 'gsm-7' | 'ucs-2'; readonly units: number; readonly segments: number }

// 3GPP TS 23.038 §6.2.1: the default alphabet, and its extension table, whose characters take two septets each.
const gsm =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const gsmExtension = '\f^{}\\[~]|€'

// 3GPP TS 23.040 §9.2.3.24.1: parts of a longer message give up room for the header that joins them.
const room = { 'gsm-7': { alone: 160, joined: 153 }, 'ucs-2': { alone: 70, joined: 67 } } as const

// Position 27 of the default alphabet is the escape to the extension table, so what follows it stands one further on.
const escapeAt = 27
const extensionCodes = [0x0a, 0x14, 0x28, 0x29, 0x2f, 0x3c, 0x3d, 0x3e, 0x40, 0x65]

/** The septets of each character, one or two of them; `undefined` for a text that GSM-7 cannot write. */
export function gsmSeptets(text: string): readonly (readonly number[])[] | undefined {
  const written = [...text].map(sign => {
    const at = gsm.indexOf(sign)
    if (at >= 0) return [at < escapeAt ? at : at + 1]
    const code = extensionCodes[gsmExtension.indexOf(sign)]
    return code === undefined ? [] : [escapeAt, code]
  })
  return written.some(septets => septets.length === 0) ? undefined : written
}

/** The length of a text message, by the alphabet it needs: one character outside GSM-7 makes all of it UCS-2. */
export function smsLength(text: string): SmsLength {
  const signs = [...text]
  const isGsm = signs.every(sign => gsm.includes(sign) || gsmExtension.includes(sign))
  const alphabet = isGsm ? 'gsm-7' : 'ucs-2'
  const units = isGsm ? signs.length + signs.filter(sign => gsmExtension.includes(sign)).length : text.length
  const { alone, joined } = room[alphabet]
  return { alphabet, units, segments: units <= alone ? 1 : Math.ceil(units / joined) }
}
