// The core of accounts, spoilt on purpose, one way at a time: each is a mistake that somebody could make. A walk that does
// not find one of them is a walk that does not look.

import type { Account } from '#core/account/account.ts'
import { withDevices } from '#core/account/trusted-device.ts'
import { day } from '#core/kernel/instant.ts'
import type { Limits } from '#core/throttle/limits.ts'
import type { AccountCore } from './account-core.ts'
import { identity } from './account-moves.ts'

export type AccountMutation = {
  readonly name: string
  readonly story: string
  /** The promise that the walk must find broken. */
  readonly breaks: string
  readonly spoil: (core: AccountCore) => Partial<AccountCore>
}

const nothing = 'a stranger, or an operator, with nothing'
const thiefP = 'a thief with the password'
const thiefK = 'a thief with the Recovery Key'
const thiefD = 'a thief with a device'
const turning = 'turning it on, and off again'
const signIns = 'sign-ins that something comes between'
const resets = 'resets that something comes between'

const one = 'with one proof nothing opens, and with none'
const known = 'a stranger changes nothing for the owner’s known browsers'
const paid = 'a guess is paid for before it is looked at'
const rows = 'codes in a row turn a device off for the side they came from'
const replaced = 'a secret that was replaced while it was looked at opens nothing'
const arrows = 'two-step verification moves along the arrows of its drawing only'
const half = 'nothing is ever half-enabled'
const fresh = 'no factor changes but by fresh proofs, and every address is told'
const limited = 'a limited session verifies a new device and does nothing else'
const secret = 'what is written and told carries no secret'
const back = 'with any two proofs the owner gets all the way back'

const withRow = (limits: Limits, row: Partial<Limits['account']>): Limits => ({
  ...limits,
  account: { ...limits.account, ...row },
})
const isOff = (account: Account): Account => ({ ...account, twoStep: { kind: 'off' } })

export const accountMutations: readonly AccountMutation[] = [
  {
    name: 'a right password is a session',
    story: thiefP,
    breaks: one,
    spoil: core => ({
      passwordWasRight: (account, ...rest) => {
        const done = core.passwordWasRight(isOff(account), ...rest)
        return done && { ...done, next: { ...done.next, twoStep: account.twoStep } }
      },
    }),
  },
  {
    name: 'a Recovery Key alone resets the password',
    story: thiefK,
    breaks: one,
    spoil: core => ({
      resetPassword: (account, reset, now, limits) => {
        const proved = account.resets.map(each => ({ ...each, codeRightAt: now }))
        return core.resetPassword({ ...account, resets: proved }, reset, now, limits)
      },
    }),
  },
  {
    name: 'a mailbox resets the password while two-step is on',
    story: nothing,
    breaks: one,
    spoil: core => ({
      mailReset: (account, ...rest) => {
        const mailed = core.mailReset(isOff(account), ...rest)
        return 'next' in mailed ? { ...mailed, next: { ...mailed.next, twoStep: account.twoStep } } : mailed
      },
      resetByMail: (account, ...rest) => {
        const change = core.resetByMail(isOff(account), ...rest)
        return change && { ...change, next: { ...change.next, twoStep: account.twoStep } }
      },
    }),
  },
  {
    name: 'a sign-in whose second step is missing counts as a session',
    story: thiefP,
    breaks: one,
    spoil: core => ({
      closeAccount: (account, session, now, limits) => {
        const own = account.sessions[0]
        const begun = account.signIns.some(each => each.id === session)
        if (own === undefined || !begun) return core.closeAccount(account, session, now, limits)
        const proofs = { P: now, D: now, K: undefined }
        const sessions = [{ ...own, id: session, proofs, beganAt: now, lastUsedAt: now }]
        return core.closeAccount({ ...account, sessions }, session, now, limits)
      },
    }),
  },
  {
    name: 'strangers and known browsers wait together after wrong passwords',
    story: nothing,
    breaks: known,
    spoil: core => ({
      spendPasswordTry: (account, caller, now, limits) => {
        const browser = account.browsers[0]
        const shared = browser && { id: browser.id, verifier: browser.verifier }
        return core.spendPasswordTry(account, { ...caller, browser: shared }, now, limits)
      },
    }),
  },
  {
    name: 'strangers and known browsers have one open code between them',
    story: thiefP,
    breaks: known,
    spoil: core => ({
      chooseDevice: (account, choice, now, limits) => {
        const mixed = account.signIns.map(each => ({ ...each, side: 'known' as const }))
        return core.chooseDevice({ ...account, signIns: mixed }, choice, now, limits)
      },
    }),
  },
  {
    name: 'a password is looked at for nothing',
    story: nothing,
    breaks: paid,
    spoil: core => ({
      spendPasswordTry: (account, ...rest) => {
        const spent = core.spendPasswordTry(account, ...rest)
        return spent.kind === 'look' ? { ...spent, next: account } : spent
      },
    }),
  },
  {
    name: 'a code is looked at for nothing',
    story: thiefP,
    breaks: paid,
    spoil: core => ({
      spendSignInCheck: (account, ...rest) => {
        const spent = core.spendSignInCheck(account, ...rest)
        return spent.kind === 'look' ? { ...spent, next: account } : spent
      },
    }),
  },
  {
    name: 'a Recovery Key is looked at for nothing',
    story: nothing,
    breaks: paid,
    spoil: core => ({
      spendKeyTry: (account, ...rest) => {
        const spent = core.spendKeyTry(account, ...rest)
        return spent.kind === 'look' ? { ...spent, next: account } : spent
      },
    }),
  },
  {
    name: 'wrong codes are not counted against the device',
    story: thiefP,
    breaks: rows,
    spoil: core => ({
      spendSignInCheck: (account, ...rest) => {
        const spent = core.spendSignInCheck(account, ...rest)
        if (spent.kind !== 'look' || account.twoStep.kind !== 'on') return spent
        return { ...spent, next: withDevices(spent.next, account.twoStep.devices) }
      },
    }),
  },
  {
    name: 'a password that was changed while it was looked at opens',
    story: signIns,
    breaks: replaced,
    spoil: core => ({
      passwordWasRight: (account, right, now, limits) =>
        core.passwordWasRight(account, { ...right, verifier: account.password?.verifier ?? '' }, now, limits),
    }),
  },
  {
    name: 'a Recovery Key that was replaced while it was looked at opens',
    story: signIns,
    breaks: replaced,
    spoil: core => ({
      signInKeyRight: (account, right, now, limits) => {
        const key = account.twoStep.kind === 'on' ? account.twoStep.key?.verifier : undefined
        return core.signInKeyRight(account, { ...right, verifier: key ?? '' }, now, limits)
      },
    }),
  },
  {
    name: 'a Recovery Key that was replaced while it was looked at begins a reset',
    story: resets,
    breaks: replaced,
    spoil: core => ({
      resetKeyRight: (account, right, now, limits) => {
        const key = account.twoStep.kind === 'on' ? account.twoStep.key?.verifier : undefined
        return core.resetKeyRight(account, { ...right, verifier: key ?? '' }, now, limits)
      },
    }),
  },
  {
    name: 'nothing is waited for after a significant change',
    story: turning,
    breaks: arrows,
    spoil: core => ({
      beginEnrolment: (account, ...rest) => core.beginEnrolment({ ...account, changedAt: undefined }, ...rest),
    }),
  },
  {
    name: 'the wait is a millisecond too short',
    story: turning,
    breaks: arrows,
    spoil: core => ({
      changePassword: (account, change, now, limits) => {
        const { period, toFinish } = limits.account.waiting
        return core.changePassword(account, change, now, withRow(limits, { waiting: { period: period - 1, toFinish } }))
      },
    }),
  },
  {
    name: 'who waited too long begins all the same',
    story: turning,
    breaks: arrows,
    spoil: core => ({
      beginEnrolment: (account, begin, now, limits) => {
        const { twoStep } = account
        const late = twoStep.kind === 'ready' ? { ...twoStep, deadline: (now + 1) as typeof now } : twoStep
        return core.beginEnrolment({ ...account, twoStep: late }, begin, now, limits)
      },
    }),
  },
  {
    name: 'a key that was not retyped is enabled',
    story: turning,
    breaks: arrows,
    spoil: core => ({
      enable: (account, confirmed, now, limits) => {
        const { twoStep } = account
        const skipped = twoStep.kind === 'enrolling' ? { ...twoStep, step: 'confirm' as const } : twoStep
        return core.enable({ ...account, twoStep: skipped }, confirmed, now, limits)
      },
    }),
  },
  {
    name: 'security questions stand once two-step is on',
    story: turning,
    breaks: half,
    spoil: core => ({
      enable: (...given) => {
        const done = core.enable(...given)
        if (done.kind !== 'enabled') return done
        const asked = { ...done.next.identity, questions: identity.questions }
        return { ...done, next: { ...done.next, identity: asked } }
      },
    }),
  },
  {
    name: 'what was not confirmed is left when the enrolment is',
    story: turning,
    breaks: half,
    spoil: core => ({
      abandonEnrolment: (account, ...rest) => {
        const done = core.abandonEnrolment(account, ...rest)
        return done.kind === 'abandoned' ? { ...done, next: { ...done.next, challenges: account.challenges } } : done
      },
    }),
  },
  {
    name: 'old proofs are good enough to change the password',
    story: nothing,
    breaks: fresh,
    spoil: core => ({
      changePassword: (account, change, now, limits) =>
        core.changePassword(account, change, now, withRow(limits, { freshProof: day })),
    }),
  },
  {
    name: 'a replaced Recovery Key is told to nobody',
    story: nothing,
    breaks: fresh,
    spoil: core => ({
      newKeyRetyped: (...given) => {
        const done = core.newKeyRetyped(...given)
        return done.kind === 'replaced' ? { ...done, notices: [] } : done
      },
    }),
  },
  {
    name: 'a limited session changes the password',
    story: signIns,
    breaks: limited,
    spoil: core => ({
      changePassword: (account, change, now, limits) => {
        const proofs = { P: now, D: now, K: undefined }
        const sessions = account.sessions.map(each => ({ ...each, level: 'full' as const, proofs }))
        const lifted = account.sessions.some(each => each.level === 'limited') ? { ...account, sessions } : account
        return core.changePassword(lifted, change, now, limits)
      },
    }),
  },
  {
    name: 'the Recovery Key is written into the journal',
    story: nothing,
    breaks: secret,
    spoil: core => ({
      newKeyRetyped: (account, retyped, ...rest) => {
        const done = core.newKeyRetyped(account, retyped, ...rest)
        if (done.kind !== 'replaced') return done
        return { ...done, events: [{ kind: 'device.added', device: 'd', name: retyped.verifier }] }
      },
    }),
  },
  {
    name: 'who knows the password wears out the devices for who has the Recovery Key',
    story: thiefP,
    breaks: back,
    spoil: core => ({
      chooseResetDevice: (account, ...rest) => {
        if (account.twoStep.kind !== 'on') return core.chooseResetDevice(account, ...rest)
        const worn = account.twoStep.devices.map(each => ({
          ...each,
          failures: { ...each.failures, keyholder: each.failures.stranger },
        }))
        return core.chooseResetDevice(withDevices(account, worn), ...rest)
      },
    }),
  },
  {
    name: 'a limited session stays limited',
    story: thiefD,
    breaks: back,
    spoil: core => ({
      newDeviceVerified: (account, ...rest) => {
        const done = core.newDeviceVerified(account, ...rest)
        return done && { ...done, next: { ...done.next, sessions: account.sessions } }
      },
    }),
  },
  {
    name: 'the core throws for a device that gets notifications',
    story: thiefP,
    breaks: 'the core never breaks',
    spoil: core => ({
      chooseDevice: (account, choice, now, limits) => {
        if (choice.device === 'd2') throw new Error('spoilt')
        return core.chooseDevice(account, choice, now, limits)
      },
    }),
  },
]
