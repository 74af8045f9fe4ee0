// The calls of a trusted device that receives notifications: it waits for them, says "not me", and says where it is reached.
//
//     Authorization: Bearer <device_token>      which device                             ┐ handed out once,
//     Device-Installation: <installation>       that it is that device, and no copy      ┘ when it registered
//
// Whoever shows the one without the other came back from a backup, and is trusted no more: to show itself is what counts, so
// it does not matter which call it shows itself by.

import type { Context } from 'hono'
import type { Notification } from '#actions/account/codes.ts'
import {
  type AtDevice,
  denyByToken,
  denyFromDevice,
  deviceOfShown,
  moveDevice,
  notificationsOf,
  type Shown,
} from '#actions/account/device.ts'
import { readAuthorization } from '#http/bearer.ts'
import { eventFrame, stillHere, streamed } from '#http/event-stream.ts'
import type { Exchange } from '#http/exchange.ts'
import { problem } from '#http/problem.ts'
import { Secret } from '#secrets/secret.ts'
import { type Answer, done, refused } from '../answer.ts'
import { decodeBy } from '../decode.ts'
import * as outcomes from './device-outcomes.ts'
import * as problems from './device-problems.ts'
import { problemOf } from './outcomes.ts'
import { type Asking, answered, type Route, takes } from './route.ts'

const contract = () => import('#contract/account-device.ts')

// What came by another node is found by looking: a bounded pace, whatever happens.
const lookEvery = 2_000
// Proxies close what is silent for a minute.
const looksOfSilence = 8

export const deviceRoutes: readonly Route[] = [
  {
    guard: 'open',
    method: 'GET',
    path: '/push-key',
    serve: async asking => {
      return answered(asking, done({ application_server_key: asking.world.secrets.vapidKeys().publicKey }))
    },
  },

  {
    guard: 'bare',
    method: 'GET',
    path: '/device',
    serve: asking => byDevice(asking, async at => answered(asking, shown(at))),
  },

  {
    guard: 'bare',
    method: 'GET',
    path: '/device/notifications',
    serve: asking => byDevice(asking, async (at, shown) => notifications(asking, at, shown)),
  },

  {
    guard: 'bare',
    method: 'GET',
    path: '/device/events',
    serve: asking =>
      byDevice(asking, async (at, shown) => {
        const after = asking.c.req.header('last-event-id')
        const media = 'text/event-stream; charset=utf-8'
        return waited(asking, at, media, leave => events(asking, shown, { at, after, leave }))
      }),
  },

  takes(
    'bare',
    'POST',
    '/device/not-me',
    async () => (await contract()).notMeRequest,
    async (asking, said) => {
      const { world, call } = asking
      if ('not_me' in said) return denied(await denyByToken(world, call, Secret.of(said.not_me)))
      const at = await deviceOf(asking)
      if (at.kind === 'refused') return at
      return denied(await denyFromDevice(world, call, at.at, said.challenge))
    },
  ),

  takes(
    'bare',
    'PUT',
    '/device/push',
    async () => (await contract()).moveDevice,
    async (asking, reached) => {
      const at = await deviceOf(asking)
      if (at.kind === 'refused') return at
      const problem = problemOf(outcomes.move, await moveDevice(asking.world, asking.call, at.at, reached))
      if (problem !== undefined) return refused(problem)
      const moved = await deviceOf(asking)
      return moved.kind === 'refused' ? moved : shown(moved.at)
    },
  ),
]

// ——— which device

type Found =
  | { readonly kind: 'found'; readonly at: AtDevice; readonly shown: Shown }
  | Extract<Answer, { readonly kind: 'refused' }>

async function deviceOf({ world, call, c }: Asking): Promise<Found> {
  const shown = shownBy(c)
  if (shown === undefined) return { kind: 'refused', problem: problems.deviceNeeded }
  const at = await deviceOfShown(world, call, shown)
  if (at.kind === 'device') return { kind: 'found', at, shown }
  return { kind: 'refused', problem: problemOf(outcomes.notADevice, at) ?? problems.deviceNeeded }
}

function shownBy(c: Context<Exchange>): Shown | undefined {
  const given = readAuthorization(c.req.header('authorization'))
  const installation = c.req.header('device-installation')
  if (given.kind !== 'bearer') return undefined
  return { token: given.token, installation: installation === undefined ? undefined : Secret.of(installation) }
}

async function byDevice(asking: Asking, serve: (at: AtDevice, shown: Shown) => Promise<Response>): Promise<Response> {
  const found = await deviceOf(asking)
  return found.kind === 'refused' ? answered(asking, found) : serve(found.at, found.shown)
}

const shown = ({ device: { id, name }, trusted, unreachable }: AtDevice): Answer =>
  done({ device: { id, name, trusted, unreachable } })

const denied = (ending: Awaited<ReturnType<typeof denyByToken>>): Answer => {
  const problem = problemOf(outcomes.deny, ending)
  return problem === undefined ? done({ ended: true }) : refused(problem)
}

// ——— waiting

async function notifications(asking: Asking, at: AtDevice, shown: Shown): Promise<Response> {
  const { c, world } = asking
  const read = await decodeBy(c, async () => (await contract()).notificationsRequest)
  if (read.kind === 'refused') return read.reply
  const { wait, after } = read.value
  const fresh = newSince(notificationsOf(world, at), after)
  if (fresh.length > 0 || wait === 0) return answered(asking, done({ notifications: fresh }))
  return waited(asking, at, 'application/json', leave => whole(asking, shown, { at, after, leave, wait }))
}

/** Lets a request wait, if there is room; else it is told to come back. */
async function waited(
  { c, arrivals }: Asking,
  at: AtDevice,
  mediaType: string,
  frames: (leave: () => void) => AsyncGenerator<string>,
): Promise<Response> {
  if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': mediaType })
  const leave = arrivals.enter(at.device.id)
  if (leave === undefined) return problem(c, problems.noRoom)
  // Also who hangs up before the first line was written leaves.
  c.get('deadline').addEventListener('abort', leave, { once: true })
  return streamed(c, mediaType, frames(leave))
}

type Waiting = { readonly at: AtDevice; readonly after: string | undefined; readonly leave: () => void }

/** What a device that still shows itself rightly is to show; `undefined` once it is none any more. */
async function looked({ world, call }: Asking, shown: Shown): Promise<readonly Notification[] | undefined> {
  const at = await deviceOfShown(world, { ...call, signal: undefined }, shown)
  return at.kind === 'device' ? notificationsOf(world, at) : undefined
}

async function* events(asking: Asking, shown: Shown, { at, after, leave }: Waiting): AsyncGenerator<string> {
  const { arrivals, c } = asking
  const signal = c.get('deadline')
  try {
    yield `retry: ${lookEvery}\n\n`
    let told: readonly string[] = []
    let silence = 0
    for (;;) {
      const open = await looked(asking, shown)
      if (open === undefined) return
      const fresh = newSince(open, after).filter(each => !told.includes(each.id))
      told = open.filter(each => told.includes(each.id) || fresh.includes(each)).map(({ id }) => id)
      for (const each of fresh) yield eventFrame('notification', each.id, each)
      silence = fresh.length > 0 ? 0 : silence + 1
      if (silence >= looksOfSilence) {
        silence = 0
        yield stillHere
      }
      if (arrivals.closed() || signal.aborted) return
      await arrivals.wait(at.id, lookEvery, signal)
    }
  } finally {
    leave()
  }
}

async function* whole(
  asking: Asking,
  shown: Shown,
  { at, after, leave, wait }: Waiting & { readonly wait: number },
): AsyncGenerator<string> {
  const { arrivals, c } = asking
  const signal = c.get('deadline')
  try {
    // What is left of the wait is counted in looks: one that was woken for nothing does not wait for longer.
    for (let left = wait * 1_000; ; left -= lookEvery) {
      const fresh = newSince((await looked(asking, shown)) ?? [], after)
      if (fresh.length > 0 || left <= 0 || arrivals.closed() || signal.aborted) {
        yield JSON.stringify({ notifications: fresh })
        return
      }
      await arrivals.wait(at.id, Math.min(left, lookEvery), signal)
    }
  } finally {
    leave()
  }
}

/** Those that came after one that was seen; all of them when that one is over. */
const newSince = (open: readonly Notification[], seen: string | undefined): readonly Notification[] =>
  open.slice(open.findIndex(each => each.id === seen) + 1)
