// What the compiler says about the client's part for accounts: its hand-written types are the contract's, both ways, and what
// must not compile does not.

import type * as client from '#client/index.ts'
import type { Account, Device, PasswordResets, SignIns, SignUps, Twostep, Users } from '#client/index.ts'
import type * as addresses from '#contract/account-addresses.ts'
import type * as appPasswords from '#contract/account-app-passwords.ts'
import type * as device from '#contract/account-device.ts'
import type * as history from '#contract/account-history.ts'
import type * as resets from '#contract/account-password-resets.ts'
import type * as stepUp from '#contract/account-step-up.ts'
import type * as twoStep from '#contract/account-two-step.ts'
import type * as users from '#contract/account-users.ts'
import type * as accounts from '#contract/accounts.ts'
import type { Answers, Bare, Same, Takes, Value } from './types.ts'

type Asks<Call, At extends number = 0> = Call extends (...given: infer Given) => unknown ? Bare<Given[At]> : never
type Told<Call extends (...args: never) => Promise<unknown>> = Bare<Value<Call>>
/** What one of two kinds of answer is. */
type Kind<T, K> = Extract<T, { kind: K }>

export const answers: readonly true[] = [
  true satisfies Same<Told<SignUps['complete']>, Answers<typeof accounts.signedInAnswer>>,
  true satisfies Same<Kind<Told<SignIns['begin']>, 'signed_in'>, Answers<typeof accounts.signedInAnswer>>,
  true satisfies Same<Kind<Told<SignIns['begin']>, 'second_step_needed'>, Answers<typeof accounts.secondStepAnswer>>,
  true satisfies Same<Told<SignIns['get']>, Answers<typeof accounts.signInAnswer>>,
  true satisfies Same<Told<SignIns['sendCode']>, Answers<typeof accounts.codeSentAnswer>>,
  true satisfies Same<Told<SignIns['useRecoveryKey']>, Answers<typeof accounts.limitedAnswer>>,
  true satisfies Same<Told<PasswordResets['begin']>, Answers<typeof resets.begunAnswer>>,
  true satisfies Same<Told<PasswordResets['checkCode']>, Answers<typeof resets.resetAnswer>>,
  true satisfies Same<Told<PasswordResets['setPassword']>, Answers<typeof resets.resetDoneAnswer>>,
  true satisfies Same<client.AccountState, Answers<typeof accounts.accountAnswer>>,
  true satisfies Same<Told<Account['sessions']['list']>, Answers<typeof accounts.sessionsAnswer>>,
  true satisfies Same<Told<Account['browsers']['list']>, Answers<typeof accounts.browsersAnswer>>,
  true satisfies Same<client.AddressesState, Answers<typeof addresses.addressesAnswer>>,
  true satisfies Same<Told<Account['addresses']['add']>, Answers<typeof addresses.mailedAnswer>>,
  true satisfies Same<client.ActivityPage, Answers<typeof history.activityAnswer>>,
  true satisfies Same<client.AccountExport['events'], Answers<typeof history.exportAnswer>['events']>,
  true satisfies Same<Told<Account['close']>, Answers<typeof history.closedAnswer>>,
  true satisfies Same<client.AccountTwoStepState, Answers<typeof twoStep.twoStepAnswer>>,
  true satisfies Same<Told<Account['twoStep']['addDevice']>, Answers<typeof twoStep.newDeviceAnswer>>,
  true satisfies Same<Told<Account['twoStep']['showRecoveryKey']>, Answers<typeof twoStep.recoveryKeyAnswer>>,
  true satisfies Same<client.SecurityQuestionsState, Answers<typeof twoStep.securityQuestionsAnswer>>,
  true satisfies Same<client.TrustedDevices, Answers<typeof twoStep.devicesAnswer>>,
  true satisfies Same<Told<Account['devices']['check']>, Answers<typeof twoStep.deviceVerifiedAnswer>>,
  true satisfies Same<Told<Account['devices']['rename']>, Answers<typeof twoStep.deviceAnswer>>,
  true satisfies Same<client.FreshProofs, Answers<typeof stepUp.stepUpAnswer>>,
  true satisfies Same<Told<Account['gates']['list']>, Answers<typeof stepUp.gatesAnswer>>,
  true satisfies Same<Told<Account['gates']['pass']>, Answers<typeof stepUp.gatePassedAnswer>>,
  true satisfies Same<Told<Account['appPasswords']['list']>, Answers<typeof appPasswords.appPasswordsAnswer>>,
  true satisfies Same<Told<Account['appPasswords']['make']>, Answers<typeof appPasswords.appPasswordMadeAnswer>>,
  true satisfies Same<Told<Twostep['appPasswords']['check']>, Answers<typeof appPasswords.appPasswordRightAnswer>>,
  true satisfies Same<Told<Twostep['gates']['list']>, Answers<typeof stepUp.definedGatesAnswer>>,
  true satisfies Same<Told<Twostep['gates']['define']>, Answers<typeof stepUp.definedGateAnswer>>,
  true satisfies Same<client.UsersPage, Answers<typeof users.usersAnswer>>,
  true satisfies Same<Kind<Told<Users['assert']>, 'signed_in'>['amr'], Answers<typeof users.signedInUserAnswer>['amr']>,
  true satisfies Same<Kind<Told<Users['assert']>, 'second_step_needed'>, Answers<typeof users.secondStepOfUserAnswer>>,
  true satisfies Same<Told<Users['signIn']>, Answers<typeof users.userSignInAnswer>>,
  true satisfies Same<Told<Users['assertAnew']>, Answers<typeof users.assertedAnewAnswer>>,
  true satisfies Same<client.DeviceState, Answers<typeof device.deviceAnswer>>,
  true satisfies Same<Told<Device['notifications']>, Answers<typeof device.notificationsAnswer>>,
  true satisfies Same<Told<Twostep['pushKey']>, Answers<typeof device.pushKeyAnswer>>,
]

export const requests: readonly true[] = [
  true satisfies Same<Asks<SignUps['request']>, Takes<typeof accounts.signUpRequest>>,
  true satisfies Same<Asks<SignUps['complete']>, Takes<typeof accounts.accountRequest>>,
  true satisfies Same<Asks<SignIns['begin']>, Takes<typeof accounts.signInRequest>>,
  true satisfies Same<Asks<SignIns['checkCode'], 1>, Takes<typeof accounts.checkSignInCodeRequest>>,
  true satisfies Same<Asks<SignIns['useRecoveryKey'], 1>, Takes<typeof accounts.recoveryKeyRequest>>,
  true satisfies Same<Asks<PasswordResets['begin']>, Takes<typeof resets.beginResetRequest>>,
  true satisfies Same<Asks<PasswordResets['setPasswordByMail']>, Takes<typeof resets.mailedResetRequest>>,
  true satisfies Same<Asks<Account['changePassword']>, Takes<typeof accounts.newPasswordRequest>>,
  true satisfies Same<Asks<Account['addresses']['add']>, Takes<typeof addresses.addAddressRequest>>,
  true satisfies Same<client.NewDevice, Takes<typeof device.newDevice>>,
  true satisfies Same<Asks<Account['twoStep']['confirm']>, Takes<typeof twoStep.confirmRequest>>,
  true satisfies Same<Asks<Account['stepUp']['password']>, Takes<typeof stepUp.stepUpPasswordRequest>>,
  true satisfies Same<Asks<Account['appPasswords']['make']>, Takes<typeof appPasswords.makeAppPasswordRequest>>,
  true satisfies Same<client.GateRule, Takes<typeof stepUp.defineGateRequest>>,
  true satisfies Same<Bare<client.Assertion>, Takes<typeof users.assertRequest>>,
  true satisfies Same<Asks<Users['checkCode'], 2>, Takes<typeof users.checkUserCodeRequest>>,
  true satisfies Same<Asks<Twostep['appPasswords']['check']>, Takes<typeof appPasswords.checkAppPasswordRequest>>,
  true satisfies Same<Asks<Device['notMe']>, Takes<typeof device.notMeRequest>>,
  true satisfies Same<Asks<Device['move']>, Takes<typeof device.moveDevice>>,
]

// ——— what must not compile

export async function refused(twostep: Twostep): Promise<void> {
  const begun = await twostep.signIns.begin({ identifier: 'ada@example.com', password: 'x' })
  if (!begun.ok) return
  // @ts-expect-error it may be the second step that comes next
  begun.value.session
  if (begun.value.kind === 'second_step_needed') {
    // @ts-expect-error a code is text
    await twostep.signIns.checkCode(begun.value, { code: 1234 })
    return
  }
  const { token } = begun.value.session
  // @ts-expect-error a secret is no text until it is revealed
  token satisfies string
  const account = twostep.account(token)
  // @ts-expect-error "I understand" is said by the person
  await account.twoStep.confirm({ understood: false })
  const closed = await account.close()
  if (closed.ok) return
  // @ts-expect-error no such call ends so
  if (closed.problem.kind === 'last_address') return
  if (closed.problem.kind === 'step_up_needed') {
    closed.problem.missing satisfies readonly ('password' | 'device_code')[]
  }
}
