import { type Detail, keeperOf, type Party } from '../state.ts'

import { type Command, command, refused, step, wait } from './command.ts'

export const giveAddress = (by: Party, address: string | undefined): Command =>
  command(by, address === undefined ? 'takes the address away' : 'gives an address', (core, limits, state) => {
    const { lock } = state.number
    if (lock.kind === 'none' || keeperOf(state.number) !== by) return refused(state, by, 'not_keeper')
    if (lock.recoveryEmail?.address === address) return undefined
    const give = { claim: by, address, confirmation: undefined, door: 'rest' } as const
    const change = core.giveRecoveryAddress(state.number, give, state.now, limits)
    return change === undefined ? undefined : step(state, by, 'address_given', 'given', { change })
  })

export const mail = (by: Party): Command =>
  command(by, 'asks for a removal link', (core, limits, state) => {
    const secret = `§link ${state.serial}`
    const mailed = core.mailRecoveryLink(state.number, { claim: by, verifier: secret }, state.now, limits)
    if (mailed.kind === 'too_many_mails') return refused(state, by, `${mailed.kind}${wait(state, mailed.retryAt)}`)
    if (mailed.kind !== 'mailed') return refused(state, by, mailed.kind)
    const ending = `${mailed.kind}${wait(state, mailed.expires)}`
    return step(state, by, 'link_mailed', ending, { change: mailed, serial: state.serial + 1, detail: { secret } })
  })

/** Whoever reads A's mailbox confirms; it takes no claim to do so. */
export const confirm = (by: Party, link: 'newest' | 'unknown'): Command => ({
  name: `${by}: confirms ${link === 'newest' ? 'the newest link' : 'a link nobody mailed'}`,
  by,
  run(core, _limits, state) {
    const secret = link === 'newest' ? state.memory.link?.secret : '§no such link'
    if (secret === undefined) return undefined
    const change = core.confirmRecoveryLink(state.number, secret, state.now)
    const detail: Detail = { secret, door: 'mail' }
    if (change === undefined) return refused(state, by, 'no such link', { detail })
    return step(state, by, 'link_confirmed', 'removed', { change, detail })
  },
})
