// The registrations of an application and the lock on each: what the calls take and answer. Names are the wire's; a moment is
// ISO 8601, a wait is whole seconds (`_s`).

import type { Result } from './problem.ts'
import { at, type Change, type Rest, type RestOptions } from './rest.ts'

/** A registration of a number by an application. */
export interface RegistrationState {
  readonly id: string
  /** E.164. */
  readonly number: string
  readonly state: 'not_proved' | 'proved' | 'registered' | 'ended'
  /** What to call now. */
  readonly next: 'send_code' | 'check_code' | 'complete' | 'none'
  readonly created_at: string
  /** While the number is not proved. */
  readonly code: {
    /** `null`: no code is out. */
    readonly expires_in_s: number | null
    readonly checks_left: number
    readonly check_wait_s: number
    /** From when another code can be sent. */
    readonly send_wait_s: number
  } | null
  readonly registered_at: string | null
  /** Once it is registered. A new one when the old account was reset. */
  readonly account_id: string | null
}

/** A registration that was completed. */
export interface CompletedRegistration extends RegistrationState {
  /** What of the earlier holder is to be deleted. */
  readonly reset: 'none' | 'pending_messages' | 'account'
}

/** How a code is sent. */
export interface CodeRequest {
  /** By default `sms`. */
  readonly method?: 'sms' | 'voice' | undefined
  /** The language of the message: a tag such as `pt-BR`. By default `en`. */
  readonly locale?: string | undefined
}

/** A registration to be begun. */
export interface BeginRequest extends CodeRequest {
  /** In any spelling. */
  readonly number: string
  /** Where a number without its country code is dialled: two letters, such as `GB`. */
  readonly country?: string | undefined
}

/** How a registration is completed: with the PIN, or without it and at what cost. */
export type CompleteRequest =
  | { readonly pin?: string | undefined; readonly accept_reset?: undefined }
  | {
      readonly pin?: undefined
      /** The most that may be lost: what `wipe_effect` said, and the person agreed to. */
      readonly accept_reset: 'pending_messages' | 'account'
    }

type CodeKind = 'too_many_codes' | 'country_not_served' | 'line_not_served' | 'codes_paused'
type GuessKind = 'wrong_pin' | 'guess_too_soon' | 'pin_closed' | 'overloaded'
type HeldKind = 'no_such_registration' | 'not_registered'

/** Registering numbers: begin, prove, complete. Each takes the id that `begin` answered. */
export interface Registrations {
  /** Begins, and has a code sent to the number. */
  begin(request: BeginRequest, options?: RestOptions): Promise<Result<RegistrationState, CodeKind>>
  get(id: string, options?: RestOptions): Promise<Result<RegistrationState, 'no_such_registration'>>
  /** Has another code sent. The one before it is void. */
  sendCode(
    id: string,
    request?: CodeRequest,
    options?: RestOptions,
  ): Promise<Result<RegistrationState, 'no_such_registration' | CodeKind>>
  /** Proves the number with the code that came. `wrong_code` never says why. */
  checkCode(
    id: string,
    request: { readonly code: string },
    options?: RestOptions,
  ): Promise<Result<RegistrationState, 'no_such_registration' | 'wrong_code' | 'check_too_soon' | 'checks_spent'>>
  /** Registers, past the lock if there is one: `pin_needed` has what the person needs. */
  complete(
    id: string,
    request?: CompleteRequest,
    options?: RestOptions,
  ): Promise<
    Result<
      CompletedRegistration,
      | 'no_such_registration'
      | 'not_proved'
      | 'attempts_spent'
      | 'deleted_recently'
      | 'pin_needed'
      | 'weak_pin'
      | GuessKind
    >
  >
  /** The person used the app: the days without use begin anew. Never from a background job. */
  reportUse(
    id: string,
    options?: RestOptions,
  ): Promise<Result<{ readonly counted: boolean; readonly last_use: string }, HeldKind>>
  /** Ends the registration. The PIN stays on the number. */
  deregister(id: string, options?: RestOptions): Promise<Result<RegistrationState, HeldKind | 'attempts_spent'>>
}

/** The lock as its holder sees it. */
export interface TwoStepState {
  readonly enabled: boolean
  readonly set_at: string | null
  readonly recovery_email: {
    /** Masked. */
    readonly address: string
    readonly confirmed: boolean
    /** Whether a link would be sent there. */
    readonly counts: boolean
  } | null
  readonly guesses_left: number | null
  readonly guess_wait_s: number | null
}

/** Where the mail that removes the PIN stands. */
export interface RecoveryMail {
  readonly state: 'none' | 'mailed' | 'lock_removed'
  readonly expires_in_s: number | null
  /** How often to look. */
  readonly min_poll_s: number
  readonly next: 'request' | 'poll' | 'complete'
}

/** When the person is next asked for the PIN, so that it is not forgotten. */
export interface Reminder {
  readonly due: boolean
  readonly due_in_s: number
  readonly due_at: string
}

/** Whether somebody else proved the number and stands before the lock. */
export interface Contest {
  readonly contested: boolean
  readonly since: string | null
  readonly wipe_wait_s: number | null
  readonly delete_wait_s: number | null
}

type Pin = { readonly pin: string }

/** The lock on a registration: its PIN, its recovery address, its reminders, contests over it. */
export interface TwoStep {
  get(id: string, options?: RestOptions): Promise<Result<TwoStepState, HeldKind>>
  /** Turns it on. The address is optional, and written twice. */
  enable(
    id: string,
    request: Pin & { readonly email?: string | undefined; readonly email_repeat?: string | undefined },
    options?: RestOptions,
  ): Promise<Result<TwoStepState, HeldKind | 'two_step_on' | 'too_many_mails' | 'weak_pin' | 'overloaded'>>
  changePin(
    id: string,
    request: Pin & { readonly current_pin: string },
    options?: RestOptions,
  ): Promise<Result<TwoStepState, HeldKind | 'two_step_off' | 'same_pin' | 'weak_pin' | GuessKind>>
  /** `email: null` takes the address away. */
  changeEmail(
    id: string,
    request: Pin & { readonly email: string | null; readonly email_repeat?: string | null | undefined },
    options?: RestOptions,
  ): Promise<Result<TwoStepState, HeldKind | 'two_step_off' | 'too_many_mails' | GuessKind>>
  turnOff(
    id: string,
    request: Pin,
    options?: RestOptions,
  ): Promise<Result<TwoStepState, HeldKind | 'two_step_off' | GuessKind>>
  /** Mails the link that removes the PIN, for who proved the number. */
  requestRecoveryMail(
    id: string,
    options?: RestOptions,
  ): Promise<
    Result<
      RecoveryMail,
      'no_such_registration' | 'not_proved' | 'two_step_off' | 'no_recovery_address' | 'too_many_mails'
    >
  >
  recoveryMail(id: string, options?: RestOptions): Promise<Result<RecoveryMail, 'no_such_registration' | 'not_proved'>>
  reminder(id: string, options?: RestOptions): Promise<Result<Reminder, HeldKind | 'two_step_off'>>
  answerReminder(
    id: string,
    request: Pin,
    options?: RestOptions,
  ): Promise<Result<Reminder, HeldKind | 'two_step_off' | 'reminder_not_due' | GuessKind>>
  contest(id: string, options?: RestOptions): Promise<Result<Contest, HeldKind>>
  /** Ends a contest, from the registered device. */
  endContest(
    id: string,
    request: Pin,
    options?: RestOptions,
  ): Promise<Result<Contest, HeldKind | 'two_step_off' | 'no_contest' | GuessKind>>
}

export function registrationsOf({ read, change }: Rest): Registrations {
  const post = (id: string, edge: string, body: object, options?: RestOptions): Change => ({
    method: 'POST',
    path: at('registrations', id, edge),
    body,
    options,
  })
  return {
    begin: async (request, options) => change({ method: 'POST', path: 'registrations', body: request, options }),
    get: async (id, options) => read(at('registrations', id), options),
    sendCode: async (id, request = {}, options) => change(post(id, 'code', request, options)),
    checkCode: async (id, request, options) => change(post(id, 'code/check', request, options)),
    complete: async (id, request = {}, options) => change(post(id, 'complete', request, options)),
    reportUse: async (id, options) => change(post(id, 'use', {}, options)),
    deregister: async (id, options) => change(post(id, 'deregister', {}, options)),
  }
}

export function twoStepOf({ read, change }: Rest): TwoStep {
  const send = (method: 'POST' | 'PUT', edge: string) => {
    return async <Ends>(id: string, body: object, options?: RestOptions): Promise<Ends> =>
      change({ method, path: at('registrations', id, edge), body, options })
  }
  const look = (edge: string) => {
    return async <Ends>(id: string, options?: RestOptions): Promise<Ends> =>
      read(at('registrations', id, edge), options)
  }
  const mail = send('POST', 'recovery-mail')
  return {
    get: look('two-step'),
    enable: send('PUT', 'two-step'),
    changePin: send('POST', 'two-step/pin'),
    changeEmail: send('PUT', 'two-step/email'),
    turnOff: send('POST', 'two-step/off'),
    requestRecoveryMail: async (id, options) => mail(id, {}, options),
    recoveryMail: look('recovery-mail'),
    reminder: look('reminder'),
    answerReminder: send('POST', 'reminder'),
    contest: look('contest'),
    endContest: send('POST', 'contest'),
  }
}
