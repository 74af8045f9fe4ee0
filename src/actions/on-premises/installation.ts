// Changing an installation: the runner's four steps, upon what is left of it at this moment.

import { type Instant, later } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import { current, type Installation } from '#core/on-premises/installation.ts'
import type { InstallationChange } from '#core/on-premises/login.ts'
import { change } from '../runner.ts'
import type { Call, World } from '../world.ts'

/** What a decision about an installation comes to. */
export type InstallationStep<E> = { readonly ending: E; readonly change?: InstallationChange | undefined }

/** Changes the installation of a business; `undefined` when it has none. */
export async function changeInstallation<E>(
  world: World,
  call: Call,
  business: string,
  decide: (installation: Installation, now: Instant) => InstallationStep<E>,
): Promise<E | undefined> {
  const ending = await change<'on_premises', { readonly told: E }>(
    world,
    call,
    'on_premises',
    business,
    (stored, now) => {
      const { ending, change } = decide(current(stored, now), now)
      return { ending: { told: ending }, change }
    },
  )
  return ending?.told
}

/** For whoever showed a token of the installation: it is there, for installations are never removed. */
export function there<E>(ending: E | undefined): E {
  assert(ending !== undefined, 'an installation that a token came out of is there')
  return ending
}

/** The installation of a business as it is at this moment, for reading. */
export async function installationOf(world: World, business: string): Promise<Installation | undefined> {
  const subject = await world.records.load('on_premises', business)
  if (subject === undefined) return undefined
  return current(subject.document, later(world.clock.now(), subject.document.seen))
}
