import { type Deed, keeperOf, proofOf } from '../state.ts'

import {
  arrowEnd,
  entitled,
  fits,
  has,
  lockOf,
  only,
  type PromiseOfTheCore,
  promise,
  promiseOfState,
  tells,
} from './promise.ts'

const mayPass: Readonly<Record<string, readonly Deed[]>> = {
  'NONE → SET': ['pin_set', 'registered'],
  'SET → CONTESTED': ['contested'],
  'CONTESTED → SET': ['answered', 'registered'],
  'SET → NONE': ['pin_removed', 'link_confirmed', 'registered', 'deleted'],
  'CONTESTED → NONE': ['pin_removed', 'link_confirmed', 'registered', 'deleted'],
}

export const lock: readonly PromiseOfTheCore[] = [
  promiseOfState('a lock is whole or not there', ({ after }) => {
    const { number } = after
    const { holder } = number
    if (holder !== undefined && proofOf(number, holder.claim) !== 'proved')
      return 'the holder has not proved the number'
    if (holder !== undefined && number.account === undefined) return 'there is a holder and no account'
    const lock = lockOf(number)
    if (lock === undefined) return undefined
    if (proofOf(number, lock.keeper) !== 'proved') return 'the keeper has not proved the number'
    if (holder !== undefined && holder.claim !== lock.keeper) return 'holder and keeper are two'
    if (lock.contest?.claim === lock.keeper) return 'the keeper contests their own number'
    if (lock.reminder.due < lock.setAt) return 'a reminder is due before the PIN was set'
    return only(
      lock.recoveryLinks.out === undefined || lock.recoveryEmail !== undefined,
      'a link is out without an address',
    )
  }),

  promise('a removal link works once, for its life, on the lock it was mailed for', ({ before, step, limits }) => {
    if (step.detail.door !== 'mail') return undefined
    const { link } = before.memory
    const alive = link !== undefined && !link.dead && step.now < link.at + limits.recoveryLink.life
    const works = alive && step.detail.secret === link.secret && before.number.lock.kind === 'set'
    return only((step.deed === 'link_confirmed') === works, works ? 'it did not' : 'it did otherwise')
  }),

  promise('a mail goes out only for who proved the number', ({ before, step, limits }) => {
    if (step.deed !== 'link_mailed' || step.by === undefined) return undefined
    const { recoveryLinks } = lockOf(before.number) ?? {}
    if (proofOf(before.number, step.by) !== 'proved') return 'a stranger makes mails go out'
    return only(fits(limits.recoveryLink.perLock, recoveryLinks?.mailed ?? [], step.now), 'too many mails')
  }),

  promise('the PIN in force is the one that somebody entitled set last', ({ before, step, after }) => {
    const set = step.deed === 'pin_set' || step.deed === 'pin_changed'
    if (set && step.by !== undefined && !entitled(before.number, step.by)) return 'it was set by somebody who may not'
    const asked = step.deed === 'refused' && (step.ending === 'not_keeper' || step.ending === 'not_proved')
    if (asked && step.detail.door === 'graph' && step.detail.pin === undefined && step.by !== undefined) {
      return only(!entitled(before.number, step.by), 'who may set it was refused')
    }
    return only(lockOf(after.number)?.verifier === after.memory.pin, 'it is another')
  }),

  promise('no lock comes, changes or goes silently', ({ before, step, after }) => {
    const [was, is] = [lockOf(before.number), lockOf(after.number)]
    if (was === undefined && is !== undefined) {
      return only(has(step, 'pin.set') && tells(step, 'pin_set', step.by), 'a PIN was set and nobody knows')
    }
    if (was === undefined || (is !== undefined && was.verifier === is.verifier)) return undefined
    const keeper = keeperOf(before.number)
    if (is !== undefined && step.deed !== 'registered') {
      return only(has(step, 'pin.changed') && tells(step, 'pin_changed', keeper), 'a PIN was changed and nobody knows')
    }
    if (has(step, 'pin.removed'))
      return only(tells(step, 'pin_removed', keeper), 'a PIN was removed and nobody is told')
    if (!has(step, 'registration.reset')) return 'the journal does not say that the lock is gone'
    return only(step.by === keeper || tells(step, 'registration_taken_over', keeper), 'a lapse of which nobody is told')
  }),

  promise('the lock moves along the arrows of its drawing only', ({ before, step, after }) => {
    const [from, to] = [arrowEnd(before.number), arrowEnd(after.number)]
    if (from === to) return undefined
    if (!mayPass[`${from} → ${to}`]?.includes(step.deed)) return `${from} → ${to} by "${step.deed}"`
    const by = step.by ?? ''
    if (step.deed !== 'contested') return undefined
    return only(proofOf(before.number, by) === 'proved' && keeperOf(before.number) !== by, 'a contest by who cannot')
  }),

  promise('only the holder answers a contest', ({ before, step }) =>
    only(step.deed !== 'answered' || before.number.holder?.claim === step.by, 'somebody else did'),
  ),
]
