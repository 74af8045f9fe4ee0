// The operator's door to codes to phones: what is paused, since when, until when and why; stopping by hand, and going on.

import { type Context, Hono } from 'hono'
import {
  lookAtSending,
  type Pause,
  type PauseTarget,
  pauseCodes,
  releaseCodes,
  type SendingSeen,
} from '#actions/sending/pauses.ts'
import type { World } from '#actions/world.ts'
import { after, second } from '#core/kernel/instant.ts'
import type { Exchange } from '#http/exchange.ts'
import { problem } from '#http/problem.ts'
import { regions } from '#numbering/number.ts'
import { decodeBy, invalidRequest } from './decode.ts'
import { callOf } from './operator.ts'

const path = '/api/v1/operator/sending'
const most = 500
const contract = () => import('#contract/operator.ts')

/** Mounted at the root, behind the operator's token (see operator.ts). */
export function sendingDoor(world: World): Hono<Exchange> {
  const app = new Hono<Exchange>({ strict: false })
  app.get(path, async c => c.json(written(await lookAtSending(world, most))))
  app.post(`${path}/pauses`, async c => {
    const read = await decodeBy(c, async () => (await contract()).pauseCodesRequest)
    if (read.kind === 'refused') return read.reply
    const of = targetOf(read.value)
    if (of === undefined) return wrongTarget(c)
    const { for: span } = read.value
    const until = span === undefined ? undefined : after(world.clock.now(), span * second)
    const ending = await pauseCodes(world, callOf(c), { of, until })
    return ending.kind === 'paused' ? c.json({ paused: true }) : wrongTarget(c)
  })
  app.delete(`${path}/pauses`, async c => {
    const read = await decodeBy(c, async () => (await contract()).releaseCodesRequest)
    if (read.kind === 'refused') return read.reply
    const of = targetOf(read.value)
    if (of === undefined) return wrongTarget(c)
    const ending = await releaseCodes(world, callOf(c), of)
    return ending.kind === 'released' ? c.body(null, 204) : wrongTarget(c)
  })
  return app
}

type Target = { readonly country?: string | undefined; readonly prefix?: string | undefined }

function targetOf({ country, prefix }: Target): PauseTarget | undefined {
  if (country !== undefined && prefix !== undefined) return undefined
  if (prefix !== undefined) return { what: 'prefix', prefix }
  if (country === undefined) return { what: 'all' }
  return regions().includes(country) ? { what: 'country', country } : undefined
}

const wrongTarget = (c: Context<Exchange>) =>
  problem(
    c,
    invalidRequest([
      {
        field: 'country',
        problem: 'name a country such as GB, or a prefix such as +44740012 as GET shows it, or neither',
      },
    ]),
  )

const written = ({ pauses, more, spent }: SendingSeen) => ({
  paused: pauses.map(writtenPause),
  more,
  spent: spent.map(({ of, leased, limit, until }) =>
    of === 'all'
      ? { hour_until: iso(until), handed_out: leased / 10_000, limit: limit / 10_000 }
      : { country: of, day_until: iso(until), handed_out: leased, limit },
  ),
})

const writtenPause = ({ of, why, since, until, method }: Pause) => ({
  ...(of.what === 'prefix' ? { prefix: of.prefix } : of.what === 'country' ? { country: of.country } : { all: true }),
  why,
  method: method ?? 'all',
  since: iso(since),
  until: until === undefined ? null : iso(until),
})

const iso = (at: number): string => new Date(at).toISOString()
