import type { Change } from '#core/registration-lock/change.ts'
import { claimOf } from '#core/registration-lock/phone-number.ts'
import { type Flight, type Party, proofOf, type State } from '../state.ts'

import { type Command, command, refused, step, wait } from './command.ts'

export const add = (by: Party): Command => ({
  name: `${by}: adds a claim`,
  by,
  run(core, limits, state) {
    if (claimOf(state.number, by) !== undefined) return undefined
    const claimant = { kind: 'application', application: by } as const
    const added = core.addClaim(state.number, { id: by, by: claimant }, state.now, limits)
    if (added.kind !== 'added') return refused(state, by, added.kind)
    const change: Change = { next: added.next, events: [{ kind: 'number.claimed', claim: by }], notices: [] }
    return step(state, by, 'added', added.kind, { change })
  },
})

export const send = (by: Party): Command =>
  command(by, 'asks for a code', (core, limits, state) => {
    const secret = `§code ${state.serial}`
    const sent = core.sendCode(state.number, { claim: by, method: 'sms', verifier: secret }, state.now, limits)
    if (sent.kind === 'too_many_codes') return refused(state, by, `${sent.kind}${wait(state, sent.retryAt)}`)
    return step(state, by, 'code_sent', sent.kind, { change: sent, serial: state.serial + 1, detail: { secret } })
  })

export type GivenCode = 'newest' | 'replaced' | 'foreign' | 'wrong'

export const check = (by: Party, code: GivenCode): Command =>
  command(by, `checks ${code === 'wrong' ? 'a wrong code' : `the ${code} code`}`, (core, limits, state) => {
    const given = givenCode(state, by, code)
    if (given === undefined) return undefined
    const spent = core.spendCheck(state.number, by, state.now, limits)
    switch (spent.kind) {
      case 'no_code':
        return refused(state, by, spent.kind)
      case 'too_soon':
      case 'checks_spent':
        return refused(state, by, `${spent.kind}${wait(state, spent.retryAt)}`)
      case 'look': {
        const flight: Flight = { kind: 'code', by, given, verifier: spent.verifier }
        return step(state, by, 'code_looked', spent.kind, { change: spent, flight, detail: { secret: spent.verifier } })
      }
    }
  })

function givenCode({ memory }: State, by: Party, code: GivenCode): string | undefined {
  const other = by === 'A' ? 'B' : 'A'
  switch (code) {
    case 'newest':
      return memory.codes[by].newest?.secret
    case 'replaced':
      return memory.codes[by].before
    case 'foreign':
      return memory.codes[other].newest?.secret
    case 'wrong':
      return '§no such code'
  }
}

/** Adds a claim where there is none and proves the number, in one go: for scenes in which codes are not the matter. */
export const prove = (by: Party): Command => ({
  name: `${by}: proves the number`,
  by,
  run: (_core, _limits, state) => (proofOf(state.number, by) === 'proved' ? undefined : refused(state, by, 'not yet')),
  next: [add(by), send(by), check(by, 'newest')],
})
