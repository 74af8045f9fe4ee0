// The users of an application that brings its own first step, its gates, and checking app-specific passwords: the calls that
// take an application's key. An application passes nobody's second step and takes nobody's away.

import type { CallOptions } from './exchange.ts'
import { eachPage } from './paging.ts'
import type { Result } from './problem.ts'
import { type Change, type Rest, segment } from './rest.ts'
import type { SecretText } from './secret.ts'
import type { BrowserSaid, CodeSent, SecondStepNeeded, SignedIn, SignInState } from './sign-ins.ts'

/** A user, as the application calls it. */
export interface User {
  readonly user: string
  /** The account. */
  readonly id: string
  readonly created_at: string
  readonly two_step: 'off' | 'waiting' | 'ready' | 'enrolling' | 'on'
}

/** A page of users. */
export interface UsersPage {
  readonly users: readonly User[]
  readonly next_after: string | null
}

/** Where the person comes from: shown to them, and what limits on strangers count by. */
export interface From {
  readonly ip?: string | undefined
  readonly user_agent?: string | undefined
}

/** A first step that the application asserts. */
export interface Assertion extends BrowserSaid {
  readonly from?: From | undefined
  /** Where mails about a new user go. The application answers for it. */
  readonly email?: string | undefined
  readonly locale?: string | undefined
}

/** A session of the user, with what it amounts to beside it. */
export interface SignedInUser<Kind extends 'signed_in' | 'limited' = 'signed_in'> extends SignedIn<Kind> {
  readonly user: string
  readonly acr: string
  /** `asserted`: by the application itself. */
  readonly amr: readonly string[]
}

/** The first step is done. The person chooses a device. */
export interface SecondStepOfUser extends SecondStepNeeded {
  readonly user: string
}

type OverKind = 'sign_in_over'

/** Bring your own first step: assert, challenge, verify. `user`: an id of yours that tells nothing of the person. */
export interface Users {
  /** Page after page; a refusal is the last. `limit`: 1 to 100 in a page, by default 50. */
  list(
    request?: { readonly limit?: number | undefined },
    options?: CallOptions,
  ): AsyncGenerator<Result<UsersPage>, void, undefined>
  get(user: string, options?: CallOptions): Promise<Result<User, 'no_such_user'>>
  /** Says that the user has passed the first step. The first time makes the user. */
  assert(
    user: string,
    request?: Assertion,
    options?: CallOptions,
  ): Promise<Result<SignedInUser | SecondStepOfUser, 'no_such_user'>>
  /** `signIn`: the `id` that `assert` answered. */
  signIn(
    user: string,
    signIn: string,
    options?: CallOptions,
  ): Promise<Result<SignInState & { readonly user: string }, OverKind>>
  /** Sends a code to the device that the person chose. */
  sendCode(
    user: string,
    signIn: string,
    request: { readonly device: string },
    options?: CallOptions,
  ): Promise<Result<CodeSent, OverKind | 'no_such_device' | 'too_many_codes' | 'device_off'>>
  /** Verifies what the person typed. */
  checkCode(
    user: string,
    signIn: string,
    request: BrowserSaid & { readonly code: string; readonly from?: From | undefined },
    options?: CallOptions,
  ): Promise<Result<SignedInUser, OverKind | 'wrong_code' | 'check_too_soon' | 'checks_spent' | 'device_off'>>
  /** In without a device: a limited session. Let the person do nothing but verify a new device. */
  useRecoveryKey(
    user: string,
    signIn: string,
    request: { readonly recovery_key: SecretText; readonly from?: From | undefined },
    options?: CallOptions,
  ): Promise<Result<SignedInUser<'limited'>, OverKind | 'wrong_recovery_key' | 'recovery_key_too_soon'>>
  /** Asserts the first step anew in a session, where a fresh password is asked for. */
  assertAnew(
    user: string,
    session: string,
    options?: CallOptions,
  ): Promise<Result<{ readonly proved: true }, 'no_such_user' | 'no_such_session' | 'limited_session'>>
}

/** A gate of the application's: where a session is asked for more. */
export interface DefinedGate {
  readonly gate: string
  readonly needs: 'first-step' | 'two-step'
  readonly opens: 'read' | 'change'
  readonly max_age_s: number | null
}

/** What a gate asks for. */
export interface GateRule {
  /** By default `two-step`. */
  readonly needs?: 'first-step' | 'two-step' | undefined
  /** By default `change`. */
  readonly opens?: 'read' | 'change' | undefined
  /** How old the proofs may be, in seconds: asked every time. Left out: once per session. */
  readonly max_age_s?: number | undefined
}

/** The gates of an application. */
export interface Gates {
  list(options?: CallOptions): Promise<Result<{ readonly gates: readonly DefinedGate[] }>>
  /** Defines one, or anew. `gate`: words of a-z, 0-9 and dashes with dots between them. */
  define(gate: string, rule?: GateRule, options?: CallOptions): Promise<Result<DefinedGate, 'too_many_gates'>>
  remove(gate: string, options?: CallOptions): Promise<Result<{ readonly removed: true }, 'no_such_gate'>>
}

/** What a program shows that cannot ask for a code. */
export interface AppPasswordCheck {
  readonly identifier: string
  readonly app_password: SecretText
  /** The one service that it is for. */
  readonly service: string
  /** Where the program asks from: shown to the owner. */
  readonly from?: From | undefined
}

/** Checking app-specific passwords, for a service that takes them. */
export interface AppPasswordChecks {
  check(
    request: AppPasswordCheck,
    options?: CallOptions,
  ): Promise<
    Result<
      { readonly valid: true; readonly account: string; readonly app_password: { readonly id: string } },
      'app_password_refused'
    >
  >
}

export function usersOf({ read, changeOnce }: Rest): Users {
  const path = (user: string, ...rest: readonly string[]) => ['users', segment(user), ...rest.map(segment)].join('/')
  const post = (path: string, body: object, options: CallOptions | undefined): Change => ({
    ...{ method: 'POST', path, body, options },
  })
  const step =
    (edge: string) =>
    async <Ends>(user: string, signIn: string, body: object, options?: CallOptions): Promise<Ends> =>
      changeOnce(post(`${path(user, 'sign-ins', signIn)}/${edge}`, body, options))
  return {
    list: ({ limit } = {}, options) =>
      eachPage(
        async (after): Promise<Result<UsersPage>> => {
          const query = new URLSearchParams()
          if (limit !== undefined) query.set('limit', String(limit))
          if (after !== undefined) query.set('after', after)
          return read(`users?${query}`, options)
        },
        (page: UsersPage) => page.next_after,
      ),
    get: async (user, options) => read(path(user), options),
    assert: async (user, body = {}, options) => changeOnce(post(path(user, 'sign-ins'), body, options)),
    signIn: async (user, signIn, options) => read(path(user, 'sign-ins', signIn), options),
    sendCode: step('code'),
    checkCode: step('code/check'),
    useRecoveryKey: step('recovery-key'),
    assertAnew: async (user, session, options) =>
      changeOnce(post(`${path(user, 'sessions', session)}/first-step`, {}, options)),
  }
}

export function gatesOf({ read, changeOnce }: Rest): Gates {
  const path = (gate: string) => `gates/${segment(gate)}`
  return {
    list: async options => read('gates', options),
    define: async (gate, body = {}, options) => changeOnce({ method: 'PUT', path: path(gate), body, options }),
    remove: async (gate, options) => changeOnce({ method: 'DELETE', path: path(gate), options }),
  }
}

export const appPasswordChecksOf = ({ changeOnce }: Rest): AppPasswordChecks => ({
  check: async (body, options) => changeOnce({ method: 'POST', path: 'app-passwords/check', body, options }),
})
