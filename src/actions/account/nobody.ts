// Somebody who is not there: an account of nobody's, for identifiers that no account has. What is tried at it costs the same
// reads, commits and hashes as at a real one, its waits grow alike, and it opens nothing.
//
//     identifier ──keyed hash──▶ name (68 bits) ──▶ one of 16 384 slots of its use, each a document of one nobody
//                                                    another name comes to the slot ──▶ the one before is forgotten
//
// The slots bound what strangers can make us keep. Which identifiers share one is keyed, so whoever wants a wait forgotten
// has to try thousands of others first, each at the price of a guess; what is asked for free has slots of its own. The
// journal of a nobody is empty: there is no owner to show it to, and strangers could fill the store with it.

import { type Account, type AccountId, createAccount } from '#core/account/account.ts'
import { addressOf } from '#core/business/admin.ts'
import type { Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { World } from '../world.ts'

const shape = /^n([a-z])-([0-9a-f]{17})$/
const slots = 2 ** 14

// One use cannot push out what is kept for another. An id is as long as that of an account may be, so a use is one letter.
const uses = {
  ...{ 'sign-in': 'i', 'reset-by-key': 'k', 'reset-by-mail': 'm' },
  ...{ 'sign-up-address': 'a', 'sign-up-network': 'w', 'new-number': 'n', 'new-address': 'e' },
} as const
/** What is counted with nobody. */
export type NobodyUse = keyof typeof uses
export const nobodyUses = Object.keys(uses) as readonly NobodyUse[]

/** The account with this address; nobody's, where there is none. A closed account has none: it is nobody's as well. */
export async function accountOrNobody(
  world: World,
  door: 'sign-in' | 'reset-by-key' | 'reset-by-mail',
  identifier: string,
): Promise<AccountId> {
  const value = addressOf(identifier)
  const known = await world.records.idOf('account', { purpose: 'account-address', value })
  return known ?? nobodyOf(world, door, value)
}

/** The nobody that counts what is asked of a name: of an address without an account, of a network. */
export function nobodyOf(world: World, what: NobodyUse, name: string): AccountId {
  const [index] = world.secrets.handles('account-nobody', `${what}/${name}`)
  assert(index !== undefined, 'the key ring has a key that indexes')
  return `n${uses[what]}-${Buffer.from(index.index).toString('hex').slice(0, 17)}`
}

/** Which document an id lies in: its own, or a nobody's slot. */
export function placeOf(id: AccountId): { readonly subject: string; readonly nobody: boolean } {
  const [, use, name] = shape.exec(id) ?? []
  if (name === undefined) return { subject: id, nobody: false }
  return { subject: `nobody-${use}-${Number.parseInt(name.slice(0, 4), 16) % slots}`, nobody: true }
}

/** A nobody to begin with. Without a password it is found by no name, and nothing can be right. */
export const freshNobody = (world: World, id: AccountId, now: Instant): Account => ({
  ...createAccount(
    { id, application: { id: 'nobody', user: '' }, password: undefined, addresses: [] },
    now,
    world.limits,
  ),
  application: undefined,
})
