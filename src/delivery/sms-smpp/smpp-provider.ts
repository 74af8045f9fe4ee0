// The provider of texts over SMPP 3.4: one line to an SMSC, through which messages go and receipts come back.
//
//     ROK ──▶ taken, under the id that receipts name
//     RTHROTTLED, RMSGQFUL, the window is full, a fault for the moment ──▶ later
//     not this number, not this text ──▶ declined
//     anything else ──▶ failed          no answer, a line that breaks ──▶ silent: it may have it

import { type Instant, type Milliseconds, second } from '#core/kernel/instant.ts'
import type { Dice } from '#secrets/dice.ts'
import type { Provider, ProviderEnding, Receipt, Sending } from '../providers/provider.ts'
import type { ProviderTerms } from '../providers/provider-url.ts'
import { keptId, readDeliveryReceipt } from './delivery-receipt.ts'
import { type LineOptions, openLine, type Submitted } from './line.ts'
import { type Segmented, segmentsOf, wholeText } from './segments.ts'
import type { SmppServer } from './smpp-url.ts'

export type SmppProviderOptions = {
  readonly server: SmppServer
  readonly terms: ProviderTerms
  readonly dice: Dice
  readonly onChange: LineOptions['onChange']
  readonly ca?: string
  readonly patience?: Milliseconds
  readonly firstRest?: Milliseconds
}

/** How long a message waits for a line that is being opened. */
const waitsForLine: Milliseconds = 3 * second

// SMPP 3.4 §5.1.3.
const ok = 0x00
const busy: Readonly<Record<number, string>> = { 20: 'queue_full', 88: 'throttled', 100: 'temporary' }
const declines: Readonly<Record<number, string>> = {
  1: 'text_length',
  11: 'destination',
  80: 'destination',
  81: 'destination',
  102: 'rejected',
}

export function smppProvider(options: SmppProviderOptions): Provider {
  const { server, terms, dice } = options
  let take: (receipt: Receipt) => Promise<void> = async () => {}
  const line = openLine({
    ...options,
    onDelivered: async pdu => {
      const receipt = readDeliveryReceipt(pdu, server.receiptIds)
      if (receipt !== undefined) await take(receipt)
    },
  })

  return {
    ...terms,
    // A transmitter's receipts go to a receiver, which is somebody else's.
    receiptWait: server.bind === 'transmitter' ? undefined : terms.receiptWait,
    listen(taker) {
      take = taker
    },
    async send(sending, signal): Promise<ProviderEnding> {
      const opening = AbortSignal.any([signal, AbortSignal.timeout(waitsForLine)])
      if (!(await line.open(opening))) return { kind: 'failed', fault: 'not_bound' }
      const parts = partsOf(sending, server, dice)
      if (line.underWay() + parts.length > server.window) return { kind: 'later', fault: 'window_full', wait: second }
      const submitted = await Promise.all(parts.map(part => line.submit(part, signal)))
      return endingOf(submitted, server)
    },
    close() {
      void line.close()
    },
  }
}

/** The fields of each submit_sm. A receipt is asked for the last: a phone shows the text when it has them all. */
function partsOf({ message, expires, now }: Sending, server: SmppServer, dice: Dice): Record<string, unknown>[] {
  const [reference = 0] = dice.bytes(1)
  const split: Segmented = segmentsOf(message.text, reference)
  const shared = {
    ...addressed(server.from, 'source_addr'),
    ...addressed(message.to, 'destination_addr'),
    data_coding: split.dataCoding,
    // The network drops what it could not deliver by then: a late code is worse than none.
    validity_period: validFor(expires, now),
  }
  if (split.segments.length > 1 && server.long === 'payload') {
    const { bytes } = wholeText(message.text)
    return [{ ...shared, esm_class: 0, registered_delivery: 1, short_message: Buffer.alloc(0), message_payload: bytes }]
  }
  return split.segments.map(({ bytes, esmClass }, index) => ({
    ...shared,
    esm_class: esmClass,
    registered_delivery: index === split.segments.length - 1 ? 1 : 0,
    short_message: bytes,
  }))
}

// Type of number and numbering plan, SMPP 3.4 §5.2.5 and §5.2.6: international, short, or a name.
function addressed(who: string, field: 'source_addr' | 'destination_addr'): Record<string, unknown> {
  const prefix = field === 'source_addr' ? 'source_addr' : 'dest_addr'
  const [ton, npi] = who.startsWith('+') ? [1, 1] : /^\d+$/.test(who) ? [3, 0] : [5, 0]
  return { [field]: who.replace(/^\+/, ''), [`${prefix}_ton`]: ton, [`${prefix}_npi`]: npi }
}

/** `YYMMDDhhmmss000R`: a span from now on (SMPP 3.4 §7.1.1.2), rounded down, a second at least. */
function validFor(expires: Instant, now: Instant): string {
  const seconds = Math.max(1, Math.min(86_399, Math.floor((expires - now) / second)))
  const two = (count: number) => String(Math.floor(count)).padStart(2, '0')
  return `000000${two(seconds / 3_600)}${two((seconds / 60) % 60)}${two(seconds % 60)}000R`
}

/** Of a text in parts, the worst answer counts; unless some are on their way already, and then it may arrive. */
function endingOf(submitted: readonly Submitted[], server: SmppServer): ProviderEnding {
  const last = submitted.at(-1)
  const wrong = submitted.find(each => each.kind !== 'answered' || each.status !== ok)
  if (last?.kind === 'answered' && wrong === undefined) {
    const ref = keptId(last.messageId, server.receiptIds)
    return /^[!-~]{1,65}$/.test(ref) ? { kind: 'taken', ref } : { kind: 'taken' }
  }
  if (wrong === undefined || submitted.some(each => each.kind === 'silent'))
    return { kind: 'silent', fault: 'no_answer' }
  if (wrong.kind !== 'answered') return { kind: 'failed', fault: 'not_bound' }
  const { status } = wrong
  const isBusy = busy[status]
  if (isBusy !== undefined) return { kind: 'later', fault: isBusy, wait: 2 * second }
  const declined = declines[status]
  if (declined !== undefined) return { kind: 'declined', fault: declined }
  return { kind: 'failed', fault: `smpp_${status.toString(16).padStart(2, '0')}` }
}
