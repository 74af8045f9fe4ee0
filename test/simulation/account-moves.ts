// Everything that the owner, a thief and an operator can try. A thief tries all there is: what needs a session is tried with
// every token that the thief was ever handed.

import type { Limits } from '#core/throttle/limits.ts'
import type { AccountCore } from './account-core.ts'
import { aDevice, aNumber, both, type Done, type Hands, personOf, type Scene, withPerson } from './account-hands.ts'

export type Move = {
  readonly name: string
  readonly who: string
  /** Spends a guess, which may stay in flight. */
  readonly spends: boolean
  /** `undefined` where nobody could even try. */
  readonly run: (hands: Hands, scene: Scene, limits: Limits) => Done | undefined
}

const move = (who: string, name: string, run: Move['run'], spends = false): Move => ({
  name: `${who}: ${name}`,
  who,
  spends,
  run,
})

const still = (scene: Scene, ending: string): Done => ({ scene, ending, change: undefined })

export const tick: Move = move('time', 'passes', (_, scene) => ({
  scene: { ...scene, now: (scene.now + 1) as Scene['now'] },
  ending: 'time',
  change: undefined,
}))

export const settle: Move = move('time', 'the look settles', (hands, scene) =>
  scene.flight === undefined ? undefined : hands.settle(scene),
)
export const die: Move = move('time', 'the process dies', (_, scene) =>
  scene.flight === undefined ? undefined : still({ ...scene, flight: undefined }, 'died'),
)

// ——— guesses

export const password = (who: string, given: 'known' | 'wrong'): Move =>
  move(
    who,
    `tries ${given === 'known' ? 'the password they know' : 'a wrong password'}`,
    (hands, scene) => {
      const text = given === 'known' ? personOf(scene, who).password : '§no such password'
      return text === undefined ? undefined : hands.spendPassword(scene, who, text)
    },
    true,
  )

export const key = (who: string, what: 'key' | 'reset key', given: 'known' | 'wrong'): Move =>
  move(
    who,
    `tries ${given === 'known' ? 'the Recovery Key they have' : 'a wrong Recovery Key'} as a ${what}`,
    (hands, scene) => {
      const text = given === 'known' ? personOf(scene, who).key : '§no such key'
      return text === undefined ? undefined : hands.spendKey(scene, who, what, text)
    },
    true,
  )

type CodeWhat = Parameters<Hands['spendCode']>[2]

/** Types the code that was sent, as whoever holds the device reads it; else one that is wrong. */
export const code = (who: string, what: CodeWhat, given?: string): Move =>
  move(
    who,
    `types ${given ?? 'what they read'} as a ${what}`,
    (hands, scene) => hands.spendCode(scene, who, what, given),
    true,
  )

export const send = (who: string, purpose: Parameters<Hands['send']>[2], device: string): Move =>
  move(who, `has a code sent to ${device} to ${purpose}`, (hands, scene) => hands.send(scene, who, purpose, device))

export const setPassword = (who: string): Move =>
  move(who, 'sets a new password', (hands, scene) => hands.setPassword(scene, who))

// ——— a thief with whatever token there is

export const misuse = (who: string, core: AccountCore): Move =>
  move(who, 'uses every token for everything', (hands, scene, limits) => {
    const { signIn, reset, session } = personOf(scene, who)
    for (const token of [signIn, reset, session, scene.account.id]) {
      if (token === undefined) continue
      const as = withPerson(scene, who, { session: token, signIn: token, reset: token })
      const tried = [
        hands.changePassword(as, who),
        hands.replaceKey(as, who),
        hands.sendNew(as, who, aNumber('n9')),
        hands.setPassword(as, who),
        ...factorMoves(core).map(each =>
          hands.inSession(as, who, (account, id, text, now) => each(account, id, text, now, limits)),
        ),
      ]
      for (const done of tried) if (done.change !== undefined) return done
    }
    return still(scene, 'refused')
  })

type Decide = (
  account: Scene['account'],
  session: string,
  text: string,
  now: Scene['now'],
  limits: Limits,
) => { readonly kind: string }

/** Everything that changes a factor, or opens or ends something, by a session. */
export const factorMoves = (core: AccountCore): readonly Decide[] => [
  (account, session, _, now, limits) => core.removeDevice(account, { session, device: 'd2' }, now, limits),
  (account, session, _, now, limits) => core.turnDevicesOn(account, session, now, limits),
  (account, session, _, now, limits) => core.turnOff(account, { session, identity: identity }, now, limits),
  (account, session, text, now, limits) =>
    core.makeAppPassword(account, { session, id: 'x', label: 'x', service: 'x', verifier: text }, now, limits),
  (account, session, text, now, limits) =>
    core.addAddress(account, { session, address: 'thief@example.org', verifier: text }, now, limits),
  (account, session, _, now, limits) => core.closeAccount(account, session, now, limits),
  (account, session, _, now, limits) => core.endSessions(account, { session, which: 'all' }, now, limits),
  (account, session, text, now, limits) => core.showNewKey(account, { session, verifier: text }, now, limits),
]

export const identity = {
  questions: [1, 2, 3].map(each => ({ question: `question ${each}`, verifier: `answer ${each}` })),
  birthDate: 'date of birth',
}

/** Reads the mailbox: has a reset mailed, and uses the link. Operators can do no more than this. */
export const mailbox = (who: string, core: AccountCore): Move =>
  move(who, 'has a reset mailed and uses the link', (hands, scene, limits) => {
    const { account, now } = scene
    const mailed = core.mailReset(account, '§secret link', now, limits)
    const reached = mailed.kind === 'mailed' ? mailed.next : account
    const verifier = `§password of ${who}`
    const change = core.resetByMail(reached, { link: '§secret link', verifier, notMe: '§not me' }, now, limits)
    if (change === undefined) return still(scene, mailed.kind)
    const done = hands.store(scene, { kind: 'reset by mail', ...change })
    return { ...done, scene: withPerson(done.scene, who, { password: verifier }) }
  })

/** Whoever holds a device says "not me" to what it shows. */
export const deny = (who: string, device: string, core: AccountCore): Move =>
  move(who, `says "not me" on ${device}`, (hands, scene) => {
    const shown = scene.account.challenges.find(each => each.device === device)
    const change = shown && core.denied(scene.account, { device, of: shown.of }, scene.now)
    return change === undefined ? still(scene, 'nothing shown') : hands.store(scene, { kind: 'denied', ...change })
  })

// ——— the owner, in one go

/** Several things one after the other, as far as they go. */
const chain =
  (...steps: readonly ((scene: Scene) => Done)[]) =>
  (scene: Scene): Done =>
    steps.reduce((done, step) => both(done, step(done.scene)), still(scene, ''))

export const signsIn = (who: string, how: { readonly trust: boolean; readonly cookie: boolean }): Move =>
  move(who, `signs in${how.cookie ? '' : ' on a new browser'}${how.trust ? ' and trusts it' : ''}`, (hands, scene) => {
    if (scene.flight !== undefined) return undefined
    const person = personOf(scene, who)
    const at = how.cookie ? scene : withPerson(scene, who, { cookie: undefined })
    return chain(
      now => hands.password(now, who, person.password ?? ''),
      now => (now.account.twoStep.kind === 'on' ? hands.send(now, who, 'sign-in', 'n1') : still(now, 'one step')),
      now =>
        now.account.twoStep.kind === 'on' && personOf(now, who).signIn !== undefined
          ? hands.code(now, who, 'code', undefined, how.trust)
          : still(now, 'one step'),
    )(at)
  })

export const replacesKey = (who: string): Move =>
  move(who, 'replaces the Recovery Key', (hands, scene) => hands.replaceKey(scene, who))
export const changesPassword = (who: string): Move =>
  move(who, 'changes the password', (hands, scene) => hands.changePassword(scene, who))
export const addsDevice = (who: string, id: string): Move =>
  move(who, `has a code sent to ${id}, to be trusted`, (hands, scene) =>
    hands.sendNew(scene, who, id.startsWith('n') ? aNumber(id) : aDevice(id)),
  )
export const decides = (who: string, name: string, decide: Decide): Move =>
  move(who, name, (hands, scene, limits) =>
    hands.inSession(scene, who, (account, session, text, now) => decide(account, session, text, now, limits)),
  )

/** The enrolment, a move for each arrow. */
export const enrolmentMoves = (who: string, core: AccountCore): readonly Move[] => [
  decides(who, 'begins', (account, session, _, now, limits) =>
    core.beginEnrolment(account, { session, notMe: '§secret not me' }, now, limits),
  ),
  addsDevice(who, 'd2'),
  addsDevice(who, 'n1'),
  code(who, 'enrolment code'),
  code(who, 'enrolment code', '§no such code'),
  decides(who, 'skips more devices', (account, session, _, now, limits) =>
    core.skipDevices(account, session, now, limits),
  ),
  decides(who, 'is shown a key', (account, session, text, now, limits) =>
    core.showFirstKey(account, { session, verifier: text }, now, limits),
  ),
  decides(who, 'retypes the key', (account, session, _, now, limits) => {
    const verifier = core.firstKeyToRetype(account, now) ?? '§key before'
    return core.firstKeyRetyped(account, { session, verifier }, now, limits)
  }),
  decides(who, 'enables it', (account, session, _, now, limits) =>
    core.enable(account, { session, understood: true }, now, limits),
  ),
  decides(who, 'leaves it', (account, session, _, now, limits) => core.abandonEnrolment(account, session, now, limits)),
]

export const saysNotMe = (who: string, core: AccountCore): Move =>
  move(who, 'says "not me" by the link in the mail', (hands, scene) => {
    const change = core.notMe(scene.account, '§secret not me', scene.now)
    return change === undefined ? still(scene, 'no such link') : hands.store(scene, { kind: 'not me', ...change })
  })
