// What may go wrong with the recovery mail.

import { asIfProved, ending, type Mutation, withLinkLife, withProofsOf } from './spoil.ts'

export const mail: readonly Mutation[] = [
  {
    name: 'a removal link lives a millisecond longer',
    scene: 'mail',
    breaks: 'a removal link works once, for its life, on the lock it was mailed for',
    spoil: core => ({
      mailRecoveryLink: (number, mail, now, limits) =>
        core.mailRecoveryLink(number, mail, now, withLinkLife(limits, 1)),
    }),
  },
  {
    name: 'a removal link dies a millisecond early',
    scene: 'mail',
    breaks: 'a removal link works once, for its life, on the lock it was mailed for',
    spoil: core => ({
      mailRecoveryLink: (number, mail, now, limits) =>
        core.mailRecoveryLink(number, mail, now, withLinkLife(limits, -1)),
    }),
  },
  {
    name: 'a removal link outlives the PIN it was mailed for',
    scene: 'mail',
    breaks: 'a removal link works once, for its life, on the lock it was mailed for',
    spoil: core => ({
      setPin: (number, set, now, limits) => {
        const done = core.setPin(number, set, now, limits)
        if (!('next' in done) || done.next.lock.kind === 'none' || number.lock.kind === 'none') return done
        return {
          ...done,
          next: { ...done.next, lock: { ...done.next.lock, recoveryLinks: number.lock.recoveryLinks } },
        }
      },
    }),
  },
  {
    name: 'a removal link opens whatever lock there is',
    scene: 'mail',
    breaks: 'a removal link works once, for its life, on the lock it was mailed for',
    spoil: core => ({
      confirmRecoveryLink: (number, verifier, now) =>
        core.confirmRecoveryLink(number, verifier, now) ??
        (number.lock.kind === 'set' && verifier !== '§no such link'
          ? core.removePin(number, { by: undefined, door: 'mail' }, now)
          : undefined),
    }),
  },
  {
    name: 'any secret opens a link that is out',
    scene: 'mail',
    breaks: 'a removal link works once, for its life, on the lock it was mailed for',
    spoil: core => ({
      confirmRecoveryLink: (number, verifier, now) => {
        const out = number.lock.kind === 'set' ? number.lock.recoveryLinks.out : undefined
        return core.confirmRecoveryLink(number, out?.verifier ?? verifier, now)
      },
    }),
  },
  {
    name: 'a confirmed link signs its reader in',
    scene: 'mail',
    breaks: 'whoever registers is alone with their proof, and only registering makes a holder',
    spoil: core => ({
      confirmRecoveryLink: (number, verifier, now) => {
        const change = core.confirmRecoveryLink(number, verifier, now)
        const reader = number.claims.find(each => each.proof.kind === 'proved' && each.id !== number.holder?.claim)
        if (change === undefined || reader === undefined) return change
        return ending(change, given => ({
          ...given,
          holder: { claim: reader.id, since: now, door: 'mail' },
          account: 'any',
        }))
      },
    }),
  },
  {
    name: 'a link that went to the old address still works',
    scene: 'mail',
    breaks: 'a lock is whole or not there',
    spoil: core => ({
      giveRecoveryAddress: (number, give, now, limits) => {
        const change = core.giveRecoveryAddress(number, give, now, limits)
        if (change?.next.lock.kind !== 'set' || number.lock.kind === 'none') return change
        return {
          ...change,
          next: { ...change.next, lock: { ...change.next.lock, recoveryLinks: number.lock.recoveryLinks } },
        }
      },
    }),
  },
  {
    name: 'a stranger makes mails go out',
    scene: 'mail',
    breaks: 'a claim that has not proved the number changes nothing of the number',
    spoil: core => ({
      mailRecoveryLink: (number, mail, now, limits) => {
        const mailed = core.mailRecoveryLink(asIfProved(number, mail.claim, now), mail, now, limits)
        return mailed.kind === 'mailed' ? ending(mailed, given => withProofsOf(number, given)) : mailed
      },
    }),
  },
  {
    name: 'mails to one address have no end',
    scene: 'mail',
    breaks: 'a mail goes out only for who proved the number',
    spoil: core => ({
      mailRecoveryLink: (number, mail, now, limits) => {
        const { lock } = number
        if (lock.kind === 'none') return core.mailRecoveryLink(number, mail, now, limits)
        const forgotten = { ...number, lock: { ...lock, recoveryLinks: { ...lock.recoveryLinks, mailed: [] } } }
        const mailed = core.mailRecoveryLink(forgotten, mail, now, limits)
        if (mailed.kind !== 'mailed' || mailed.next.lock.kind === 'none') return mailed
        const links = { ...mailed.next.lock.recoveryLinks, mailed: [...lock.recoveryLinks.mailed, now] }
        return { ...mailed, next: { ...mailed.next, lock: { ...mailed.next.lock, recoveryLinks: links } } }
      },
    }),
  },
]
