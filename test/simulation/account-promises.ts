// The promises about accounts, each checked on every step of a walk. Memory is the yardstick: it is kept from what happened
// in the plainest way, never from what the core stored.

import { isOn } from '#core/account/account.ts'
import { devicesOf } from '#core/account/trusted-device.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { Limits } from '#core/throttle/limits.ts'
import type { AccountCore } from './account-core.ts'
import { aNumber, type Done, type Hands, type Scene, withPerson } from './account-hands.ts'
import { factorMoves, type Move } from './account-moves.ts'
import type { Story } from './account-walk.ts'

export type Memory = {
  /** Looks at codes since the last right one, by device and side. */
  readonly rows: Readonly<Record<string, number>>
  /** When each person last showed P and D, where they are signed in. */
  readonly proved: Readonly<Record<string, { readonly P: Instant | undefined; readonly D: Instant | undefined }>>
  readonly changedAt: Instant | undefined
  /** The enrolment that is under way: a number verified, the key shown last, and whether it was retyped. */
  readonly number: boolean
  readonly shownKey: string | undefined
  readonly retyped: boolean
}

export type State = Scene & { readonly memory: Memory }

export type Taken = {
  readonly before: State
  readonly after: State
  readonly move: Move
  readonly done: Done
  readonly story: Story
  readonly hands: Hands
  readonly core: AccountCore
}

export type AccountPromise = { readonly name: string; readonly finds: (taken: Taken) => string | undefined }

/** What the world remembers after a step. */
export function remember(before: State, move: Move, done: Done, limits: Limits): Memory {
  const { account, now } = done.scene
  let { rows, proved, changedAt, number, shownKey, retyped } = before.memory
  const who = before.flight?.by ?? move.who
  const give = (proof: 'P' | 'D') => {
    const old = proved[who] ?? { P: undefined, D: undefined }
    proved = { ...proved, [who]: { ...old, [proof]: now } }
  }
  for (const event of done.change?.events ?? []) {
    switch (event.kind) {
      case 'code.guess_spent': {
        // A device that is not trusted yet has no row of its own; its request bounds its checks.
        if (event.purpose === 'enrol' || event.purpose === 'add-device') break
        const key = `${event.device}/${event.side}`
        rows = { ...rows, [key]: (rows[key] ?? 0) + 1 }
        break
      }
      case 'code.right':
        rows = { ...rows, [`${event.device}/${event.side}`]: 0 }
        give('D')
        if (event.purpose === 'enrol') number = true
        break
      case 'password.right':
        give('P')
        break
      case 'session.full':
      case 'devices.on_again':
      case 'password.changed':
      case 'password.reset':
        rows = {}
        break
      case 'device.added':
      case 'device.removed':
        rows = {
          ...rows,
          [`${event.device}/known`]: 0,
          [`${event.device}/stranger`]: 0,
          [`${event.device}/keyholder`]: 0,
        }
        break
      case 'significant_change':
        changedAt = now
        break
      case 'two_step.begun':
      case 'two_step.given_up':
        ;[number, shownKey, retyped] = [false, undefined, false]
        if (event.kind === 'two_step.given_up' && event.why === 'not_me') changedAt = now
        break
      case 'key.shown':
        ;[shownKey, retyped] = [account.twoStep.kind === 'enrolling' ? account.twoStep.key : undefined, false]
        break
      case 'two_step.key_retyped':
        retyped = true
        break
      default:
        break
    }
  }
  if (changedAt !== undefined && now - changedAt >= limits.account.waiting.period) changedAt = undefined
  if (account.twoStep.kind === 'on') [number, shownKey, retyped] = [false, undefined, false]
  return { rows, proved, changedAt, number, shownKey, retyped }
}

const factorsOf = ({ account }: Scene): string =>
  JSON.stringify([
    account.password?.verifier,
    account.twoStep.kind === 'on',
    account.twoStep.kind === 'on' ? account.twoStep.key?.verifier : undefined,
    isOn(account) ? devicesOf(account).map(each => each.id) : [],
    account.appPasswords.map(each => each.id),
    account.addresses,
    account.closedAt,
  ])

const promise = (name: string, finds: AccountPromise['finds']): AccountPromise => ({ name, finds })
const isThief = (who: string): boolean => who === 'theo'

export const promises: readonly AccountPromise[] = [
  promise('with one proof nothing opens, and with none', ({ before, after, move, story }) => {
    if (story.stolen.length > 1 || !isOn(before.account)) return undefined
    const { theo } = after.people
    if (theo?.session !== undefined) return 'the thief has a session'
    if (after.account.resets.some(each => each.id === theo?.reset && each.codeRightAt !== undefined)) {
      return 'the thief may set a password'
    }
    if (!isThief(before.flight?.by ?? move.who)) return undefined
    return factorsOf(before) === factorsOf(after) ? undefined : 'the thief changed what guards the account'
  }),

  promise('a stranger changes nothing for the owner’s known browsers', ({ before, after, move, story, hands }) => {
    if (!isThief(move.who) || story.stolen.includes('D') || story.flies) return undefined
    const [was, is] = [probe(hands, before), probe(hands, after)]
    return was === is ? undefined : `it was "${was}" and is "${is}"`
  }),

  promise('a guess is paid for before it is looked at', ({ done }) =>
    done.free === undefined ? undefined : 'nothing was taken for it',
  ),

  promise('codes in a row turn a device off for the side they came from', ({ after, story }) => {
    const most = story.limits.account.failuresInARow
    const over = Object.entries(after.memory.rows).find(([, looks]) => looks > most)
    return over === undefined ? undefined : `${over[1]} looks at ${over[0]}`
  }),

  promise('a secret that was replaced while it was looked at opens nothing', ({ before, done }) => {
    const { flight, account } = before
    if (flight === undefined || done.scene.flight !== undefined || done.ending === 'died') return undefined
    const now =
      flight.what === 'password'
        ? account.password?.verifier
        : flight.what === 'key' || flight.what === 'reset key'
          ? account.twoStep.kind === 'on'
            ? account.twoStep.key?.verifier
            : undefined
          : account.challenges.find(each => each.of === flight.of && each.verifier === flight.given)?.verifier
    return now !== flight.given && !done.ending.startsWith('wrong') ? `it came to "${done.ending}"` : undefined
  }),

  promise('two-step verification moves along the arrows of its drawing only', ({ before, after, story }) => {
    const [from, to] = [before.account.twoStep, after.account.twoStep]
    if (from.kind === to.kind) return undefined
    const arrow = `${from.kind} → ${to.kind}`
    if (!arrows.includes(arrow)) return arrow
    const { waiting } = story.limits.account
    const { changedAt, number, shownKey, retyped } = before.memory
    const { now } = after
    if (to.kind === 'enrolling' && from.kind === 'off' && changedAt !== undefined && now < changedAt + waiting.period) {
      return 'it did not wait'
    }
    if (to.kind === 'enrolling' && from.kind === 'ready' && now >= from.deadline) return 'the thirty days were over'
    if (to.kind === 'waiting' && to.until < (after.memory.changedAt ?? 0) + waiting.period)
      return 'the wait is too short'
    if (to.kind !== 'on') return undefined
    if (from.kind === 'enrolling' && now >= from.deadline) return 'the deadline was over'
    return number && shownKey !== undefined && retyped && to.key?.verifier === shownKey
      ? undefined
      : 'a step was left out'
  }),

  promise('nothing is ever half-enabled', ({ after: { account } }) => {
    const { twoStep } = account
    if (twoStep.kind === 'on') {
      if (!twoStep.devices.some(each => each.kind === 'number')) return 'no number is trusted'
      return account.identity.questions.length > 0 ? 'security questions stand' : undefined
    }
    if (account.appPasswords.length > 0) return 'app-specific passwords without two-step'
    if (account.resets.length + account.signIns.length > 0) return 'second steps are waited for'
    if (account.browsers.some(each => each.trustedUntil !== undefined)) return 'a browser is trusted'
    const secrets = account.challenges.some(each => each.draft !== undefined)
    return secrets && twoStep.kind !== 'enrolling' ? 'a code of an enrolment is left' : undefined
  }),

  promise(
    'no factor changes but by fresh proofs, and every address is told',
    ({ before, after, move, done, story }) => {
      if (factorsOf(before) === factorsOf(after)) return undefined
      const told = done.change?.notices ?? []
      const addresses = before.account.addresses.map(each => each.address)
      const all = told.some(each => addresses.every(address => each.to.includes(address)))
      if (!all) return 'nobody is told'
      if (!isOn(before.account) || done.ending === 'reset' || done.ending === 'verified') return undefined
      const { P, D } = before.memory.proved[move.who] ?? { P: undefined, D: undefined }
      const { freshProof } = story.limits.account
      const stale = [P, D].some(at => at === undefined || after.now - at > freshProof)
      return stale ? `"${move.name}" by proofs that are not fresh` : undefined
    },
  ),

  promise('a limited session verifies a new device and does nothing else', ({ after, story, hands, core }) => {
    for (const { id } of after.account.sessions.filter(each => each.level === 'limited')) {
      const as = withPerson(after, 'theo', { session: id })
      const tried = [
        hands.changePassword(as, 'theo'),
        hands.replaceKey(as, 'theo'),
        hands.send(as, 'theo', 'step-up', 'n1'),
        ...factorMoves(core).map(each =>
          hands.inSession(as, 'theo', (account, session, text, now) => each(account, session, text, now, story.limits)),
        ),
      ]
      const opened = tried.find(each => each.change !== undefined)
      if (opened !== undefined) return `"${opened.ending}"`
    }
    return undefined
  }),

  promise('what is written and told carries no secret', ({ done }) => {
    const told = JSON.stringify([done.change?.events, done.change?.notices.map(({ to: _, ...rest }) => rest)])
    return /§(code|key|password|secret|no such|[a-z-]+ token)/.exec(told)?.[0]
  }),
]

const arrows = [
  ...['off → waiting', 'off → enrolling', 'waiting → ready', 'waiting → off', 'ready → waiting', 'ready → enrolling'],
  ...['enrolling → waiting', 'enrolling → ready', 'enrolling → on', 'on → off'],
]

// What the owner meets at a browser of theirs: the password, a code to each device, and the code.
function probe(hands: Hands, state: Scene): string {
  const { anna } = state.people
  if (anna === undefined || anna.cookie === undefined || !isOn(state.account)) return ''
  const begins: Scene = { ...state, people: { ...state.people, anna: { ...anna, signIn: undefined } } }
  const password = hands.password(begins, 'anna', state.account.password?.verifier ?? '')
  const told: string[] = [password.ending]
  if (password.ending === 'second_step_needed') {
    for (const { id } of devicesOf(state.account)) {
      const sent = hands.send(password.scene, 'anna', 'sign-in', id)
      told.push(sent.ending)
      const all = withPerson(sent.scene, 'anna', { devices: [id] })
      if (sent.ending === 'sent') told.push(hands.code(all, 'anna', 'code').ending)
    }
  }
  const session = state.account.sessions.find(each => each.id === anna.session)
  if (session !== undefined) {
    told.push(hands.send(begins, 'anna', 'step-up', 'n1').ending, hands.sendNew(begins, 'anna', aNumber('n9')).ending)
  }
  return told.join(', ')
}
