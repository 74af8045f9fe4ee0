// Adds a phone number to a business account: a claim on it, which proves nothing yet.

import { addClaim, type ClaimId, type E164, unclaimed } from '#core/registration-lock/phone-number.ts'
import { changeNumber } from './number.ts'
import { create, watched } from './runner.ts'
import { type Call, Overdue, type World } from './world.ts'

export type AddNumber = { readonly business: string; readonly number: E164; readonly verifiedName: string }

export type AddNumberEnding =
  | { readonly kind: 'added'; readonly claim: ClaimId }
  /** This business lists the number already, under the id given here. */
  | { readonly kind: 'listed_already'; readonly claim: ClaimId }

/**
 * One commit. A number that another business lists or holds can be added too: adding proves nothing, and a refusal would
 * tell strangers who is registered.
 */
export const addNumber = (world: World, call: Call, command: AddNumber): Promise<AddNumberEnding> =>
  watched(world, 'add_number', async () => {
    const claim = world.secrets.newNumericId()
    const by = { kind: 'business', business: command.business, verifiedName: command.verifiedName } as const
    const events = [{ kind: 'number.claimed', claim }] as const
    while (call.signal?.aborted !== true) {
      const found = await world.records.find('number', { purpose: 'number', value: command.number })
      if (found !== undefined) {
        return changeNumber<AddNumberEnding>(world, call, found.id, (number, now) => {
          const added = addClaim(number, { id: claim, by }, now, world.limits)
          if (added.kind === 'listed_already') return { ending: added }
          const gone = added.evicted === undefined ? [] : [{ kind: 'number.evicted', claim: added.evicted } as const]
          return {
            ending: { kind: 'added', claim },
            change: { next: added.next, events: [...gone, ...events], notices: [] },
          }
        })
      }
      const now = world.clock.now()
      const first = addClaim(unclaimed(command.number, now), { id: claim, by }, now, world.limits)
      const id = world.secrets.newHexId()
      // When somebody else was first, the number is there now and is found in the next round.
      if (first.kind === 'added' && (await create(world, call, 'number', id, { next: first.next, events }))) {
        return { kind: 'added', claim }
      }
    }
    throw new Overdue('the time for this call is up')
  })
