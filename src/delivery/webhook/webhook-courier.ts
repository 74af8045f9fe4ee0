// The courier of webhooks: looks up where they go, signs, and posts the very bytes that were stored.
//
//     2xx ──▶ taken          410 ──▶ refused: the receiver says that it is gone, and an application's is switched off
//     anything else, a redirect too, no answer, too late ──▶ failed: again, later each time
//     an address that is not to be called, a receiver that wants no more ──▶ refused
//
// A receiver that is slow to answer holds a few calls of its own and none of anybody else's.

import type { WebhookFault, WebhookTold } from '#core/application/webhook-standing.ts'
import type { Clock } from '#core/kernel/clock.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Receiver } from '#core/message/message.ts'
import { createAtOnce } from '../at-once.ts'
import type { Courier, CourierEnding } from '../courier.ts'
import type { CallEnding, Caller } from './caller.ts'
import type { Endpoint } from './receivers.ts'
import { signatureOf } from './sign.ts'

export type WebhookCourierOptions = {
  readonly call: Caller
  readonly endpointOf: (receiver: Receiver) => Promise<Endpoint | undefined>
  /** The world's time, also in the sandbox: receivers compare it with their own clock. */
  readonly clock: Clock
  /** What a call of an application's webhook came to: kept where its owner sees it. Never throws. */
  readonly note: (application: string, told: WebhookTold) => Promise<void>
}

// More than this wait for their next turn.
const bounds = { inAll: 32, each: 4 } as const

export function webhookCourier({ call, endpointOf, clock, note }: WebhookCourierOptions): Courier {
  const atOnce = createAtOnce(bounds)
  return {
    async send(message, id, signal): Promise<CourierEnding> {
      const { receiver } = message
      assert(receiver !== undefined, 'a webhook has a receiver')
      const endpoint = await endpointOf(receiver)
      if (endpoint === undefined) return { kind: 'refused', reason: 'gone' }
      const over = atOnce(`${receiver.kind}/${receiver.id}`)
      if (over === undefined) return { kind: 'failed', reason: 'busy' }
      try {
        const body = message.text
        const headers = {
          'content-type': 'application/json',
          'user-agent': 'Twostep',
          ...signatureOf(endpoint.signing, { id, at: clock.now(), body }),
        }
        const answer = await call({ method: 'POST', url: new URL(endpoint.url), headers, body, reads: 0 }, signal)
        const ending = endingOf(answer)
        if (receiver.kind === 'application') await note(receiver.id, toldOf(endpoint.url, answer, ending))
        return ending
      } finally {
        over()
      }
    },
  }
}

function endingOf(answer: CallEnding): WebhookEnding {
  if (answer.kind === 'forbidden') return { kind: 'refused', reason: 'forbidden' }
  if (answer.kind !== 'answered') return { kind: 'failed', reason: answer.kind }
  if (answer.status >= 200 && answer.status < 300) return { kind: 'taken' }
  return answer.status === 410 ? { kind: 'refused', reason: 'gone' } : { kind: 'failed', reason: 'rejected' }
}

type WebhookEnding = { readonly kind: 'taken' } | { readonly kind: 'failed' | 'refused'; readonly reason: WebhookFault }

const toldOf = (url: string, answer: CallEnding, ending: WebhookEnding): WebhookTold => ({
  url,
  fault: ending.kind === 'taken' ? undefined : ending.reason,
  status: answer.kind === 'answered' ? answer.status : undefined,
})
