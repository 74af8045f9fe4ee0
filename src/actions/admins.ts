// Who looks after a business account on the manager pages: invited and removed by the operator. The operator decides who
// may, and never what somebody's password is: a link that sets one is made only while there is none.

import {
  type Admin,
  addressOf,
  choosePassword,
  invite,
  join,
  leave,
  nobody,
  openInvitation,
  type Role,
} from '#core/business/admin.ts'
import { type WeakPassword, weakPassword } from '#core/business/password.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { Outgoing } from '#core/message/message.ts'
import { invitationMail } from '#delivery/messages/admin-mail.ts'
import { Secret } from '#secrets/secret.ts'
import { hashingPlace } from './hashing-place.ts'
import { change, create, type StepChange, watched } from './runner.ts'
import { type Call, type Overloaded, settling, type World } from './world.ts'

/** What the links of invitations begin with. */
export const invitationPrefix = 'twi_'

/** Where the page of an invitation is, below the public URL. The token follows. */
export const invitationPath = '/manager/invitation'

export type InviteAdmin = {
  readonly business: string
  readonly email: string
  readonly role: Role
  /** What the mail is written in: a locale as Graph writes it. */
  readonly language: string
}

export type InviteAdminEnding =
  /** `link`: chooses the password, once and within a day; `undefined` where the person has one already. */
  | { readonly kind: 'invited'; readonly admin: string; readonly link: string | undefined }
  | { readonly kind: 'no_such_business' | 'too_many_businesses' }

/**
 * Makes the person with this address an admin or member of the business, or changes which. Who has no password yet is
 * mailed a link to choose one; asked again, a new link replaces the old one. One commit.
 */
export const inviteAdmin = (world: World, call: Call, command: InviteAdmin): Promise<InviteAdminEnding> =>
  watched(world, 'invite_admin', async () => {
    const business = await world.records.load('business', command.business)
    if (business === undefined) return { kind: 'no_such_business' }
    const email = addressOf(command.email)
    for (;;) {
      const found = await world.records.find('admin', { purpose: 'admin-email', value: email })
      const id = found?.id ?? world.secrets.newNumericId()
      const { token, verifier } = world.secrets.makeToken(invitationPrefix, id)
      const link = `${world.publicUrl()}${invitationPath}/${token.reveal()}`
      const decide = (admin: Admin, now: Instant): { ending: InviteAdminEnding; change?: StepChange<'admin'> } => {
        const joined = join(admin, command, now, world.limits)
        if (joined.kind === 'too_many_businesses') return { ending: joined }
        if (joined.next.password !== undefined) {
          const change = joined.events.length === 0 ? {} : { change: { next: joined.next, events: joined.events } }
          return { ending: { kind: 'invited', admin: id, link: undefined }, ...change }
        }
        const invited = invite(joined.next, verifier, now, world.limits)
        const { expires } = invited.next.invitation ?? { expires: now }
        const mail = invitationMail({
          language: command.language,
          product: world.policy.product,
          business: business.document.name,
          role: command.role,
          link,
          when: now,
          expires,
        })
        const message: Outgoing = { message: { channel: 'email', to: email, link, ...mail }, due: now, expires }
        return {
          ending: { kind: 'invited', admin: id, link },
          change: {
            next: invited.next,
            events: [...joined.events, ...invited.events],
            messages: async () => [message],
          },
        }
      }
      if (found !== undefined) {
        const ending = await change<'admin', InviteAdminEnding>(world, call, 'admin', id, decide)
        if (ending !== undefined) return ending
        continue
      }
      const now = world.clock.now()
      const first = decide(nobody(email, now), now)
      if (first.change === undefined) return first.ending
      // When somebody else was first, the person is there now and is found in the next round.
      if (await create(world, call, 'admin', id, first.change)) return first.ending
    }
  })

export type RemoveAdminEnding = { readonly kind: 'removed' | 'no_such_admin' }

/** Takes a business away from the person with this address: at once, in every session, on every node. */
export const removeAdmin = (
  world: World,
  call: Call,
  command: { readonly business: string; readonly email: string },
): Promise<RemoveAdminEnding> =>
  watched(world, 'remove_admin', async () => {
    const found = await world.records.find('admin', { purpose: 'admin-email', value: addressOf(command.email) })
    if (found === undefined) return { kind: 'no_such_admin' }
    const ending = await change<'admin', RemoveAdminEnding>(world, call, 'admin', found.id, admin => {
      const left = leave(admin, command.business)
      return left === undefined ? { ending: { kind: 'no_such_admin' } } : { ending: { kind: 'removed' }, change: left }
    })
    return ending ?? { kind: 'no_such_admin' }
  })

/** Whose an invitation is: what its page may show before anything is done. `undefined` when it is used, old or made up. */
export async function lookAtInvitation(
  world: World,
  token: Secret,
): Promise<{ readonly admin: string; readonly email: string; readonly verifier: string } | undefined> {
  const presented = world.secrets.readToken(invitationPrefix, token.reveal())
  const subject = presented && (await world.records.load('admin', presented.subjectId))
  if (presented === undefined || subject === undefined) return undefined
  const open = openInvitation(subject.document, world.clock.now())
  if (open === undefined || !world.secrets.tokenMatches(open.verifier, presented.secret)) return undefined
  return { admin: subject.id, email: subject.document.email, verifier: open.verifier }
}

export type AcceptInvitationEnding =
  | { readonly kind: 'chosen' | 'gone' }
  | { readonly kind: 'weak_password'; readonly weakness: WeakPassword }
  | Overloaded

/** Chooses the password that an invitation is for. It signs nobody in. One commit. */
export const acceptInvitation = (
  world: World,
  call: Call,
  command: { readonly token: Secret; readonly password: Secret },
): Promise<AcceptInvitationEnding> =>
  watched(world, 'accept_invitation', async () => {
    const invitation = await lookAtInvitation(world, command.token)
    if (invitation === undefined) return { kind: 'gone' }
    const weakness = await weaknessOf(world, invitation, command.password)
    if (weakness !== undefined) return { kind: 'weak_password', weakness }
    using place = hashingPlace(world)
    const busy = place.missing()
    if (busy !== undefined) return busy
    const password = await place.run(() => makePassword(world, invitation.admin, command.password))
    const ending = await change<'admin', AcceptInvitationEnding>(
      world,
      settling(call),
      'admin',
      invitation.admin,
      (admin, now) => {
        const chosen = choosePassword(admin, { invitation: invitation.verifier, password }, now)
        return chosen === undefined ? { ending: { kind: 'gone' } } : { ending: { kind: 'chosen' }, change: chosen }
      },
    )
    return ending ?? { kind: 'gone' }
  })

// ——— passwords

/** Why this person must not take a password. Names that thieves would try first are read from what they look after. */
export async function weaknessOf(
  world: World,
  of: { readonly admin: string; readonly email: string },
  password: Secret,
): Promise<WeakPassword | undefined> {
  const admin = await world.records.load('admin', of.admin)
  const businesses = await Promise.all(
    (admin?.document.memberships ?? []).map(({ business }) => world.records.load('business', business)),
  )
  const about = [of.email, world.policy.product, ...businesses.map(each => each?.document.name ?? '')]
  return weakPassword(password.reveal(), { least: world.limits.passwordLength, about })
}

/** argon2id with the pepper of the key ring, bound to the person: a verifier copied to another opens nothing there. */
export const makePassword = (world: World, admin: string, password: Secret): Promise<string> =>
  world.secrets.makePinVerifier(inOneForm(password), ownerOf(admin))

export const checkPassword = (world: World, admin: string, verifier: string, password: Secret): Promise<boolean> =>
  world.secrets.checkPin(verifier, ownerOf(admin), inOneForm(password))

const ownerOf = (admin: string): string => `admin/${admin}`
const inOneForm = (password: Secret): Secret => Secret.of(password.reveal().normalize('NFKC'))
