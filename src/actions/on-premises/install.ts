// Makes an installation for a business: its admin with a first password, and the key for its health.

import { adminName, installed } from '#core/on-premises/installation.ts'
import type { ClaimId } from '#core/registration-lock/phone-number.ts'
import { Secret } from '#secrets/secret.ts'
import { hashingPlace } from '../hashing-place.ts'
import { create, watched } from '../runner.ts'
import type { Call, Overloaded, World } from '../world.ts'
import { healthKeyPrefix } from './health-key.ts'
import { passwordOwner } from './login.ts'

export type InstallEnding =
  | { readonly kind: 'installed'; readonly username: string; readonly password: Secret; readonly healthKey: Secret }
  | { readonly kind: 'no_such_business' | 'installed_already' }
  | Overloaded

/**
 * One commit. Password and key are told once. An installation that is there stays as it is: the operator cannot reset its
 * admin's password by making it anew.
 */
export const installOnPremises = (
  world: World,
  call: Call,
  command: { readonly business: string },
): Promise<InstallEnding> =>
  watched(world, 'install_on_premises', async () => {
    const { business } = command
    if ((await world.records.load('business', business)) === undefined) return { kind: 'no_such_business' }
    if ((await world.records.load('on_premises', business)) !== undefined) return { kind: 'installed_already' }
    // 24 symbols carry 142 bits; the admin replaces it at the first login.
    const password = world.secrets.newAlphanumeric(24)
    return install(world, call, { business, password, number: undefined, shows: false })
  })

/**
 * The installation of the sandbox's ready business: `admin` and `secret`, as the client came, with the ready number. Made on
 * the first start; answers its health key, which is printed at every start.
 */
export async function readyInstallation(
  world: World,
  call: Call,
  ready: { readonly business: string; readonly claim: ClaimId },
): Promise<string | undefined> {
  const { business, claim } = ready
  const known = await world.records.load('on_premises', business)
  if (known === undefined) await install(world, call, { business, password: documented, number: claim, shows: true })
  return (known ?? (await world.records.load('on_premises', business)))?.document.healthKey.shown
}

/** The password that the documents give every new client. In the sandbox only. */
const documented = Secret.of('secret')

type Install = {
  readonly business: string
  readonly password: Secret
  readonly number: ClaimId | undefined
  readonly shows: boolean
}

async function install(world: World, call: Call, { business, ...of }: Install): Promise<InstallEnding> {
  using place = hashingPlace(world)
  const busy = place.missing()
  if (busy !== undefined) return busy
  const owner = passwordOwner(business, adminName)
  const verifier = await place.run(() => world.secrets.makePinVerifier(of.password, owner))
  const key = world.secrets.makeToken(healthKeyPrefix, business)
  const healthKey = { verifier: key.verifier, shown: of.shows ? key.token.reveal() : undefined }
  const next = installed({ verifier, healthKey, number: of.number }, world.clock.now())
  const events = [{ kind: 'on_premises.installed' }] as const
  if (!(await create(world, call, 'on_premises', business, { next, events }))) return { kind: 'installed_already' }
  return { kind: 'installed', username: adminName, password: of.password, healthKey: key.token }
}
