// Idempotency keys: a request that comes twice under one key is done once, and answered alike, on whatever node.
//
//     reserve ──commit──▶ do it (its own commits) ──▶ remember ──commit──▶
//
// Two commits beside those of the request itself, and only where a key is sent. A crash between doing and remembering
// leaves the reservation: what is made under its ids is then done again and comes to the same; for the rest the caller is
// told to look. Reservations that ran out are taken over by new ones, so there are never more than one day's peak.

import { hash } from 'node:crypto'
import {
  type KeptAnswer,
  meetReservation,
  type ReservedIds,
  reservationOf,
  type Settled,
  settled,
  takenUp,
  type Wanted,
} from '#core/idempotency/reservation.ts'
import { type Instant, later, secondsUntil } from '#core/kernel/instant.ts'
import { positionAt, reservationsByExpiry } from '#records/kinds.ts'
import type { Subject } from '#records/records.ts'
import { joined } from '#secrets/joined.ts'
import type { Secret } from '#secrets/secret.ts'
import { StoreAway } from '#storage/store.ts'
import { change, commit, watched } from './runner.ts'
import { type Call, Overdue, settling, type World } from './world.ts'

export type Reserve = {
  readonly application: string
  readonly key: Secret
  /** The whole request as text: what it asks, of what, with what. */
  readonly request: string
  /** Whether doing it twice under the same ids does it once. */
  readonly repeats: boolean
}

export type ReserveEnding =
  | ({ readonly kind: 'reserved' } & Place)
  | { readonly kind: 'answered'; readonly answer: KeptAnswer }
  | { readonly kind: 'under_way'; readonly retryAfter: number }
  | { readonly kind: 'other_request' }
  /** It was begun under this key before, and what became of it is not known: look. */
  | { readonly kind: 'left' }

/** A reservation that is held. */
export type Place = { readonly id: string; readonly ids: ReservedIds }

/** Reserves a key for a request, or says what came of it before. One commit when it is new, none when it is not. */
export const reserve = (world: World, call: Call, request: Reserve): Promise<ReserveEnding> =>
  watched(world, 'reserve_key', async () => {
    const wanted = wantedBy(world, request)
    while (call.signal?.aborted !== true) {
      const found = await world.records.find('idempotency', { purpose: 'idempotency', value: wanted.name })
      const ending = await (found === undefined
        ? begin(world, call, wanted)
        : meet(world, call, found, wanted, request.repeats))
      if (ending !== undefined) return ending
    }
    throw new Overdue('the time for this call is up')
  })

export type SettleEnding =
  | { readonly kind: 'settled' }
  /** Its time was over, and the same request has come again since. */
  | { readonly kind: 'taken_over' }
  /** The store is away. Nobody is told: the request is answered already, and the reservation runs out by itself. */
  | { readonly kind: 'store_away' }

/** Says how the request ended. Nothing depends on it but what a repetition is told. */
export const settleReservation = (world: World, call: Call, place: Place, how: Settled): Promise<SettleEnding> =>
  watched(world, 'settle_key', async () => {
    const { id, ids } = place
    try {
      const ending = await change<'idempotency', SettleEnding>(
        world,
        settling(call),
        'idempotency',
        id,
        (kept, now) => {
          const next = settled(kept, ids.mark, how, now)
          if (next === undefined) return { ending: { kind: 'taken_over' } }
          return { ending: { kind: 'settled' }, change: { next, events: [] } }
        },
      )
      return ending ?? { kind: 'taken_over' }
    } catch (error) {
      if (error instanceof StoreAway) return { kind: 'store_away' }
      throw error
    }
  })

function wantedBy({ secrets }: World, { application, key, request }: Reserve): Wanted {
  const text = key.reveal()
  return {
    name: sha256(joined('twostep/1/idempotency-name', application, text)),
    application,
    // Under the key as a salt: a PIN that is in the request could be found out of a plain hash in no time.
    fingerprint: sha256(joined('twostep/1/idempotency-request', application, text, request)),
    ids: { claim: secrets.newNumericId(), mark: secrets.newHexId() },
  }
}

const sha256 = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex')

// ——— each answers `undefined` when somebody else was quicker: look again

async function meet(
  world: World,
  call: Call,
  found: Subject<'idempotency'>,
  wanted: Wanted,
  repeats: boolean,
): Promise<ReserveEnding | undefined> {
  const now = later(world.clock.now(), found.document.seen)
  const met = meetReservation(found.document, wanted, now)
  switch (met.kind) {
    case 'free':
      return take(world, call, found, wanted, now)
    case 'under_way':
      return { kind: 'under_way', retryAfter: Math.max(1, secondsUntil(met.until, now)) }
    case 'left': {
      if (!repeats) return met
      const next = takenUp(found.document, now)
      const ended = await commit(world, call, found, { next, events: [] }, now)
      return ended === 'committed' ? { kind: 'reserved', id: found.id, ids: next.ids } : undefined
    }
    default:
      return met
  }
}

async function begin(world: World, call: Call, wanted: Wanted): Promise<ReserveEnding | undefined> {
  const now = world.clock.now()
  const spare = await ranOut(world, wanted, now)
  if (spare !== undefined) return take(world, call, spare, wanted, later(now, spare.document.seen))
  const next = reservationOf(wanted, now)
  const subject = world.records.unborn('idempotency', world.secrets.newHexId(), next)
  const ended = await commit(world, call, subject, { next, events: [] }, now)
  return ended === 'committed' ? { kind: 'reserved', id: subject.id, ids: wanted.ids } : undefined
}

async function take(
  world: World,
  call: Call,
  spare: Subject<'idempotency'>,
  wanted: Wanted,
  now: Instant,
): Promise<ReserveEnding | undefined> {
  const ended = await commit(world, call, spare, { next: reservationOf(wanted, now), events: [] }, now)
  return ended === 'committed' ? { kind: 'reserved', id: spare.id, ids: wanted.ids } : undefined
}

// Any of the first few: of many who come at once, few then want the same one.
async function ranOut(world: World, wanted: Wanted, now: Instant): Promise<Subject<'idempotency'> | undefined> {
  const { records, secrets } = world
  const indexes = secrets.handles(reservationsByExpiry.purpose, reservationsByExpiry.value).map(({ index }) => index)
  const { members } = await records.store.page(indexes, { limit: 8 })
  const spare = members.filter(({ position }) => position <= positionAt(now))
  const chosen = spare[Number.parseInt(wanted.ids.mark.slice(0, 4), 16) % Math.max(1, spare.length)]
  const subject = chosen === undefined ? undefined : await records.load('idempotency', chosen.subject.id)
  return subject !== undefined && now >= subject.document.expires ? subject : undefined
}
