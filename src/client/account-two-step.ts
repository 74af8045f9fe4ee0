// Two-step verification of an account, in its owner's session: turned on step by step, devices, Recovery Key. Names are the
// wire's.

import type { SessionResult } from './problem.ts'
import type { RestOptions } from './rest.ts'
import type { Secret, SecretText } from './secret.ts'

/** A trusted device: a number, or what receives notifications. */
export interface TrustedDevice {
  readonly id: string
  readonly kind: 'number' | 'device'
  readonly name: string
  readonly model: string | null
  /** Masked: all but the last two digits. */
  readonly number: string | null
  readonly receives: 'sms' | 'notification'
  readonly added_at: string
  readonly last_used_at: string
  /** Who gets no codes here any more, after too many wrong ones. */
  readonly off_for: readonly ('known_browsers' | 'new_browsers' | 'recovery_key')[]
  /** Its notifications go nowhere. */
  readonly unreachable: boolean
}

/** What to tell the owner. `recovery_key_at_hand` is the yearly question. */
export type AccountWarning =
  | 'one_device_left'
  | 'device_off'
  | 'device_unreachable'
  | 'no_recovery_key'
  | 'recovery_key_at_hand'

/** The trusted devices. */
export interface TrustedDevices {
  readonly devices: readonly TrustedDevice[]
  readonly warnings: readonly AccountWarning[]
}

/** Where two-step verification of the account stands. */
export interface AccountTwoStepState extends TrustedDevices {
  readonly state: 'off' | 'waiting' | 'ready' | 'enrolling' | 'on'
  /** What to call now. */
  readonly next:
    | 'begin'
    | 'wait'
    | 'add_number'
    | 'add_device_or_skip'
    | 'show_recovery_key'
    | 'retype_recovery_key'
    | 'confirm'
    | 'none'
  readonly waits_until: string | null
  /** Until when turning on can be finished. */
  readonly deadline: string | null
  readonly on_since: string | null
  readonly recovery_key: { readonly since: string; readonly confirmed_at: string } | null
  /** Profile `classic` asks for both when it is turned off. */
  readonly turning_off_asks_for: readonly ('security_questions' | 'birth_date')[]
}

/** A browser's `PushSubscription`, as `toJSON()` writes it. */
export interface PushTarget {
  readonly endpoint: string
  readonly keys: { readonly p256dh: string; readonly auth: string }
  readonly expirationTime?: number | null | undefined
  /** The key of `pushKey()` that it was made for. Left out, the newest. */
  readonly application_server_key?: string | undefined
}

/** How a device's notifications reach it: by Web Push, or it fetches them. */
export type Reached = { readonly push: PushTarget } | { readonly app: true }

/** A device that is to be trusted. */
export type NewDevice =
  | {
      readonly kind: 'number'
      /** A mobile number, in any spelling. */
      readonly number: string
      readonly country?: string | undefined
      readonly name?: string | undefined
    }
  | (Reached & { readonly kind: 'device'; readonly name: string; readonly model?: string | undefined })

/** A device that was sent its own code. Its secrets are told once, to whoever registers it. */
export interface NewDeviceSent {
  readonly device: { readonly id: string; readonly kind: 'number' | 'device' }
  readonly expires_at: string
  readonly expires_in_s: number
  /** Names the device when it calls. */
  readonly device_token?: Secret
  /** Keep it where no backup takes it. */
  readonly installation?: Secret
}

/** A Recovery Key. It counts once it was retyped. */
export interface ShownRecoveryKey {
  readonly recovery_key: Secret
  readonly retype_within_s: number | null
}

/** A security question of profile `classic`. */
export interface SecurityQuestion {
  readonly question: string
  readonly answer: string
}

/** What can be read of the security questions. */
export interface SecurityQuestionsState {
  readonly security_questions: readonly { readonly question: string }[]
  readonly birth_date_known: boolean
}

export type SendNewKind =
  | 'number_not_supported'
  | 'already_trusted'
  | 'too_many_devices'
  | 'too_many_codes'
  | 'device_off'
  | 'shown_once'
export type CheckKind = 'wrong_code' | 'check_too_soon' | 'checks_spent' | 'device_off'
type At<Kind extends string = never> = SessionResult<AccountTwoStepState, 'wrong_step' | Kind>

/** Turning two-step verification on and off. `next` says what to call. */
export interface AccountTwoStep {
  get(options?: RestOptions): Promise<SessionResult<AccountTwoStepState>>
  /** Begins, or begins the wait before (`state: 'waiting'`). */
  begin(options?: RestOptions): Promise<At<'waiting_period' | 'no_confirmed_address'>>
  /** Sends a code to the first number, then to further devices. */
  addDevice(
    device: NewDevice,
    options?: RestOptions,
  ): Promise<SessionResult<NewDeviceSent, 'wrong_step' | 'number_first' | SendNewKind>>
  checkDevice(request: { readonly code: string }, options?: RestOptions): Promise<At<CheckKind>>
  skipDevices(options?: RestOptions): Promise<At>
  /** Shows a new Recovery Key, once. */
  showRecoveryKey(options?: RestOptions): Promise<SessionResult<ShownRecoveryKey, 'wrong_step' | 'shown_once'>>
  retypeRecoveryKey(
    request: { readonly recovery_key: SecretText },
    options?: RestOptions,
  ): Promise<At<'wrong_recovery_key' | 'no_key_to_retype'>>
  /** The person has said that they understand: it is on. */
  confirm(request: { readonly understood: true }, options?: RestOptions): Promise<At>
  /** Leaves it; nothing was turned on. */
  abandon(options?: RestOptions): Promise<At>
  /** Needs fresh proofs. `classic` asks for new security questions and the date of birth; `strict` for neither. */
  turnOff(
    request?: {
      readonly security_questions?: readonly SecurityQuestion[] | undefined
      readonly birth_date?: string | undefined
    },
    options?: RestOptions,
  ): Promise<
    SessionResult<
      AccountTwoStepState,
      'two_step_off' | 'identity_needed' | 'wrong_birth_date' | 'birth_date_too_soon' | 'not_in_profile' | 'overloaded'
    >
  >
  /** `classic` only. */
  securityQuestions(options?: RestOptions): Promise<SessionResult<SecurityQuestionsState>>
  /** `classic` only, while two-step is off: three. */
  setSecurityQuestions(
    request: {
      readonly security_questions: readonly SecurityQuestion[]
      readonly birth_date?: string | undefined
    },
    options?: RestOptions,
  ): Promise<
    SessionResult<SecurityQuestionsState, 'not_in_profile' | 'two_step_on' | 'birth_date_known' | 'overloaded'>
  >
}

/** The trusted devices of an account whose two-step verification is on. Changes need fresh proofs. */
export interface Devices {
  list(options?: RestOptions): Promise<SessionResult<TrustedDevices>>
  /** Sends a code to a new one. The one thing that a limited session may do. */
  add(device: NewDevice, options?: RestOptions): Promise<SessionResult<NewDeviceSent, 'two_step_off' | SendNewKind>>
  /** It is trusted. A limited session is a full one now. */
  check(
    request: { readonly code: string },
    options?: RestOptions,
  ): Promise<
    SessionResult<
      TrustedDevices & { readonly session: { readonly acr: string; readonly amr: readonly string[] } },
      CheckKind
    >
  >
  /** All get codes again. */
  turnOn(options?: RestOptions): Promise<SessionResult<TrustedDevices>>
  rename(
    id: string,
    request: { readonly name: string },
    options?: RestOptions,
  ): Promise<SessionResult<{ readonly device: TrustedDevice }, 'no_such_device'>>
  /** At once. The last number stays. */
  remove(id: string, options?: RestOptions): Promise<SessionResult<TrustedDevices, 'no_such_device' | 'last_number'>>
}

/** The Recovery Key of an account whose two-step verification is on. */
export interface RecoveryKey {
  /** Shows one that replaces the old, once it is retyped. */
  show(options?: RestOptions): Promise<SessionResult<ShownRecoveryKey, 'two_step_off' | 'shown_once'>>
  /** It was retyped: the old one is dead. */
  retype(
    request: { readonly recovery_key: SecretText },
    options?: RestOptions,
  ): Promise<SessionResult<AccountTwoStepState, 'wrong_recovery_key' | 'no_key_to_retype'>>
  /** Answers the yearly question whether it is still at hand. */
  atHand(
    request: { readonly recovery_key: SecretText },
    options?: RestOptions,
  ): Promise<SessionResult<AccountTwoStepState, 'wrong_recovery_key' | 'recovery_key_too_soon'>>
}
