// The subscription handshake, as Meta makes it: an address gets webhooks only after it has said that it wants them.
//
//     GET <url>?hub.mode=subscribe&hub.challenge=<random>&hub.verify_token=<what the subscriber wrote>
//     200 with the challenge as body, and nothing else: confirmed
//
// Without it, whoever may subscribe could have us send signed posts to anybody. The answer's text goes nowhere: it would
// show the subscriber what a server says that only we can reach.

import { equalText } from '#secrets/equal.ts'
import type { Secret } from '#secrets/secret.ts'
import type { Caller } from './caller.ts'

export type Callback = { readonly url: string; readonly verifyToken: Secret }

export type CallbackEnding =
  | { readonly kind: 'confirmed' }
  /** It answered, and not with the challenge. `status` of its answer. */
  | { readonly kind: 'not_confirmed'; readonly status: number }
  /** It leads to an address that this server does not call. */
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'unreachable' | 'timed_out' }

const mostBytes = 256

/** Asks once. `challenge` is fresh and random. */
export async function confirmCallback(
  caller: Caller,
  { url, verifyToken }: Callback,
  challenge: Secret,
  signal: AbortSignal,
): Promise<CallbackEnding> {
  const asked = new URL(url)
  asked.searchParams.set('hub.mode', 'subscribe')
  asked.searchParams.set('hub.challenge', challenge.reveal())
  asked.searchParams.set('hub.verify_token', verifyToken.reveal())
  const answer = await caller({ method: 'GET', url: asked, headers: {}, body: undefined, reads: mostBytes }, signal)
  if (answer.kind !== 'answered') return answer
  // What fills the bound may go on with anything.
  const whole = answer.body.length < mostBytes
  const confirmed = answer.status === 200 && whole && equalText(answer.body.trim(), challenge.reveal())
  return confirmed ? { kind: 'confirmed' } : { kind: 'not_confirmed', status: answer.status }
}
