// What only the sandbox does: move its clock, show its outbox, and have an account ready.

import { join, nobody } from '#core/business/admin.ts'
import { day, type Instant, type Milliseconds } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Channel, Message } from '#core/message/message.ts'
import { addClaim, type E164, unclaimed } from '#core/registration-lock/phone-number.ts'
import type { Sandbox } from '#core/sandbox/sandbox.ts'
import { openMessage } from '#records/records.ts'
import { Secret } from '#secrets/secret.ts'
import { makePassword } from './admins.ts'
import { hashingPlace } from './hashing-place.ts'
import { createBusiness, issueAccessToken } from './operate.ts'
import { change, create } from './runner.ts'
import type { Call, World } from './world.ts'

const kind = 'sandbox'
const id = 'sandbox'

/** How far the sandbox's clock was moved before; read before the world's clock is made. */
export async function rememberedSandbox(records: World['records']): Promise<Sandbox | undefined> {
  return (await records.load(kind, id))?.document
}

/** A century: dates stay dates. */
const furthest: Milliseconds = 36_525 * day

/**
 * Remembers a move of the clock, so that a restart does not throw time back. `move` moves it once that is durable.
 * `undefined` when it would go further than a century in all.
 */
export async function moveClock(
  world: World,
  call: Call,
  by: Milliseconds,
  move: (by: Milliseconds) => Instant,
): Promise<Instant | undefined> {
  const events = [{ kind: 'clock.moved', by }] as const
  const ending = await change<'sandbox', { readonly moved: boolean }>(world, call, kind, id, sandbox => {
    const ahead = sandbox.ahead + by
    if (ahead > furthest) return { ending: { moved: false } }
    return { ending: { moved: true }, change: { next: { ...sandbox, ahead }, events } }
  })
  assert(ending !== undefined, 'the sandbox is made before it serves')
  return ending.moved ? move(by) : undefined
}

export type ShownMessage = Message & { readonly id: string; readonly at: Instant }

/** The newest messages of the outbox, whatever became of them. */
export async function shownMessages(
  world: World,
  of: { readonly to: readonly string[] | undefined; readonly channel: Channel | undefined },
): Promise<readonly ShownMessage[]> {
  const kept = await world.records.store.keptMessages(1_000)
  return kept
    .map(row => ({ id: row.id, at: row.due, ...openMessage(world.secrets, row) }))
    .filter(({ to, channel }) => (of.to?.includes(to) ?? true) && (of.channel ?? channel) === channel)
}

export type ReadyAccount = { readonly business: string; readonly claim: string; readonly accessToken: string }

/**
 * The account that `npm start` prints: a business with a registered number whose PIN is not set yet, and a token. Made on
 * the first start, the same ever after. The token is kept (sealed) because this is a sandbox and must be printed again.
 */
export async function readyAccount(world: World, call: Call, number: E164): Promise<ReadyAccount> {
  const known = await rememberedSandbox(world.records)
  if (known?.ready !== undefined) return known.ready
  const now = world.clock.now()
  const { business } = await createBusiness(world, call, { name: 'Sandbox Bakery', email: 'owner@sandbox.example' })
  const permissions = ['whatsapp_business_management', 'whatsapp_business_messaging'] as const
  const issued = await issueAccessToken(world, call, { business, permissions, expiresIn: undefined })
  assert(issued.kind === 'issued', 'a new business has room for a token')

  const claim = world.secrets.newNumericId()
  const by = { kind: 'business', business, verifiedName: 'Sandbox Bakery' } as const
  const added = addClaim(unclaimed(number, now), { id: claim, by }, now, world.limits)
  assert(added.kind === 'added', 'nobody claims the number of a new sandbox')
  const claims = added.next.claims.map(each => ({
    ...each,
    proof: { kind: 'proved', at: now } as const,
    registeredAt: now,
  }))
  const holder = { claim, since: now, door: 'sandbox' } as const
  await create(world, call, 'number', world.secrets.newHexId(), {
    next: { ...added.next, claims, holder, account: world.secrets.newHexId() },
    events: [
      { kind: 'number.claimed', claim },
      { kind: 'registration.completed', claim },
    ],
  })

  const ready = { business, claim, accessToken: issued.token.reveal() }
  const remember = { next: { seen: now, ahead: 0, ...known, ready }, events: [{ kind: 'sandbox.made' }] as const }
  if (await create(world, call, kind, id, remember)) return ready
  // Another node of this sandbox was first: its account is the one.
  const theirs = (await rememberedSandbox(world.records))?.ready
  assert(theirs !== undefined, 'whoever was first has made an account')
  return theirs
}

/**
 * The admin of the ready account that `npm start` prints, with a password that was made for this sandbox. Kept (sealed), to be
 * printed again.
 */
export async function readyAdmin(world: World, call: Call, business: string): Promise<NonNullable<Sandbox['admin']>> {
  const known = await rememberedSandbox(world.records)
  const admin = known?.admin ?? { email: 'admin@sandbox.example', password: sandboxPassword(world) }
  if (known?.admin === undefined) {
    await change<'sandbox', { readonly kind: 'remembered' }>(world, call, kind, id, sandbox => {
      const next = { ...sandbox, admin: sandbox.admin ?? admin }
      return { ending: { kind: 'remembered' }, change: { next, events: [{ kind: 'sandbox.made' }] } }
    })
  }
  const kept = (await rememberedSandbox(world.records))?.admin ?? admin
  if ((await world.records.find('admin', { purpose: 'admin-email', value: kept.email })) === undefined) {
    const adminId = world.secrets.newNumericId()
    const now = world.clock.now()
    const joined = join(nobody(kept.email, now), { business, role: 'admin' }, now, world.limits)
    assert(joined.kind === 'joined', 'a new admin has room for a business')
    using place = hashingPlace(world)
    assert(place.missing() === undefined, 'nobody else hashes while a sandbox starts')
    const password = await place.run(() => makePassword(world, adminId, Secret.of(kept.password)))
    // Another node of this sandbox may have been first: its admin has the same password.
    await create(world, call, 'admin', adminId, { next: { ...joined.next, password }, events: joined.events })
  }
  return kept
}

// Four groups of four: long enough for both profiles, and easy to read off a terminal.
const sandboxPassword = (world: World): string =>
  (world.secrets.newAlphanumeric(16).reveal().match(/.{4}/g) ?? []).join('-').toLowerCase()
