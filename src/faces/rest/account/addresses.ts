// The e-mail addresses of an account: listed, given, confirmed, taken away.

import {
  type AddAddressEnding,
  addAddress,
  type LookAtAddressesEnding,
  lookAtAddresses,
  type RemoveAddressEnding,
  removeAddress,
} from '#actions/account/addresses.ts'
import { type ConfirmAccountLinkEnding, confirmAccountLink } from '#actions/account/mailed-links.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Problem } from '#http/problem.ts'
import { done, refused } from '../answer.ts'
import { notAnAddress, tooManyMails } from '../problems.ts'
import { moment } from './moment.ts'
import { type Outcomes, one, problemOf, refusals, success } from './outcomes.ts'
import * as problems from './problems.ts'
import { type AskingSession, changes, looks, named, type Route, takes } from './route.ts'

const contract = () => import('#contract/account-addresses.ts')

const by = ({ at }: AskingSession) => ({ account: at.id, session: at.session.id })

export const addressRoutes: readonly Route[] = [
  looks('/account/addresses', async ({ world, at }) => {
    const ending = lookAtAddresses(world, at)
    const problem = problemOf(look, ending)
    if (problem !== undefined || ending.kind !== 'addresses') return refused(problem ?? problems.sessionNeeded)
    const { addresses, awaited } = ending
    return done({
      addresses: addresses.map(({ id, address, confirmedAt }) => {
        return { id, address, confirmed_at: confirmedAt === undefined ? null : moment(confirmedAt) }
      }),
      awaited: awaited === undefined ? null : { address: awaited.address, expires_at: moment(awaited.expires) },
    })
  }),

  changes(
    'POST',
    '/account/addresses',
    async () => (await contract()).addAddressRequest,
    async (asking, { email }) => {
      const ending = await addAddress(asking.world, asking.call, { at: asking.at, address: email })
      const problem = problemOf(add, ending)
      if (problem !== undefined) return refused(problem)
      assert(ending.kind === 'mailed', 'what is not refused was mailed')
      return done({ mailed: true, expires_at: moment(ending.expires) }, 202)
    },
  ),

  // Before the route of one address, which would take `confirm` for an id.
  takes(
    'open',
    'POST',
    '/account/addresses/confirm',
    async () => (await contract()).confirmAddressRequest,
    async ({ world, call }, { token }) => {
      const problem = problemOf(confirm, await confirmAccountLink(world, call, token, 'address'))
      return problem === undefined ? done({ confirmed: true }) : refused(problem)
    },
  ),

  changes(
    'DELETE',
    '/account/addresses/:id',
    async () => (await import('#contract/accounts.ts')).emptyRequest,
    async asking => {
      const removal = { ...by(asking), address: named(asking) }
      const problem = problemOf(remove, await removeAddress(asking.world, asking.call, removal))
      return problem === undefined ? done({ removed: true }) : refused(problem)
    },
  ),
]

// ——— how each ending reads

const look: Outcomes<LookAtAddressesEnding> = { ...refusals, addresses: success }

const knownAlready: Problem = {
  status: 409,
  kind: 'address_known',
  title: 'This address is confirmed already.',
}

const tooManyAddresses: Problem = {
  status: 409,
  kind: 'too_many_addresses',
  title: 'This account has as many addresses as it may have.',
  detail: 'Take one away first.',
}

const add: Outcomes<AddAddressEnding> = {
  ...refusals,
  mailed: success,
  not_an_address: one(notAnAddress),
  known_already: one(knownAlready),
  too_many_addresses: one(tooManyAddresses),
  too_many_mails: tooManyMails,
}

/** Used, replaced, too old, of another purpose, or never mailed: it does not say which. */
export const linkGone: Problem = {
  status: 410,
  kind: 'link_gone',
  title: 'This link does not work any more.',
  detail: 'It was used, a newer one was sent, or its time is over. Ask for a new one.',
}

const confirm: Outcomes<ConfirmAccountLinkEnding> = {
  address_confirmed: success,
  wait_ended: success,
  address_taken: one(problems.addressTaken),
  password_needed: one(linkGone),
  gone: one(linkGone),
}

const noSuchAddress: Problem = {
  status: 404,
  kind: 'no_such_address',
  title: 'There is no such address.',
  detail: 'GET /api/v1/account/addresses lists them with their ids.',
}

const lastAddress: Problem = {
  status: 409,
  kind: 'last_address',
  title: 'The last confirmed address stays.',
  detail: 'Mails about the account must reach its owner. Add another one and confirm it first.',
}

const remove: Outcomes<RemoveAddressEnding> = {
  ...refusals,
  removed: success,
  no_address: one(noSuchAddress),
  last_address: one(lastAddress),
}
