// Delivery receipts as an SMSC sends them in deliver_sm: by the fields of SMPP 3.4, or in the text that its appendix B shows.

import type { ReceivedPdu } from 'smpp'
import type { Receipt } from '../providers/provider.ts'

// SMPP 3.4 §5.2.28. Those that are left out say that the message is still on its way.
const states: Readonly<Record<number, Receipt['state']>> = {
  2: 'delivered',
  3: 'undelivered',
  4: 'undelivered',
  5: 'undelivered',
  8: 'undelivered',
}
const words: Readonly<Record<string, number>> = {
  DELIVRD: 2,
  EXPIRED: 3,
  DELETED: 4,
  UNDELIV: 5,
  REJECTD: 8,
}

/**
 * What a deliver_sm says of a message of ours; `undefined` when it says nothing of any, or nothing yet. `decimal`: the SMSC
 * writes in decimal here the number that it answered the message with in hex.
 */
export function readDeliveryReceipt(pdu: ReceivedPdu, ids: 'same' | 'decimal'): Receipt | undefined {
  // Bits 5 to 2: 0001 is a receipt of the SMSC's (§5.2.12). Anything else is what somebody wrote to us.
  if (((pdu.esm_class ?? 0) & 0x3c) !== 0x04) return undefined
  const text = textOf(pdu)
  const [, inText] = /(?:^|\s)id:\s*([!-~]{1,65})/i.exec(text) ?? []
  const [, word = ''] = /(?:^|\s)stat:\s*([A-Z]{5,8})/i.exec(text) ?? []
  const named = pdu.receipted_message_id
  const ref = typeof named === 'string' && /^[!-~]{1,65}$/.test(named) ? named : inText
  const state = states[pdu.message_state ?? words[word.toUpperCase()] ?? 0]
  if (ref === undefined || state === undefined) return undefined
  return { ref: ids === 'decimal' ? inHex(ref) : ref, state }
}

const inHex = (ref: string): string => (/^\d{1,38}$/.test(ref) ? BigInt(ref).toString(16) : ref)

/** What we keep an answer's id as, so that receipts find it however it is padded and cased. */
export const keptId = (id: string, ids: 'same' | 'decimal'): string =>
  ids === 'decimal' && /^[0-9a-f]{1,32}$/i.test(id) ? BigInt(`0x${id}`).toString(16) : id

function textOf({ short_message: short, message_payload: payload }: ReceivedPdu): string {
  for (const each of [short, payload]) {
    const message = each?.message
    const text = typeof message === 'string' ? message : Buffer.isBuffer(message) ? message.toString('latin1') : ''
    // No receipt is longer: what is, is nothing to search through.
    if (text !== '') return text.slice(0, 1_000)
  }
  return ''
}
