// Hands on an account: what an action does, step by step, for people who know some of its secrets and hold some of its
// devices. A verifier is the secret itself here, and comparing is `===`; spending, looking and settling are apart.

import type { Account, Made } from '#core/account/account.ts'
import type { Caller } from '#core/account/caller.ts'
import type { Slot } from '#core/account/challenge.ts'
import type { Change } from '#core/account/change.ts'
import type { PresentedBrowser } from '#core/account/trusted-browser.ts'
import type { DeviceDraft } from '#core/account/trusted-device.ts'
import type { Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { E164 } from '#core/registration-lock/phone-number.ts'
import type { Limits } from '#core/throttle/limits.ts'
import type { AccountCore } from './account-core.ts'

export type Person = {
  readonly name: string
  readonly network: string
  readonly bucket: number
  /** What they know and hold. */
  readonly password: string | undefined
  readonly key: string | undefined
  readonly devices: readonly string[]
  /** The tokens they were handed. */
  readonly cookie: PresentedBrowser | undefined
  readonly session: string | undefined
  readonly signIn: string | undefined
  readonly reset: string | undefined
}

export type People = Readonly<Record<string, Person>>

/** A secret that is being looked at: its guess was spent and stored. */
export type Flight = {
  readonly what:
    | 'password'
    | 'code'
    | 'key'
    | 'reset key'
    | 'reset code'
    | 'device code'
    | 'enrolment code'
    | 'step-up code'
  readonly by: string
  readonly of: string
  readonly given: string
  readonly verifier: string | undefined
}

export type Scene = {
  readonly now: Instant
  readonly account: Account
  readonly people: People
  readonly flight: Flight | undefined
  /** How many secrets were made on the way; each gets the next number. */
  readonly serial: number
}

export type Done = {
  readonly scene: Scene
  readonly ending: string
  readonly change: Change | undefined
  /** A secret was looked at that nothing was taken for. */
  readonly free?: true
}

/** What came of one thing after the other. */
export function both(first: Done, then: Done): Done {
  const free = first.free === undefined && then.free === undefined ? {} : ({ free: true } as const)
  if (first.change === undefined || then.change === undefined) {
    return { ...then, change: then.change ?? first.change, ...free }
  }
  const events = [...first.change.events, ...then.change.events]
  const notices = [...first.change.notices, ...then.change.notices]
  return { ...then, change: { next: then.scene.account, events, notices }, ...free }
}

export const somebody = (name: string, parts: Partial<Person> = {}): Person => ({
  name,
  ...{ network: `network of ${name}`, bucket: 0, password: undefined, key: undefined, devices: [] },
  ...{ cookie: undefined, session: undefined, signIn: undefined, reset: undefined },
  ...parts,
})

export const callerOf = (person: Person): Caller => ({
  network: person.network,
  bucket: person.bucket,
  from: { place: '', agent: person.name },
  browser: person.cookie,
})

export const personOf = (scene: Scene, who: string): Person => {
  const person = scene.people[who]
  assert(person !== undefined, `${who} is there`)
  return person
}

export const withPerson = (scene: Scene, who: string, parts: Partial<Person>): Scene => ({
  ...scene,
  people: { ...scene.people, [who]: { ...personOf(scene, who), ...parts } },
})

export const aNumber = (id: string): DeviceDraft => ({
  kind: 'number',
  id,
  name: id,
  model: undefined,
  number: `+1631555${id.replace(/\D/g, '').padStart(4, '0')}` as E164,
})

export const aDevice = (id: string): DeviceDraft => ({
  kind: 'device',
  id,
  name: id,
  model: undefined,
  address: `push of ${id}`,
  token: `token of ${id}`,
  installation: `installation of ${id}`,
})

type Ended = { readonly kind: string } & Partial<Change>

export function handsOn(core: AccountCore, limits: Limits) {
  const unchanged = (scene: Scene, ending: string): Done => ({ scene, ending, change: undefined })

  /** Stores what a decision says. `retryAt` is told as a wait. */
  function store(scene: Scene, ended: Ended & { readonly retryAt?: Instant }, parts?: Partial<Scene>): Done {
    const wait = ended.retryAt === undefined ? '' : ` +${ended.retryAt - scene.now}`
    const change = ended.next === undefined ? undefined : (ended as unknown as Change)
    const account = ended.next ?? scene.account
    return { scene: { ...scene, account, ...parts }, ending: `${ended.kind}${wait}`, change }
  }

  const fresh = (scene: Scene, what: string): { readonly scene: Scene; readonly text: string } => ({
    scene: { ...scene, serial: scene.serial + 1 },
    text: `§${what} ${scene.serial}`,
  })

  function made(scene: Scene): {
    readonly scene: Scene
    readonly signIn: Made
    readonly session: Made
    readonly browser: Made
  } {
    const { serial } = scene
    const one = (what: string): Made => ({ id: `§${what} ${serial}`, verifier: `§${what} token ${serial}` })
    return {
      scene: { ...scene, serial: serial + 1 },
      ...{ signIn: one('sign-in'), session: one('session'), browser: one('browser') },
    }
  }

  // ——— spending

  function fly(scene: Scene, ended: Ended, flight: Omit<Flight, 'verifier'>, verifier: string | undefined): Done {
    if (ended.kind !== 'look') return store(scene, ended)
    const done = store(scene, ended, { flight: { ...flight, verifier } })
    const written = (done.change?.events ?? []).some(each => each.kind.endsWith('guess_spent'))
    return written && paid(done.scene) > paid(scene) ? done : { ...done, free: true }
  }

  function spendPassword(scene: Scene, who: string, given: string): Done {
    const person = personOf(scene, who)
    const spent = core.spendPasswordTry(scene.account, callerOf(person), scene.now, limits)
    const flight = { what: 'password', by: who, of: '', given } as const
    return fly(scene, spent, flight, spent.kind === 'look' ? spent.verifier : undefined)
  }

  /** The newest code of a slot, as whoever holds the device reads it; else one that is wrong. */
  function codeRead(scene: Scene, who: string, purpose: Slot['purpose'], of: string): string {
    const found = scene.account.challenges.find(each => each.purpose === purpose && each.of === of)
    const reads = found !== undefined && personOf(scene, who).devices.includes(found.device)
    return reads ? found.verifier : '§no such code'
  }

  type CodeWhat = 'code' | 'reset code' | 'device code' | 'enrolment code' | 'step-up code'

  function slotFor(scene: Scene, who: string, what: CodeWhat): { purpose: Slot['purpose']; of: string } {
    const { signIn, reset, session } = personOf(scene, who)
    switch (what) {
      case 'code':
        return { purpose: 'sign-in', of: signIn ?? '' }
      case 'reset code':
        return { purpose: 'reset-password', of: reset ?? '' }
      case 'device code':
        return { purpose: 'add-device', of: session ?? '' }
      case 'enrolment code':
        return { purpose: 'enrol', of: scene.account.id }
      case 'step-up code':
        return { purpose: 'step-up', of: session ?? '' }
    }
  }

  function spendCode(scene: Scene, who: string, what: CodeWhat, given?: string): Done {
    const { account, now } = scene
    const { purpose, of } = slotFor(scene, who, what)
    const session = personOf(scene, who).session ?? ''
    const typed = given ?? codeRead(scene, who, purpose, of)
    const spent =
      what === 'code'
        ? core.spendSignInCheck(account, of, now, limits)
        : what === 'reset code'
          ? core.spendResetCheck(account, of, now, limits)
          : what === 'device code'
            ? core.spendNewDeviceCheck(account, of, now, limits)
            : what === 'step-up code'
              ? core.spendStepUpCheck(account, of, now, limits)
              : core.spendEnrolmentCheck(account, session, now, limits)
    const verifier = spent.kind === 'look' ? spent.verifier : undefined
    return fly(scene, spent, { what, by: who, of: what === 'enrolment code' ? session : of, given: typed }, verifier)
  }

  function spendKey(scene: Scene, who: string, what: 'key' | 'reset key', given: string): Done {
    const { account, now } = scene
    const person = personOf(scene, who)
    const caller = callerOf(person)
    const of = person.signIn ?? ''
    const spent =
      what === 'key'
        ? core.spendSignInKey(account, { signIn: of, caller }, now, limits)
        : core.spendKeyTry(account, { caller, for: 'password_reset' }, now, limits)
    return fly(scene, spent, { what, by: who, of, given }, spent.kind === 'look' ? spent.verifier : undefined)
  }

  // ——— settling

  function settle(scene: Scene, trust = false): Done {
    const { flight } = scene
    assert(flight !== undefined, 'something is in flight')
    const landed = { ...scene, flight: undefined }
    const right = flight.verifier !== undefined && flight.given === flight.verifier
    const done = right ? settleRight(landed, flight, trust) : undefined
    return done ?? settleWrong(landed, flight)
  }

  function settleRight(scene: Scene, flight: Flight, trust: boolean): Done | undefined {
    const { by, of } = flight
    const verifier = flight.verifier ?? ''
    const { account, now } = scene
    const caller = callerOf(personOf(scene, by))
    const tokens = made(scene)
    const step = { caller, tokens, trust }
    switch (flight.what) {
      case 'password': {
        const ended = core.passwordWasRight(account, { ...step, verifier, remade: undefined }, now, limits)
        if (ended === undefined) return undefined
        if (ended.kind === 'signed_in') return signedIn(tokens.scene, by, ended, tokens.browser)
        const done = store(tokens.scene, ended)
        return { ...done, scene: withPerson(done.scene, by, { signIn: ended.signIn }) }
      }
      case 'code': {
        const ended = core.signInCodeRight(account, { ...step, signIn: of, verifier }, now, limits)
        return ended && signedIn(tokens.scene, by, ended, tokens.browser)
      }
      case 'key': {
        const right = { signIn: of, caller, verifier, session: tokens.session }
        const ended = core.signInKeyRight(account, right, now, limits)
        if (ended === undefined) return undefined
        const done = store(tokens.scene, ended)
        return { ...done, scene: withPerson(done.scene, by, { session: ended.session, signIn: undefined }) }
      }
      case 'reset key': {
        const right = { caller, verifier, reset: tokens.signIn }
        const ended = core.resetKeyRight(account, right, now, limits)
        if (ended === undefined) return undefined
        const done = store(tokens.scene, ended)
        return { ...done, scene: withPerson(done.scene, by, { reset: ended.reset }) }
      }
      case 'reset code':
        return changedBy(scene, 'proved', core.resetCodeRight(account, { reset: of, verifier }, now, limits))
      case 'device code':
        return changedBy(scene, 'verified', core.newDeviceVerified(account, { session: of, verifier }, now, limits))
      case 'enrolment code':
        return changedBy(scene, 'verified', core.enrolmentCodeRight(account, { session: of, verifier }, now, limits))
      case 'step-up code':
        return changedBy(scene, 'stepped up', core.stepUpCodeRight(account, { session: of, verifier }, now, limits))
    }
  }

  function settleWrong(scene: Scene, { what, by, of }: Flight): Done {
    const { account, now } = scene
    const caller = callerOf(personOf(scene, by))
    const wrong =
      what === 'password'
        ? core.passwordWasWrong(account, caller)
        : what === 'key'
          ? core.keyWasWrong(account, { caller, for: 'sign_in' })
          : what === 'reset key'
            ? core.keyWasWrong(account, { caller, for: 'password_reset' })
            : what === 'code'
              ? core.signInCodeWrong(account, of, now, limits)
              : what === 'reset code'
                ? core.resetCodeWrong(account, of, now, limits)
                : undefined
    return wrong === undefined ? unchanged(scene, `wrong ${what}`) : store(scene, { kind: `wrong ${what}`, ...wrong })
  }

  const changedBy = (scene: Scene, kind: string, change: Change | undefined): Done | undefined =>
    change && store(scene, { kind, ...change })

  function signedIn(
    scene: Scene,
    who: string,
    ended: Ended & { readonly session: string; readonly browserGiven: boolean },
    browser: Made,
  ): Done {
    const done = store(scene, ended)
    const { cookie } = personOf(scene, who)
    const given = done.scene.account.browsers.find(each => each.id === cookie?.id)
    const next =
      given?.next?.verifier === browser.verifier ? { id: given.id, verifier: browser.verifier } : { ...browser }
    const kept = ended.browserGiven ? next : cookie
    return { ...done, scene: withPerson(done.scene, who, { session: ended.session, signIn: undefined, cookie: kept }) }
  }

  /** Spends, and settles at once. */
  const atOnce = (spent: Done, trust = false): Done =>
    spent.scene.flight === undefined ? spent : both(spent, settle(spent.scene, trust))

  // ——— sending

  type SendTo = 'sign-in' | 'reset-password' | 'step-up'

  function send(scene: Scene, who: string, purpose: SendTo, device: string): Done {
    const { scene: next, text: verifier } = fresh(scene, 'code')
    const { account, now } = scene
    const person = personOf(scene, who)
    const { from } = callerOf(person)
    const ended =
      purpose === 'sign-in'
        ? core.chooseDevice(account, { signIn: person.signIn ?? '', device, verifier }, now, limits)
        : purpose === 'reset-password'
          ? core.chooseResetDevice(account, { reset: person.reset ?? '', device, verifier }, now, limits)
          : core.chooseStepUpDevice(account, { session: person.session ?? '', device, verifier, from }, now, limits)
    return store(ended.kind === 'sent' ? next : scene, ended)
  }

  function sendNew(scene: Scene, who: string, draft: DeviceDraft): Done {
    const { scene: next, text: verifier } = fresh(scene, 'code')
    const person = personOf(scene, who)
    const add = { session: person.session ?? '', draft, verifier, from: callerOf(person).from }
    const { account, now } = scene
    const enrolling = account.twoStep.kind !== 'on'
    const ended = enrolling ? core.enrolDevice(account, add, now, limits) : core.addDevice(account, add, now, limits)
    return store(ended.kind === 'sent' ? next : scene, ended)
  }

  // ——— what a session does

  /** Whatever only needs the person's session. */
  function inSession(
    scene: Scene,
    who: string,
    decide: (account: Account, session: string, text: string, now: Instant) => Ended,
  ): Done {
    const { scene: next, text } = fresh(scene, 'secret')
    const ended = decide(scene.account, personOf(scene, who).session ?? '§no session', text, scene.now)
    return store(ended.next === undefined ? scene : next, ended)
  }

  /** A new Recovery Key, shown and retyped at once: whoever did it knows it. */
  function replaceKey(scene: Scene, who: string): Done {
    const { scene: next, text: verifier } = fresh(scene, 'key')
    const session = personOf(scene, who).session ?? '§no session'
    const shown = core.showNewKey(scene.account, { session, verifier }, scene.now, limits)
    if (shown.kind !== 'shown') return store(scene, shown)
    const ended = core.newKeyRetyped(shown.next, { session, verifier }, scene.now, limits)
    const done = store(next, ended)
    return ended.kind === 'replaced' ? { ...done, scene: withPerson(done.scene, who, { key: verifier }) } : done
  }

  function changePassword(scene: Scene, who: string): Done {
    const { scene: next, text: verifier } = fresh(scene, 'password')
    const session = personOf(scene, who).session ?? '§no session'
    const change = { session, verifier, notMe: '§not me' }
    const ended = core.changePassword(scene.account, change, scene.now, limits)
    const done = store(ended.kind === 'changed' ? next : scene, ended)
    return ended.kind === 'changed' ? { ...done, scene: withPerson(done.scene, who, { password: verifier }) } : done
  }

  function setPassword(scene: Scene, who: string): Done {
    const { scene: next, text: verifier } = fresh(scene, 'password')
    const reset = { reset: personOf(scene, who).reset ?? '', verifier, notMe: '§not me' }
    const ended = core.resetPassword(scene.account, reset, scene.now, limits)
    const done = store(ended.kind === 'reset' ? next : scene, ended)
    return ended.kind === 'reset' ? { ...done, scene: withPerson(done.scene, who, { password: verifier }) } : done
  }

  return {
    ...{
      spendPassword,
      spendCode,
      spendKey,
      settle,
      send,
      sendNew,
      inSession,
      replaceKey,
      changePassword,
      setPassword,
    },
    ...{ atOnce, store, fresh },
    password: (scene: Scene, who: string, given: string, trust = false) =>
      atOnce(spendPassword(scene, who, given), trust),
    code: (scene: Scene, who: string, what: CodeWhat, given?: string, trust = false) =>
      atOnce(spendCode(scene, who, what, given), trust),
    key: (scene: Scene, who: string, what: 'key' | 'reset key', given: string) =>
      atOnce(spendKey(scene, who, what, given)),
  }
}

// All that was taken for guesses, added up.
function paid({ account }: Scene): number {
  const delays = [...account.strangers, ...account.browsers.map(each => each.delay)]
  const tries = [...delays, ...account.keyTries.map(each => each.delay)].reduce(
    (sum, each) => sum + each.tries + (each.lastAt ?? 0),
    0,
  )
  return account.challenges.reduce((sum, each) => sum + each.checks, tries)
}

export type Hands = ReturnType<typeof handsOn>
