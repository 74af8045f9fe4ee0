// Doors that are loaded with the first request to one of their paths: the operator's, the applications', the accounts', the
// manager, the On-Premises API, the reference of the API and the files of the pages. Two thirds of the program stand behind
// them; a server starts without it, and one that is never asked need not hold it.
//
//     path ──its beginning──▶ nobody's here: the doors that are there from the start
//                        └──▶ a late door's: loaded once, whoever asks meanwhile waits for the same ──▶ answered

import type { Context, Hono } from 'hono'
import type { RouterRoute } from 'hono/types'
import { getPath } from 'hono/utils/url'
import type { KeyRotation } from '#actions/key-rotation.ts'
import type { World } from '#actions/world.ts'
import { accountNouns } from '#faces/rest/account/nouns.ts'
import type { Arrivals } from '#http/arrivals.ts'
import type { TrustedProxies } from '#http/client-address.ts'
import { tooLong } from '#http/deadline.ts'
import type { Exchange } from '#http/exchange.ts'
import type { App } from '#http/server.ts'
import type { AccountOptions } from '#pages/account/visit.ts'
import type { AssetOptions } from '#pages/assets.ts'
import type { ManagerOptions } from '#pages/manager/visit.ts'
import type { ReferenceOptions } from '#pages/reference/routes.ts'
import type { Secret } from '#secrets/secret.ts'

type Late = (c: Context<Exchange>) => Response | Promise<Response>

/** Puts doors into an app of their own, with what each request meets first. `late`: the 503 in their words. */
export type Assemble = (doors: readonly Hono<Exchange>[], late: Late) => Hono<Exchange>

export type LateParts = {
  readonly world: World
  readonly forPeople: AccountOptions & ManagerOptions & AssetOptions & ReferenceOptions
  readonly proxies: TrustedProxies
  readonly callsPerMinute: { readonly account: number; readonly application: number }
  readonly operatorToken: Secret
  readonly rotation: KeyRotation
  readonly arrivals: Arrivals
  /** Whose On-Premises client answers at /v1. */
  readonly onPremisesBusiness: string | undefined
  readonly report: (error: Error, requestId: string) => void
  /** Told of a request that could not be read, by route. */
  readonly malformed: (route: string) => void
}

/** `under`: what their paths begin with, as `beginning` reads it. */
type LateDoors = { readonly under: readonly string[]; readonly load: () => Promise<Hono<Exchange>> }

/** Every door. `routes` loads all of them. */
export type Doors = App & { routes(): Promise<readonly Pick<RouterRoute, 'method' | 'path'>[]> }

/** `here` answers, or the doors that are late for it. */
export function withLateDoors(here: Hono<Exchange>, assemble: Assemble, parts: LateParts): Doors {
  const kinds = [operator, applications, accounts, manager, reference, assets, onPremises]
  const doors = kinds.map(each => loadedOnce(each(assemble, parts)))
  const loads = new Map(doors.flatMap(({ under, load }) => under.map(each => [each, load])))
  return {
    fetch(request, bindings) {
      const load = loads.get(beginning(getPath(request)))
      return load === undefined ? here.fetch(request, bindings) : load().then(app => app.fetch(request, bindings))
    },
    async routes() {
      const late = await Promise.all(doors.map(({ load }) => load()))
      return [here, ...late].flatMap(app => app.routes)
    },
  }
}

/** The first part of a path; of ours at /api/v1, that and what follows. */
const beginning = (path: string): string => /^(?:\/api\/v1)?\/?[^/]*/.exec(path)?.[0] ?? ''

function loadedOnce({ under, load }: LateDoors): LateDoors {
  let loaded: Promise<Hono<Exchange>> | undefined
  const reach = () => {
    loaded ??= load().then(
      app => {
        const astray = app.routes.find(({ path }) => path !== '/*' && !under.includes(beginning(path)))
        if (astray === undefined) return app
        throw new Error(`No request would find ${astray.path}: late-doors.ts does not name what it begins with.`)
      },
      error => {
        // It may be that there was no file handle left for a moment: whoever asks next tries again.
        loaded = undefined
        throw error
      },
    )
    return loaded
  }
  return { under, load: reach }
}

const operator = (assemble: Assemble, { world, operatorToken, rotation }: LateParts): LateDoors => ({
  under: ['/api/v1/operator'],
  async load() {
    const { operatorDoor } = await import('#faces/rest/operator.ts')
    const { maintenanceDoor } = await import('#faces/rest/maintenance.ts')
    const { appSecretDoor } = await import('#faces/rest/app-secret.ts')
    const { installDoor } = await import('#faces/on-premises/install.ts')
    const { deadLettersDoor } = await import('#faces/rest/dead-letters.ts')
    const { sendingDoor } = await import('#faces/rest/sending.ts')
    // First the one that asks for the token: what is mounted behind it is the operator's too.
    const doors = [operatorDoor(world, operatorToken), maintenanceDoor(rotation), appSecretDoor(world)]
    return assemble([...doors, installDoor(world), deadLettersDoor(world), sendingDoor(world)], tooLong)
  },
})

const applications = (assemble: Assemble, { world, callsPerMinute }: LateParts): LateDoors => ({
  under: ['/api/v1/registrations', '/api/v1/webhook'],
  async load() {
    const { applicationsDoor } = await import('#faces/rest/applications.ts')
    return assemble([applicationsDoor(world, { callsPerMinute: callsPerMinute.application })], tooLong)
  },
})

const accounts = (assemble: Assemble, parts: LateParts): LateDoors => ({
  under: ['/account', '/links', ...accountNouns.map(noun => `/api/v1/${noun}`)],
  async load() {
    const { accountsDoor } = await import('#faces/rest/account/door.ts')
    const { accountIsLate, accountPages } = await import('#pages/account/routes.ts')
    const { linkPages } = await import('#pages/links/links.ts')
    const { world, forPeople, proxies, arrivals } = parts
    const door = accountsDoor(world, { proxies, arrivals, callsPerMinute: parts.callsPerMinute.account })
    return assemble([door, linkPages(world, forPeople), accountPages(world, forPeople)], c =>
      c.get('door') === 'account' ? accountIsLate(c, world, forPeople) : tooLong(c),
    )
  },
})

const manager = (assemble: Assemble, { world, forPeople }: LateParts): LateDoors => ({
  under: ['/manager'],
  async load() {
    const { managerIsLate, managerPages } = await import('#pages/manager/routes.ts')
    return assemble([managerPages(world, forPeople)], c =>
      c.get('door') === 'manager' ? managerIsLate(c, world, forPeople) : tooLong(c),
    )
  },
})

const reference = (assemble: Assemble, { world, forPeople }: LateParts): LateDoors => ({
  under: ['/docs', '/openapi.json'],
  load: async () => assemble([(await import('#pages/reference/routes.ts')).referencePages(world, forPeople)], tooLong),
})

const assets = (assemble: Assemble, { forPeople }: LateParts): LateDoors => ({
  under: ['/pages'],
  load: async () => assemble([(await import('#pages/assets.ts')).pageAssets(forPeople)], tooLong),
})

const onPremises = (assemble: Assemble, parts: LateParts): LateDoors => ({
  under: ['/v1', '/on-premises'],
  async load() {
    const { onPremisesDoor } = await import('#faces/on-premises/on-premises.ts')
    const { serviceAway } = await import('#faces/on-premises/errors.ts')
    const { refuse } = await import('#faces/on-premises/exchange.ts')
    const door = onPremisesDoor(parts.world, { ...parts, business: parts.onPremisesBusiness })
    return assemble([door], c => (c.get('door') === 'on-premises' ? refuse(c, serviceAway) : tooLong(c)))
  },
})
