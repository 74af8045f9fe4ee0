// Dead letters: messages that nobody took, or that ran out of time. The operator lists them, and sends one again.

import type { Instant } from '#core/kernel/instant.ts'
import { lifeLeft } from '#core/message/dead-letter.ts'
import type { Channel, Message } from '#core/message/message.ts'
import type { E164 } from '#core/registration-lock/phone-number.ts'
import { maskAddress } from '#delivery/email/mail-address.ts'
import { isWanted } from '#delivery/wanted.ts'
import { maskNumber } from '#numbering/display.ts'
import { openMessage } from '#records/records.ts'
import type { KeptMessage } from '#storage/store.ts'
import { create, watched } from './runner.ts'
import type { Call, World } from './world.ts'

/** What may be shown of a dead letter: never its text, which holds codes, and no address in full. */
export type ShownDeadLetter = {
  readonly id: string
  readonly channel: Channel | 'unread'
  readonly to: string
  readonly reason: string
  readonly diedAt: Instant
  readonly expires: Instant
  readonly sentAgainAt: Instant | undefined
  /** Whether it may be sent again. */
  readonly alive: boolean
}

export type DeadLetters = { readonly letters: readonly ShownDeadLetter[]; readonly next: string | undefined }

/** A page of dead letters, the newest first. `after`: the `next` of the page before; anything else begins anew. */
export async function deadLetters(world: World, limit: number, after: string | undefined): Promise<DeadLetters> {
  const [, due, id = ''] = /^(\d{1,15})-([!-~]{1,64})$/.exec(after ?? '') ?? []
  const before = due === undefined ? undefined : { due: Number(due) as Instant, id }
  const rows = await world.records.store.deadMessages(limit, before)
  const letters = await Promise.all(rows.map(row => shown(world, row)))
  const last = rows.length === limit ? rows.at(-1) : undefined
  return { letters, next: last && `${last.due}-${last.id}` }
}

async function shown(world: World, row: KeptMessage): Promise<ShownDeadLetter> {
  const message = opened(world, row)
  const again = (await world.records.load('dead_letter', row.id))?.document
  const { id, expires, reason = 'unknown', settledAt } = row
  const life = message && lifeLeft(message, expires, world.clock.now())
  return {
    id,
    channel: message?.channel ?? 'unread',
    to: message === undefined ? '' : maskedTo(message),
    reason,
    diedAt: settledAt ?? row.due,
    expires,
    sentAgainAt: again?.sentAgainAt,
    alive: life !== undefined && again === undefined && (await isWanted(world.records, message ?? { to: '' })),
  }
}

// One that does not open must not keep the others from being seen.
function opened(world: World, row: KeptMessage): Message | undefined {
  try {
    return openMessage(world.secrets, row)
  } catch {
    return undefined
  }
}

function maskedTo({ channel, to }: Message): string {
  if (channel === 'email') return maskAddress(to)
  // The path of a webhook may be what keeps it from others.
  if (channel === 'webhook') return URL.parse(to)?.origin ?? ''
  // A device has no number to be masked: its id is a name of ours.
  if (channel === 'push') return ''
  return maskNumber(to as E164)
}

export type SendAgainEnding =
  | { readonly kind: 'sent_again' }
  | { readonly kind: 'no_such_letter' | 'already_sent_again' | 'too_late' | 'replaced' }

/** Sends a dead letter again, once: whoever asks twice, or at once with somebody else, sends one. */
export const sendAgain = (world: World, call: Call, { id }: { readonly id: string }): Promise<SendAgainEnding> =>
  watched(world, 'send_dead_letter_again', async () => {
    const row = await world.records.store.deadMessage(id)
    const message = row && opened(world, row)
    if (row === undefined || message === undefined) return { kind: 'no_such_letter' }
    if ((await world.records.load('dead_letter', id)) !== undefined) return { kind: 'already_sent_again' }
    const now = world.clock.now()
    const expires = lifeLeft(message, row.expires, now)
    if (expires === undefined) return { kind: 'too_late' }
    if (!(await isWanted(world.records, message))) return { kind: 'replaced' }
    const as = world.secrets.newHexId()
    // A delivery of its own: the one that died has nothing more to say.
    const { delivery: _, ...anew } = message
    const created = await create(world, call, 'dead_letter', id, {
      next: { seen: now, sentAgainAt: now, as },
      events: [],
      messages: async () => [{ message: anew, due: now, expires, id: as }],
    })
    return { kind: created ? 'sent_again' : 'already_sent_again' }
  })
