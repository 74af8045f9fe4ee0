// The users of an installation. Passwords are hashed between commits, in a place of the bounded queue.

import { addUser, adminName, passwordReplaced, userOf, withoutUser } from '#core/on-premises/installation.ts'
import type { Secret } from '#secrets/secret.ts'
import { hashingPlace } from '../hashing-place.ts'
import { watched } from '../runner.ts'
import { type Call, Overdue, type Overloaded, type World } from '../world.ts'
import { changeInstallation, installationOf, there } from './installation.ts'
import { passwordOwner } from './login.ts'

export type NamedPassword = { readonly business: string; readonly username: string; readonly password: Secret }

export type CreateUserEnding = { readonly kind: 'created' | 'exists_already' | 'too_many_users' } | Overloaded

/** One commit. What is refused anyway is refused before anything is hashed. */
export const createUser = (world: World, call: Call, command: NamedPassword): Promise<CreateUserEnding> =>
  watched(world, 'on_premises_create_user', async () => {
    const before = await installationOf(world, command.business)
    const early = before && addUser(before, { username: command.username, verifier: '' }, world.limits)
    if (early !== undefined && early.kind !== 'created') return early
    const made = await verifierOf(world, call, command)
    if (made.kind !== 'made') return made
    const user = { username: command.username, verifier: made.verifier }
    const ending = await changeInstallation<CreateUserEnding>(world, call, command.business, installation => {
      const added = addUser(installation, user, world.limits)
      if (added.kind !== 'created') return { ending: added }
      return { ending: { kind: 'created' }, change: { next: added.next, events: [{ kind: 'user.created' }] } }
    })
    return there(ending)
  })

export type ReplacePasswordEnding = { readonly kind: 'replaced' | 'no_such_user' } | Overloaded

/** One commit. Live tokens stay. */
export const replacePassword = (world: World, call: Call, command: NamedPassword): Promise<ReplacePasswordEnding> =>
  watched(world, 'on_premises_replace_password', async () => {
    const before = await installationOf(world, command.business)
    if (before === undefined || userOf(before, command.username) === undefined) return { kind: 'no_such_user' }
    const made = await verifierOf(world, call, command)
    if (made.kind !== 'made') return made
    const ending = await changeInstallation<ReplacePasswordEnding>(world, call, command.business, installation => {
      const user = userOf(installation, command.username)
      if (user === undefined) return { ending: { kind: 'no_such_user' } }
      const next = passwordReplaced(installation, user, made.verifier)
      return { ending: { kind: 'replaced' }, change: { next, events: [{ kind: 'user.password_changed' }] } }
    })
    return there(ending)
  })

export type DeleteUserEnding = { readonly kind: 'deleted' | 'no_such_user' | 'is_admin' }

/** One commit: the user, and every token of theirs. */
export const deleteUser = (
  world: World,
  call: Call,
  command: { readonly business: string; readonly username: string },
): Promise<DeleteUserEnding> =>
  watched(world, 'on_premises_delete_user', async () => {
    const { business, username } = command
    if (username === adminName) return { kind: 'is_admin' }
    const ending = await changeInstallation<DeleteUserEnding>(world, call, business, installation => {
      if (userOf(installation, username) === undefined) return { ending: { kind: 'no_such_user' } }
      const next = withoutUser(installation, username)
      return { ending: { kind: 'deleted' }, change: { next, events: [{ kind: 'user.deleted' }] } }
    })
    return there(ending)
  })

// One hash an installation at a time: who sends hundreds waits for themselves, and the queue stays free for others.
async function verifierOf(
  world: World,
  call: Call,
  { business, username, password }: NamedPassword,
): Promise<{ readonly kind: 'made'; readonly verifier: string } | Overloaded> {
  return world.lanes(`on-premises-password/${business}`, call.party, async () => {
    if (call.signal?.aborted) throw new Overdue('the time for this call is up')
    using place = hashingPlace(world)
    const busy = place.missing()
    if (busy !== undefined) return busy
    const owner = passwordOwner(business, username)
    return { kind: 'made', verifier: await place.run(() => world.secrets.makePinVerifier(password, owner)) }
  })
}
