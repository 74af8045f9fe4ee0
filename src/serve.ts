// The server: config → key ring, store, world, doors → listening; and all of it down again in order.
//
//     start   key ring ─▶ store ─▶ clock ─▶ world ─▶ outbox, checkpoints ─▶ doors ─▶ listen
//     stop    not ready ─▶ finish what was accepted ─▶ last messages and checkpoint ─▶ close the store

import { keyRotation } from '#actions/key-rotation.ts'
import { createLanes } from '#actions/lanes.ts'
import { readyInstallation } from '#actions/on-premises/install.ts'
import { createRunning } from '#actions/running.ts'
import { type ReadyAccount, readyAccount, readyAdmin, rememberedSandbox } from '#actions/sandbox.ts'
import { createLeases } from '#actions/sending/leases.ts'
import { watchBy } from '#actions/watch.ts'
import { noteWebhook } from '#actions/webhook-standing.ts'
import type { World } from '#actions/world.ts'
import { type Config, publicUrl } from '#config'
import type { Clock } from '#core/kernel/clock.ts'
import { type Milliseconds, second } from '#core/kernel/instant.ts'
import type { E164 } from '#core/registration-lock/phone-number.ts'
import { limits } from '#core/throttle/limits.ts'
import type { Couriers } from '#delivery/courier.ts'
import { bindableHost } from '#delivery/messages/ownership-code.ts'
import { type Outbox, startOutbox } from '#delivery/outbox.ts'
import { sandboxKeeps } from '#delivery/sandbox/sandbox-courier.ts'
import { createArrivals } from '#http/arrivals.ts'
import { type Listening, listen } from '#http/server.ts'
import { createHealth, type Health } from '#observe/health.ts'
import { asError, idForLog, type Log } from '#observe/log.ts'
import { createMetrics, type Metrics } from '#observe/metrics.ts'
import { brandOf } from '#pages/brand.ts'
import { createRecords } from '#records/records.ts'
import { systemDice } from '#secrets/dice.ts'
import { createHashingQueue } from '#secrets/hashing-queue.ts'
import { openKeyRing } from '#secrets/key-ring.ts'
import type { Secret } from '#secrets/secret.ts'
import { createSecrets, type Secrets } from '#secrets/secrets.ts'
import { openSqliteStore } from '#storage/sqlite/sqlite-store.ts'
import { type Store, StoreUnusable } from '#storage/store.ts'
import { appOf } from './app.ts'
import { startCheckpoints } from './checkpoints.ts'
import { clockFollowing, monotonic, movableClock, systemClock } from './clock.ts'
import { keepCompany } from './company.ts'
import type { Doors } from './late-doors.ts'
import { outgoingOf } from './outgoing.ts'

export type Running = {
  readonly url: string
  readonly world: World
  readonly store: Store
  readonly operatorToken: Secret
  readonly ready: ReadyAccount | undefined
  /** Who signs in to the sandbox's manager pages. */
  readonly admin: { readonly email: string; readonly password: string } | undefined
  /** What a monitor shows at the sandbox's On-Premises door. */
  readonly healthKey: string | undefined
  /** Every route that is served. Loads the doors that are late (see late-doors.ts). */
  readonly routes: Doors['routes']
  /** Finishes what was accepted, then closes everything. */
  readonly stop: () => Promise<void>
}

/** A number of Ofcom's range for drama (07700 900000 to 900999): it will never be anybody's. */
export const sandboxNumber = '+447700900977' as E164

const grace = 8_000

/**
 * Starts a server. `given` couriers take the place of the ones that the settings name, for whoever wants to see what leaves.
 * Throws what start-up stops on: `KeyRingUnusable`, `StoreUnusable`, `CannotListen`.
 */
export async function serve(config: Config, log: Log, given?: Couriers): Promise<Running> {
  const sandbox = config.mode === 'sandbox'
  const metrics = createMetrics(true)
  const machine = systemClock()
  const secrets = secretsOf(config, machine)
  const { store, time, nodes } = await openStore(config, machine)
  try {
    const records = createRecords(store, secrets)
    const remembered = await rememberedSandbox(records)
    if (!sandbox && remembered !== undefined) throw sandboxInProduction()
    const clock = movableClock(time, remembered?.ahead ?? 0)
    const arrivals = createArrivals()
    let listening: Listening | undefined
    const address = () => publicUrl(config, listening?.port ?? config.port)
    const outgoing = await outgoingOf(config, {
      ...{ records, clock, machine, secrets, log, address, wake: arrivals.tell },
      // Loaded with the first subscription that is gone: what an account is made of is no part of a start.
      deviceGone: async device => (await import('#actions/account/device.ts')).deviceIsGone(world, device),
      noteWebhook: (application, told) => noteWebhook(world, application, told),
      nudge: () => outbox.nudge(),
    })
    const couriers = given ?? outgoing.couriers
    const outbox = outboxOf(config, couriers, { store, secrets, clock, metrics, log })
    const world = worldOf(config, {
      ...{ records, secrets, clock, metrics, log, publicUrl: address, confirmCallback: outgoing.confirmCallback },
      messagesWait: () => outbox.nudge(),
    })
    const checkpoints = startCheckpoints(config, { store, secrets, clock, log })
    const broke = (what: string) => (error: Error) => log.error('upkeep broke', { what: idForLog(what), error })
    const company = keepCompany(nodes, { world, clock, sandbox, broke: broke('company') })
    const rotation = keyRotation(world, machine, broke('rotation'), company.settle)
    rotation.resume()
    const ready = sandbox ? await readyAccount(world, startUp, sandboxNumber) : undefined
    const healthKey = ready && (await readyInstallation(world, startUp, ready))
    const admin = ready && (await readyAdmin(world, startUp, ready.business))
    const onPremisesBusiness = config.onPremisesBusiness ?? ready?.business

    const health = healthOf(couriers, { store, secrets, outbox, metrics })
    const operatorToken = config.operatorToken ?? secrets.newAlphanumeric(40)
    const advance = (by: Milliseconds) => {
      const now = clock.advance(by)
      outbox.nudge()
      return now
    }
    const app = appOf(config, {
      ...{ world, health, metrics, log, rotation, operatorToken },
      ...{ advance, address, arrivals, onPremisesBusiness, desk: outgoing.desk },
    })
    listening = await listen({
      app,
      host: config.host,
      port: config.port,
      tls: config.tls,
      onMalformed: () => metrics.malformedRequest('unmatched'),
      onError: error => log.error('a request came to nothing', { error: asError(error) }),
    })
    const { url, inFlight, close } = listening
    metrics.watch('requests_in_flight', inFlight)
    metrics.watch('checkpoint_age_seconds', () => (clock.now() - checkpoints.last()) / second)

    const stopInOrder = async () => {
      health.stopping()
      // Who waits for something to come is not waited for.
      arrivals.close()
      await close(grace)
      await world.running.idle()
      company.stop()
      await rotation.stop()
      await outbox.stop()
      for (const courier of Object.values(couriers)) courier.close?.()
      await checkpoints.stop()
      await store.close()
    }
    let stopped: Promise<void> | undefined
    const stop = () => {
      stopped ??= stopInOrder()
      return stopped
    }
    return { url, world, store, operatorToken, ready, admin, healthKey, routes: app.routes, stop }
  } catch (error) {
    await store.close()
    throw error
  }
}

// A sandbox's tokens were printed, and its clock may have been moved: neither belongs into production.
const sandboxInProduction = () =>
  new StoreUnusable(
    'not_twostep',
    'This database was a sandbox: its access token was printed, and its clock may have been moved. Production needs one of ' +
      'its own: write another TWOSTEP_DATA_DIR or TWOSTEP_DATABASE_URL, or start with TWOSTEP_MODE=sandbox.',
  )

const startUp = { door: 'sandbox', requestId: undefined, party: undefined, signal: undefined } as const

// ——— the parts

function secretsOf(config: Config, clock: Clock): Secrets {
  const hashing = createHashingQueue({
    parallel: config.hashingParallel,
    waiting: config.hashingWaiting,
    now: () => clock.now(),
  })
  const create = config.mode === 'sandbox'
  const ring = openKeyRing({ file: config.keyring, create, dice: systemDice, now: clock.now() })
  return createSecrets({ ring, dice: systemDice, pinParameters: config.hashingCost, hashing })
}

function worldOf(
  config: Config,
  parts: Omit<World, 'lanes' | 'leases' | 'running' | 'limits' | 'policy' | 'watch'> & {
    readonly metrics: Metrics
    readonly log: Log
  },
): World {
  const { metrics, log, ...rest } = parts
  metrics.watch('hashing_running', () => parts.secrets.hashing.depth().running)
  metrics.watch('hashing_waiting', () => parts.secrets.hashing.depth().waiting)
  return {
    ...rest,
    lanes: createLanes(),
    leases: createLeases(),
    running: createRunning(),
    limits: limits[config.profile],
    policy: {
      pinBlocklist: config.pinBlocklist,
      homeCountries: config.homeCountries,
      codeRegions: config.codeRegions,
      sending: config.sending,
      brand: brandOf(config)?.brand,
      product: config.productName,
      origin: bindableHost(config.publicUrl ?? ''),
      webhooks: { plainHttp: config.mode === 'sandbox' },
    },
    watch: watchBy(metrics, log, monotonic),
  }
}

function healthOf(
  couriers: Couriers,
  { store, secrets, outbox, metrics }: { store: Store; secrets: Secrets; outbox: Outbox; metrics: Metrics },
): Health {
  let probed = Number.NEGATIVE_INFINITY
  const checks = {
    store: async () => {
      // Anybody may ask, and each probe is a durable write: one a second is enough for all who do.
      if (monotonic() < probed + second) return 'ok'
      metrics.set('store_up', 0)
      await store.probe()
      metrics.set('store_up', 1)
      probed = monotonic()
      return 'ok'
    },
    key_ring: () => (secrets.ring.active() === undefined ? 'no_active_key' : 'ok'),
    outbox: () => (outbox.running() ? 'ok' : 'stopped'),
    // A server that can send nothing to people would ask for codes that never come.
    couriers: () =>
      Object.keys(couriers).some(channel => channel !== 'webhook' && channel !== 'push') ? 'ok' : 'none_configured',
  }
  return createHealth(checks, 2 * second)
}

type OpenStore = {
  readonly store: Store
  /** The one source of time for all who share the store. */
  readonly time: Clock
  /** What others may share it: `undefined` when there can be no other node. */
  readonly nodes: { readonly follow: () => Promise<void> } | undefined
}

async function openStore({ database, requestDeadline }: Config, machine: Clock): Promise<OpenStore> {
  if (database.kind === 'sqlite') {
    return { store: await openSqliteStore({ file: database.path }), time: machine, nodes: undefined }
  }
  // Loaded only where it is used: the embedded store's start need not pay for it.
  const { openPostgresStore } = await import('#storage/postgres/postgres-store.ts')
  const store = await openPostgresStore({
    url: database.url,
    // Patience with a database that is away ends before the request's own time does, so that there is somebody to tell.
    patience: requestDeadline * 0.6,
    attempt: requestDeadline * 0.3,
  })
  try {
    const time = await clockFollowing(store.now)
    return { store, time, nodes: time }
  } catch (error) {
    await store.close()
    throw error
  }
}

type Parts = { readonly store: Store; readonly secrets: Secrets; readonly clock: Clock; readonly log: Log }

type OutboxParts = Parts & { readonly metrics: Metrics }

function outboxOf(config: Config, couriers: Couriers, { metrics, log, ...parts }: OutboxParts): Outbox {
  return startOutbox({
    ...parts,
    dice: systemDice,
    couriers,
    keepsSent: config.mode === 'sandbox' ? sandboxKeeps : 0,
    watch: {
      sent: channel => metrics.messageSent(channel),
      dead: channel => metrics.messageDead(channel),
      broke: error => log.error('the outbox broke', { error: asError(error) }),
      waiting(oldest) {
        metrics.set('outbox_waiting_messages', oldest === undefined ? 0 : 1)
        metrics.set(
          'outbox_oldest_seconds',
          oldest === undefined ? 0 : Math.max(0, (parts.clock.now() - oldest) / second),
        )
      },
    },
  })
}
