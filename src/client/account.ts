// An account in its owner's session: what they see of it and do with it. Each call goes under the token of that session.
// Names are the wire's.

import type {
  AccountExport,
  AccountState,
  ActivityPage,
  AddressesState,
  AppPassword,
  FreshProofs,
  KnownBrowser,
  SeenGate,
} from './account-answers.ts'
import type { AccountTwoStep, CheckKind, Devices, RecoveryKey } from './account-two-step.ts'
import type { CallOptions } from './exchange.ts'
import { eachPage } from './paging.ts'
import type { SessionResult } from './problem.ts'
import { at, type Change, type Rest, type RestOptions, segment } from './rest.ts'
import type { Secret, SecretText } from './secret.ts'
import type { Session } from './sign-ins.ts'

type Name = { readonly name: string }

/** An account, by the token of a session. Changes of its factors, export and closing need proofs that are fresh. */
export interface Account {
  get(options?: CallOptions): Promise<SessionResult<AccountState>>
  /** Closes it for good. */
  close(options?: CallOptions): Promise<SessionResult<{ readonly closed: true }>>
  /** Other sessions end, and app-specific passwords are revoked. */
  changePassword(
    request: { readonly new_password: SecretText },
    options?: RestOptions,
  ): Promise<SessionResult<{ readonly changed: true }, 'no_password' | 'weak_password' | 'overloaded'>>
  /** Ends this session. */
  signOut(options?: RestOptions): Promise<SessionResult<{ readonly ended: number }, 'no_such_session'>>
  /** Page after page; a refusal is the last. `limit`: 1 to 100 in a page, by default 50. */
  activity(
    request?: { readonly limit?: number | undefined },
    options?: CallOptions,
  ): AsyncGenerator<SessionResult<ActivityPage>, void, undefined>
  /** Everything that is known, without what secrets are checked against. */
  export(options?: CallOptions): Promise<SessionResult<AccountExport>>
  readonly sessions: {
    list(options?: CallOptions): Promise<SessionResult<{ readonly sessions: readonly Session[] }>>
    rename(id: string, request: Name, options?: CallOptions): Promise<SessionResult<Session, 'no_such_session'>>
    end(id: string, options?: CallOptions): Promise<SessionResult<{ readonly ended: number }, 'no_such_session'>>
    /** Ends the others, or all. */
    endAll(
      request: { readonly which: 'others' | 'all' },
      options?: CallOptions,
    ): Promise<SessionResult<{ readonly ended: number }, 'no_such_session'>>
  }
  readonly browsers: {
    list(options?: CallOptions): Promise<SessionResult<{ readonly browsers: readonly KnownBrowser[] }>>
    rename(id: string, request: Name, options?: CallOptions): Promise<SessionResult<KnownBrowser, 'no_such_browser'>>
    forget(id: string, options?: CallOptions): Promise<SessionResult<{ readonly removed: number }, 'no_such_browser'>>
    forgetAll(options?: CallOptions): Promise<SessionResult<{ readonly removed: number }, 'no_such_browser'>>
  }
  readonly addresses: {
    list(options?: CallOptions): Promise<SessionResult<AddressesState>>
    /** Mails a link, whose end `confirmAddress` takes. */
    add(
      request: { readonly email: string },
      options?: RestOptions,
    ): Promise<
      SessionResult<
        { readonly mailed: true; readonly expires_at: string },
        'address_known' | 'too_many_addresses' | 'too_many_mails'
      >
    >
    /** The last confirmed one stays. */
    remove(
      id: string,
      options?: CallOptions,
    ): Promise<SessionResult<{ readonly removed: true }, 'no_such_address' | 'last_address'>>
  }
  readonly twoStep: AccountTwoStep
  readonly devices: Devices
  readonly recoveryKey: RecoveryKey
  /** Proving oneself anew, after `step_up_needed`. */
  readonly stepUp: {
    password(
      request: { readonly password: SecretText },
      options?: RestOptions,
    ): Promise<SessionResult<FreshProofs, 'wrong_password' | 'guess_too_soon' | 'no_password' | 'overloaded'>>
    sendCode(
      request: { readonly device: string },
      options?: RestOptions,
    ): Promise<
      SessionResult<
        { readonly expires_at: string; readonly expires_in_s: number },
        'no_such_device' | 'too_many_codes' | 'device_off'
      >
    >
    checkCode(request: { readonly code: string }, options?: RestOptions): Promise<SessionResult<FreshProofs, CheckKind>>
  }
  readonly gates: {
    list(options?: CallOptions): Promise<SessionResult<{ readonly gates: readonly SeenGate[] }>>
    /** `application`: whose gate it is. Left out: whose user this is. */
    pass(
      gate: string,
      request?: { readonly application?: string | undefined },
      options?: RestOptions,
    ): Promise<
      SessionResult<
        { readonly gate: string; readonly passed: true; readonly acr: string; readonly amr: readonly string[] },
        'no_such_gate'
      >
    >
  }
  readonly appPasswords: {
    list(options?: CallOptions): Promise<SessionResult<{ readonly app_passwords: readonly AppPassword[] }>>
    /** Makes one, shown once. `service`: the one that it opens. */
    make(
      request: { readonly label: string; readonly service: string },
      options?: RestOptions,
    ): Promise<
      SessionResult<
        AppPassword & { readonly app_password: Secret },
        'two_step_off' | 'too_many_app_passwords' | 'shown_once'
      >
    >
    revoke(
      id: string,
      options?: CallOptions,
    ): Promise<SessionResult<{ readonly revoked: number }, 'no_such_app_password'>>
    revokeAll(options?: CallOptions): Promise<SessionResult<{ readonly revoked: number }>>
  }
}

// How a call is made: what it takes is said by the interface that it stands behind.
function callsOf({ read, change, changeOnce }: Rest) {
  const once = async <Ends>(
    method: Change['method'],
    path: string,
    body: object | undefined,
    options: CallOptions | undefined,
  ): Promise<Ends> => changeOnce({ method, path: `account${path}`, body, options })
  return {
    look:
      (path: string) =>
      <Ends>(options?: CallOptions): Promise<Ends> =>
        read(`account${path}`, options),
    /** A change that takes something. */
    post:
      (path: string) =>
      <Ends>(body: object, options?: RestOptions): Promise<Ends> =>
        change({ method: 'POST', path: `account/${path}`, body, options }),
    /** One whose path says it all. */
    act:
      (path: string) =>
      <Ends>(options?: RestOptions): Promise<Ends> =>
        change({ method: 'POST', path: `account/${path}`, options }),
    once,
    empty:
      (path: string) =>
      <Ends>(options?: CallOptions): Promise<Ends> =>
        once('DELETE', path, undefined, options),
    /** Naming and taking away one of a list. */
    rename:
      (list: string) =>
      async <Ends>(id: string, body: object, options?: CallOptions): Promise<Ends> =>
        once('PATCH', at(`/${list}`, id), body, options),
    remove:
      (list: string) =>
      async <Ends>(id: string, options?: CallOptions): Promise<Ends> =>
        once('DELETE', at(`/${list}`, id), undefined, options),
  }
}

export function accountOf(rest: Rest): Account {
  const calls = callsOf(rest)
  const { look, post, act, empty, rename, remove } = calls
  return {
    get: look(''),
    close: empty(''),
    changePassword: post('password'),
    signOut: act('sign-out'),
    activity: ({ limit } = {}, options) =>
      eachPage(
        async (before): Promise<SessionResult<ActivityPage>> => {
          const query = new URLSearchParams()
          if (limit !== undefined) query.set('limit', String(limit))
          if (before !== undefined) query.set('before', before)
          return look(`/activity?${query}`)(options)
        },
        (page: ActivityPage) => page.next_before,
      ),
    export: look('/export'),
    sessions: {
      list: look('/sessions'),
      rename: rename('sessions'),
      end: remove('sessions'),
      endAll: async ({ which }, options) => empty(`/sessions?which=${segment(which)}`)(options),
    },
    browsers: {
      list: look('/browsers'),
      rename: rename('browsers'),
      forget: remove('browsers'),
      forgetAll: empty('/browsers?which=all'),
    },
    addresses: { list: look('/addresses'), add: post('addresses'), remove: remove('addresses') },
    ...factorsOf(calls),
    stepUp: {
      password: post('step-up/password'),
      sendCode: post('step-up/code'),
      checkCode: post('step-up/code/check'),
    },
    gates: {
      list: look('/gates'),
      pass: async (gate, body = {}, options) => post(`gates/${segment(gate)}`)(body, options),
    },
    appPasswords: {
      list: look('/app-passwords'),
      make: post('app-passwords'),
      revoke: remove('app-passwords'),
      revokeAll: empty('/app-passwords'),
    },
  }
}

function factorsOf({
  look,
  post,
  act,
  once,
  rename,
  remove,
}: ReturnType<typeof callsOf>): Pick<Account, 'twoStep' | 'devices' | 'recoveryKey'> {
  return {
    twoStep: {
      get: look('/two-step'),
      begin: act('two-step/begin'),
      addDevice: post('two-step/devices'),
      checkDevice: post('two-step/devices/check'),
      skipDevices: act('two-step/skip-devices'),
      showRecoveryKey: act('two-step/recovery-key'),
      retypeRecoveryKey: post('two-step/recovery-key/retype'),
      confirm: post('two-step/confirm'),
      abandon: act('two-step/abandon'),
      turnOff: (body, options) => once('DELETE', '/two-step', body, options),
      securityQuestions: look('/security-questions'),
      setSecurityQuestions: (body, options) => once('PUT', '/security-questions', body, options),
    },
    devices: {
      list: look('/devices'),
      add: post('devices'),
      check: post('devices/check'),
      turnOn: act('devices/turn-on'),
      rename: rename('devices'),
      remove: remove('devices'),
    },
    recoveryKey: {
      show: act('recovery-key'),
      retype: post('recovery-key/retype'),
      atHand: post('recovery-key/at-hand'),
    },
  }
}
