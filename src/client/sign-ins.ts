// Signing up, signing in and resetting a password: the calls of somebody who has no session yet. A sign-in and a reset are
// resources of their own, whose token opens their steps and nothing else.

import type { CallOptions } from './exchange.ts'
import type { OpenResult } from './problem.ts'
import { at, type Rest } from './rest.ts'
import type { Secret, SecretText } from './secret.ts'
import { readToken } from './settings.ts'

/** Where somebody was, as far as is known. Empty where nothing is. */
export interface Origin {
  readonly place: string
  readonly agent: string
}

/** A session. */
export interface Session {
  readonly id: string
  readonly name: string
  /** Whether it is the one that asks. */
  readonly current: boolean
  /** `limited`: it may verify a new trusted device, and nothing else. */
  readonly level: 'full' | 'limited'
  readonly from: Origin
  readonly began_at: string
  readonly last_used_at: string
  /** The latest end. Without use it ends before. */
  readonly expires_at: string
  /** What it amounts to (RFC 9470). */
  readonly acr: string
  /** How it was begun (RFC 8176). */
  readonly amr: readonly string[]
  /** Gates that were passed in it. */
  readonly gates: readonly string[]
}

/** A session that was just begun. Its token is told here and nowhere else. */
export interface OpenedSession extends Session {
  readonly token: Secret
}

/** Signed in. `limited`: by Recovery Key; the session verifies a new device and does nothing else until then. */
export interface SignedIn<Kind extends 'signed_in' | 'limited' = 'signed_in'> {
  readonly kind: Kind
  readonly account_id: string
  readonly session: OpenedSession
  /** What this browser is known by from now on: send it with the next sign-in. `null`: what it has goes on counting. */
  readonly browser: Secret | null
}

/** Where a code can be sent. `label` is masked. */
export interface CodeDevice {
  readonly id: string
  readonly kind: string
  readonly label: string
}

/** The first step is done. `id` and `token` go with every further step. */
export interface SecondStepNeeded {
  readonly kind: 'second_step_needed'
  readonly id: string
  readonly token: Secret
  readonly devices: readonly CodeDevice[]
  readonly expires_at: string
}

/** A sign-in that waits for its second step. */
export interface SignInState {
  readonly kind: 'second_step_needed'
  readonly id: string
  readonly devices: readonly CodeDevice[]
  readonly expires_at: string
  /** The code that is out. */
  readonly code: { readonly device: string; readonly sent_at: string } | null
}

/** A code that is on its way. */
export interface CodeSent {
  readonly device: string
  readonly expires_in_s: number
  readonly expires_at: string
}

/** A browser, as a sign-in may say it: by what it was handed, and whether to ask it for no code for a while. */
export interface BrowserSaid {
  readonly browser?: SecretText | undefined
  readonly trust_browser?: boolean | undefined
}

/** What names a sign-in or a reset: the answer that began it will do. */
export interface Begun {
  readonly id: string
  readonly token: SecretText
}

/** Signing up. */
export interface SignUps {
  /** Mails a link, or word that there is an account: who asks is answered alike. */
  request(
    request: { readonly email: string; readonly locale?: string | undefined },
    options?: CallOptions,
  ): Promise<OpenResult<{ readonly accepted: true }, 'too_many_sign_ups'>>
  /** Makes the account. `sign_up`: the end of the link. */
  complete(
    request: {
      readonly sign_up: SecretText
      readonly password: SecretText
      readonly browser?: SecretText | undefined
    },
    options?: CallOptions,
  ): Promise<OpenResult<SignedIn, 'sign_up_gone' | 'account_exists' | 'weak_password' | 'overloaded'>>
}

type SendKind = 'no_such_device' | 'too_many_codes' | 'device_off'
type CheckKind = 'wrong_code' | 'check_too_soon' | 'checks_spent' | 'device_off'

/** Signing in, step by step. */
export interface SignIns {
  /** The first step. An unknown account and a wrong password are one answer. */
  begin(
    request: BrowserSaid & { readonly identifier: string; readonly password: SecretText },
    options?: CallOptions,
  ): Promise<OpenResult<SignedIn | SecondStepNeeded, 'sign_in_refused' | 'guess_too_soon' | 'overloaded'>>
  get(signIn: Begun, options?: CallOptions): Promise<OpenResult<SignInState, 'sign_in_over'>>
  /** Sends a code to the device that the person chose. */
  sendCode(
    signIn: Begun,
    request: { readonly device: string },
    options?: CallOptions,
  ): Promise<OpenResult<CodeSent, 'sign_in_over' | SendKind>>
  checkCode(
    signIn: Begun,
    request: BrowserSaid & { readonly code: string },
    options?: CallOptions,
  ): Promise<OpenResult<SignedIn, 'sign_in_over' | CheckKind>>
  /** In without a device: a limited session. */
  useRecoveryKey(
    signIn: Begun,
    request: { readonly recovery_key: SecretText },
    options?: CallOptions,
  ): Promise<OpenResult<SignedIn<'limited'>, 'sign_in_over' | 'wrong_recovery_key' | 'recovery_key_too_soon'>>
}

/** A password reset under way. */
export interface ResetState {
  readonly id: string
  /** What to call now. */
  readonly next: 'code' | 'password'
  readonly devices: readonly CodeDevice[]
  readonly expires_at: string
}

/** One that was just begun. */
export interface BegunReset extends ResetState {
  readonly token: Secret
}

/** The password is new, and nobody is signed in by it. */
export interface ResetDone {
  readonly reset: true
  readonly next: 'sign_in'
}

/** A forgotten password. With two-step on: Recovery Key, code, new password. With two-step off: a mailed link. */
export interface PasswordResets {
  begin(
    request: { readonly identifier: string; readonly recovery_key: SecretText },
    options?: CallOptions,
  ): Promise<OpenResult<BegunReset, 'reset_refused' | 'recovery_key_too_soon'>>
  get(reset: Begun, options?: CallOptions): Promise<OpenResult<ResetState, 'reset_over'>>
  sendCode(
    reset: Begun,
    request: { readonly device: string },
    options?: CallOptions,
  ): Promise<OpenResult<CodeSent, 'reset_over' | SendKind>>
  checkCode(
    reset: Begun,
    request: { readonly code: string },
    options?: CallOptions,
  ): Promise<OpenResult<ResetState, 'reset_over' | CheckKind>>
  setPassword(
    reset: Begun,
    request: { readonly new_password: SecretText },
    options?: CallOptions,
  ): Promise<OpenResult<ResetDone, 'reset_over' | 'code_needed' | 'weak_password' | 'overloaded'>>
  /** Mails a link where two-step is off. Who asks is answered alike. */
  mail(
    request: { readonly identifier: string },
    options?: CallOptions,
  ): Promise<OpenResult<{ readonly accepted: true }>>
  /** `token`: the end of the mailed link. */
  setPasswordByMail(
    request: { readonly token: SecretText; readonly new_password: SecretText },
    options?: CallOptions,
  ): Promise<OpenResult<ResetDone, 'link_gone' | 'weak_password' | 'overloaded'>>
}

/** The calls of whoever shows this token. */
export type RestOfToken = (token: string) => Rest

const posts = ({ changeOnce }: Rest) => {
  return (path: string) =>
    async <Ends>(body: object, options?: CallOptions): Promise<Ends> =>
      changeOnce({ method: 'POST', path, body, options })
}

/** The steps of what was begun: each with its own token. */
const stepsOf = (collection: string, restOfToken: RestOfToken) => {
  const rest = ({ token }: Begun) => restOfToken(readToken('token', token))
  return {
    get: async <Ends>(begun: Begun, options?: CallOptions): Promise<Ends> =>
      rest(begun).read(at(collection, begun.id), options),
    step:
      (edge: string) =>
      async <Ends>(begun: Begun, body: object, options?: CallOptions): Promise<Ends> =>
        rest(begun).changeOnce({ method: 'POST', path: at(collection, begun.id, edge), body, options }),
  }
}

export function signUpsOf(open: Rest): SignUps {
  const post = posts(open)
  return { request: post('sign-ups'), complete: post('accounts') }
}

export function signInsOf(open: Rest, restOfToken: RestOfToken): SignIns {
  const { get, step } = stepsOf('sign-ins', restOfToken)
  return {
    begin: posts(open)('sign-ins'),
    get,
    sendCode: step('code'),
    checkCode: step('code/check'),
    useRecoveryKey: step('recovery-key'),
  }
}

export function passwordResetsOf(open: Rest, restOfToken: RestOfToken): PasswordResets {
  const post = posts(open)
  const { get, step } = stepsOf('password-resets', restOfToken)
  return {
    begin: post('password-resets'),
    get,
    sendCode: step('code'),
    checkCode: step('code/check'),
    setPassword: step('password'),
    mail: post('password-resets/mail'),
    setPasswordByMail: post('password-resets/mailed'),
  }
}
