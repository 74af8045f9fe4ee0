// What the compiler says about the client, checked whenever the tree is: its hand-written types are the contract's, and what
// must not compile does not.

import type { z } from 'zod'
import type {
  BeginRequest,
  CodeRequest,
  CompletedRegistration,
  CompleteRequest,
  Contest,
  LockNotice,
  OutboxMessage,
  RecoveryMail,
  RegistrationState,
  Reminder,
  Secret,
  TwoStepState,
  Twostep,
  WebhookState,
} from '#client/index.ts'
import WhatsApp, { GuessLimitError, PinMismatchError, RegistrationLimitError } from '#client/index.ts'
import type * as operator from '#contract/operator.ts'
import type * as registrations from '#contract/registrations.ts'
import type * as sandbox from '#contract/sandbox.ts'

// ——— the contract's, both ways: nothing is missing, nothing is invented

export type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : never) : never
// JSON knows no undefined: a member is there, or it is not.
export type OnTheWire<T> = T extends readonly (infer Each)[]
  ? readonly OnTheWire<Each>[]
  : T extends object
    ? { readonly [Name in keyof T]: OnTheWire<Exclude<T[Name], undefined>> }
    : T
export type Answers<Schema extends z.ZodType> = OnTheWire<z.output<Schema>>
export type Takes<Schema extends z.ZodType> = z.input<Schema>
/** What is told once is sealed by the client, and handed in sealed or as text. */
export type Bare<T> = T extends Secret
  ? string
  : T extends readonly (infer Each)[]
    ? readonly Bare<Each>[]
    : T extends object
      ? { readonly [Name in keyof T]: Bare<T[Name]> }
      : T
type Operator = Twostep['operator']
export type Value<Call extends (...args: never) => Promise<unknown>> = Extract<
  Awaited<ReturnType<Call>>,
  { ok: true }
>['value' & keyof Extract<Awaited<ReturnType<Call>>, { ok: true }>]

export const same: readonly true[] = [
  true satisfies Same<RegistrationState, Answers<typeof registrations.registrationAnswer>>,
  true satisfies Same<CompletedRegistration, Answers<typeof registrations.completedAnswer>>,
  true satisfies Same<LockNotice, Answers<typeof registrations.lockMembers>>,
  true satisfies Same<TwoStepState, Answers<typeof registrations.twoStepAnswer>>,
  true satisfies Same<RecoveryMail, Answers<typeof registrations.recoveryMailAnswer>>,
  true satisfies Same<Value<Twostep['registrations']['reportUse']>, Answers<typeof registrations.useAnswer>>,
  true satisfies Same<Reminder, Answers<typeof registrations.reminderAnswer>>,
  true satisfies Same<Contest, Answers<typeof registrations.contestAnswer>>,
  true satisfies Same<Bare<WebhookState>, Answers<typeof registrations.webhookAnswer>>,
  true satisfies Same<Value<Operator['createBusiness']>, Answers<typeof operator.createBusinessAnswer>>,
  true satisfies Same<Bare<Value<Operator['issueAccessToken']>>, Answers<typeof operator.issueAccessTokenAnswer>>,
  true satisfies Same<Value<Operator['revokeAccessTokens']>, Answers<typeof operator.revokeAccessTokensAnswer>>,
  true satisfies Same<Value<Operator['inviteAdmin']>, Answers<typeof operator.inviteAdminAnswer>>,
  true satisfies Same<Bare<Value<Operator['createApplication']>>, Answers<typeof operator.createApplicationAnswer>>,
  true satisfies Same<
    Omit<OutboxMessage, 'channel'>,
    Omit<Answers<typeof sandbox.outboxAnswer>['messages'][number], 'channel'>
  >,

  true satisfies Same<BeginRequest, Takes<typeof registrations.beginRequest>>,
  true satisfies Same<CodeRequest, Takes<typeof registrations.sendCodeRequest>>,
  // The client's is narrower: the PIN or what may be lost, never both.
  true satisfies CompleteRequest extends Takes<typeof registrations.completeRequest> ? true : never,
  true satisfies Same<
    Parameters<Twostep['registrations']['checkCode']>[1],
    Takes<typeof registrations.checkCodeRequest>
  >,
  true satisfies Same<Parameters<Twostep['twoStep']['enable']>[1], Takes<typeof registrations.enableRequest>>,
  true satisfies Same<Parameters<Twostep['twoStep']['changePin']>[1], Takes<typeof registrations.changePinRequest>>,
  true satisfies Same<
    Parameters<Twostep['twoStep']['changeEmail']>[1],
    Takes<typeof registrations.recoveryAddressRequest>
  >,
  true satisfies Same<Parameters<Twostep['twoStep']['turnOff']>[1], Takes<typeof registrations.pinRequest>>,
  true satisfies Same<Parameters<Twostep['webhook']['put']>[0], Takes<typeof registrations.webhookRequest>>,
  true satisfies Same<Parameters<Operator['createBusiness']>[0], Takes<typeof operator.createBusinessRequest>>,
  true satisfies Parameters<Operator['issueAccessToken']>[1]['permissions'] extends readonly Takes<
    typeof operator.issueAccessTokenRequest
  >['permissions'][number][]
    ? true
    : never,
  true satisfies Same<Parameters<Operator['inviteAdmin']>[1], Takes<typeof operator.inviteAdminRequest>>,
  true satisfies Same<Parameters<Operator['removeAdmin']>[1], Takes<typeof operator.removeAdminRequest>>,
  true satisfies Same<Parameters<Operator['createApplication']>[0], Takes<typeof operator.createApplicationRequest>>,
  true satisfies Same<Parameters<Twostep['sandbox']['advanceClock']>[0], Takes<typeof sandbox.moveClockRequest>>,
]

// ——— what must not compile

export async function refused(whatsapp: WhatsApp, twostep: Twostep): Promise<void> {
  // @ts-expect-error a PIN is text: 012345 would be another PIN
  await whatsapp.registration.register({ pin: 123456 })
  // @ts-expect-error likewise
  await whatsapp.twoStepVerification.setup({ pin: 123456 })
  // @ts-expect-error likewise
  await whatsapp.twoStepVerification.update({ pin: 123456 })
  // @ts-expect-error likewise
  await twostep.registrations.complete('1', { pin: 123456 })
  // @ts-expect-error likewise
  await twostep.twoStep.changePin('1', { current_pin: '837465', pin: 504829 })
  // @ts-expect-error a code is text too
  await whatsapp.phoneNumbers.verifyCode({ code: 123456 })
  // @ts-expect-error the PIN, or what may be lost
  await twostep.registrations.complete('1', { pin: '837465', accept_reset: 'account' })
  // @ts-expect-error there is no such field
  await whatsapp.phoneNumbers.get({ fields: ['pin'] })

  const { data } = await whatsapp.phoneNumbers.get({ fields: ['status'] })
  data.status satisfies string | undefined
  // @ts-expect-error it was not asked for
  data.is_pin_enabled

  const begun = await twostep.registrations.begin({ number: '+447700900123' })
  // @ts-expect-error only an answer that is ok has a value
  begun.value
  const completed = await twostep.registrations.complete('1')
  if (completed.ok) return
  const { problem } = completed
  // @ts-expect-error no such call ends so
  if (problem.kind === 'no_webhook') return
  if (problem.kind === 'pin_needed') problem.wipe_effect satisfies 'none' | 'pending_messages' | 'account'
  if (problem.kind === 'wrong_pin') problem.guesses_left satisfies number | undefined
  if (problem.kind === 'weak_pin') problem.reason satisfies string

  // @ts-expect-error a token is text
  new WhatsApp({ accessToken: 1 })
}

/** The four that are about time always have it. */
export const retryAt = (error: PinMismatchError | GuessLimitError | RegistrationLimitError): Date => error.retryAt
export const timed = [PinMismatchError, GuessLimitError, RegistrationLimitError] as const
