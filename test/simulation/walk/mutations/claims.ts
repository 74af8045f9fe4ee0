import { ending, type Mutation, withProofsOf } from './spoil.ts'

export const claims: readonly Mutation[] = [
  {
    name: 'a right PIN does not make its bringer the keeper',
    scene: 'lock',
    breaks: 'a lock is whole or not there',
    spoil: core => ({
      guessedRight: (number, right, now) => {
        const change = core.guessedRight(number, right, now)
        if (change === undefined || number.lock.kind === 'none' || change.next.lock.kind === 'none') return change
        return { ...change, next: { ...change.next, lock: { ...change.next.lock, keeper: number.lock.keeper } } }
      },
    }),
  },
  {
    name: 'the earlier holder keeps their proof',
    scene: 'lock',
    breaks: 'whoever registers is alone with their proof, and only registering makes a holder',
    spoil: core => ({
      register: (number, arrival, now, limits) => {
        const change = core.register(number, arrival, now, limits)
        return change && ending(change, given => withProofsOf(number, given))
      },
    }),
  },
  {
    name: 'the earlier holder is not told',
    scene: 'lock',
    breaks: 'whoever is contested or overtaken is told, and the journal says so',
    spoil: core => ({
      register: (number, arrival, now, limits) => {
        const change = core.register(number, arrival, now, limits)
        return change && { ...change, notices: change.notices.filter(each => each.kind !== 'registration_taken_over') }
      },
    }),
  },
  {
    name: 'a deregistration takes the PIN off',
    scene: 'lock',
    breaks: 'the PIN in force is the one that somebody entitled set last',
    spoil: core => ({
      deregister: (number, id, now) => {
        const left = core.deregister(number, id, now)
        return left.kind === 'deregistered' ? ending(left, given => ({ ...given, lock: { kind: 'none' } })) : left
      },
    }),
  },
  {
    name: 'anybody ends a registration',
    scene: 'lock',
    breaks: 'a claim that has not proved the number changes nothing of the number',
    spoil: core => ({
      deregister: (number, id, now) => core.deregister(number, number.holder?.claim ?? id, now),
    }),
  },
  {
    name: 'a deleted keeper leaves half a lock',
    scene: 'lock',
    breaks: 'a lock is whole or not there',
    spoil: core => ({
      deleteClaim: (number, ...rest) =>
        ending(core.deleteClaim(number, ...rest), given => ({ ...given, lock: number.lock })),
    }),
  },
  {
    name: 'a deletion by anybody takes the lock along',
    scene: 'lock',
    breaks: 'a claim that has not proved the number changes nothing of the number',
    spoil: core => ({
      deleteClaim: (number, ...rest) =>
        ending(core.deleteClaim(number, ...rest), given => ({ ...given, lock: { kind: 'none' } })),
    }),
  },
  {
    name: 'a new claim pushes the others out',
    scene: 'lock',
    breaks: 'a claim that has not proved the number changes nothing of the number',
    spoil: core => ({
      addClaim: (number, add, now, limits) => {
        const crowded = { ...number, claims: number.claims.filter(each => each.proof.kind === 'proved') }
        return core.addClaim(crowded, add, now, limits)
      },
    }),
  },
  {
    name: 'while a stranger has a code out nobody registers',
    scene: 'lock',
    breaks: 'a stranger never changes what others can do next',
    spoil: core => ({
      approach: (number, ...rest) =>
        number.claims.some(each => each.proof.kind === 'none' && each.request !== undefined)
          ? { kind: 'not_proved' }
          : core.approach(number, ...rest),
    }),
  },
  {
    name: 'who deleted a claim never claims again',
    scene: 'lock',
    breaks: 'A can always come to hold the number',
    spoil: core => ({
      addClaim: (number, add, now, limits) =>
        number.account !== undefined && add.id === 'A'
          ? { kind: 'listed_already', claim: add.id }
          : core.addClaim(number, add, now, limits),
    }),
  },
  {
    name: 'a deregistration ends the proof',
    scene: 'lock',
    breaks: 'a claim moves along the arrows of its drawing only',
    spoil: core => ({
      deregister: (number, id, now) => {
        const left = core.deregister(number, id, now)
        if (left.kind !== 'deregistered') return left
        return ending(left, given => ({
          ...given,
          claims: given.claims.map(each => (each.id === id ? { ...each, proof: { kind: 'ended', at: now } } : each)),
        }))
      },
    }),
  },
]
