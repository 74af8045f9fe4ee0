// Fields that several account pages have, what is wrong with them in words, and what was typed into them.

import { html } from 'hono/html'
import type { CodeRefusal } from '#actions/account/code-check.ts'
import type { NoDevice } from '#actions/account/new-device.ts'
import type { RefusedPassword } from '#actions/account/weak-password.ts'
import type { Overloaded } from '#actions/world.ts'
import { Secret } from '#secrets/secret.ts'
import { type Field, type FormProblem, field } from '../form.ts'
import type { Html } from '../layout.ts'
import { leftWords } from './code-tries.ts'
import { missing, type Status, type Visit } from './visit.ts'

/** What is wrong, and the status that says so to programs. */
export type Wrong = { readonly problem: FormProblem; readonly status?: Status }

/** Nothing typed where something is needed: one problem for each. */
export const requiredProblems = (
  visit: Visit,
  labels: Readonly<Record<string, Html | string>>,
): readonly FormProblem[] =>
  missing(visit, ...Object.keys(labels)).map(field => ({
    field,
    text: html`${visit.t.say('problem.required')}<span class="unseen"> (${labels[field] ?? ''})</span>`,
  }))

/** The server has no time to hash: nothing was spent. */
export function busy({ t, c }: Visit, { retryAfter }: Overloaded): Wrong {
  c.header('Retry-After', String(retryAfter))
  return { problem: { text: t.say('problem.busy') }, status: 503 }
}

// ——— address, password

export const emailField = ({ t, form }: Visit, problems: readonly FormProblem[]): Html =>
  field(
    {
      ...{ id: 'email', label: t.say('signIn.email'), value: form.email, type: 'email' },
      ...{ autocomplete: 'username', shape: 'ltr', longest: 254 },
    },
    problems,
  )

export function passwordField(
  { t }: Visit,
  of: {
    readonly id: string
    readonly label: string
    readonly autocomplete: 'current-password' | 'new-password'
    readonly hint?: Html
  },
  problems: readonly FormProblem[],
): Html {
  const reveal = { show: t.plain('show'), hide: t.plain('hide'), label: of.label }
  return field({ ...of, type: 'password', reveal }, problems)
}

/** A new password, twice: fields `new` and `again`. */
export function newPasswordFields(visit: Visit, problems: readonly FormProblem[]): Html {
  const { t, world } = visit
  const { leastLength: least, mixed } = world.limits.account.password
  const hint = t.say(mixed ? 'password.hintMixed' : 'password.hint', { least })
  const of = { autocomplete: 'new-password' } as const
  return html`${passwordField(visit, { ...of, id: 'new', label: t.plain('password.new'), hint }, problems)}
  ${passwordField(visit, { ...of, id: 'again', label: t.plain('password.again') }, problems)}`
}

/** What is wrong with them before anything is asked of the server. */
export function newPasswordProblems(visit: Visit): readonly FormProblem[] {
  const { t, form } = visit
  const empty = requiredProblems(visit, { new: t.say('password.new') })
  if (empty.length > 0) return empty
  return form.new === form.again ? [] : [{ field: 'again', text: t.say('password.differ') }]
}

export const weakPassword = (
  { t }: Visit,
  { weakness, least }: Omit<RefusedPassword, 'weakness'> & { readonly weakness: RefusedPassword['weakness'] | 'same' },
): Wrong => ({ problem: { field: 'new', text: t.say(`password.${weakness}`, { least }) } })

// ——— codes, keys

/** One field for the whole code; where the browser can, it fills itself from the text message. */
export function codeField({ t }: Visit, digits: number, problems: readonly FormProblem[]): Html {
  const of: Field = {
    ...{ id: 'code', label: t.say('code.label'), hint: t.say('code.hint', { count: digits }) },
    ...{ autocomplete: 'one-time-code', shape: 'code' },
  }
  return field(of, problems)
}

// Digits as other keyboards write them: Arabic, Persian.
const digitsOf = (text: string): string => text.replace(/[٠-٩۰-۹]/g, digit => String((digit.codePointAt(0) ?? 0) & 15))

/** The code that was typed, without what people put between its digits; `undefined` when it can be none. */
export function codeOf({ form }: Visit): Secret | undefined {
  const text = digitsOf(form.code ?? '').replace(/[\s\p{Cf}.·\p{Pd}]/gu, '')
  return /^\d{1,12}$/.test(text) ? Secret.of(text) : undefined
}

/** What a code came to, in words. */
export function codeWrong({ t }: Visit, refusal: CodeRefusal): Wrong {
  switch (refusal.kind) {
    case 'wrong_code':
      return { problem: { field: 'code', text: t.say('code.wrong') } }
    case 'check_too_soon':
      return { problem: { field: 'code', text: t.say('code.soon', waitOf(t, refusal)) }, status: 429 }
    case 'checks_spent':
      return { problem: { text: t.say('code.spent', waitOf(t, refusal)) }, status: 429 }
    case 'device_off':
      return { problem: { text: t.say('code.off') }, status: 409 }
  }
}

/** The same, with how many tries are left. */
export const withLeft = (
  { t, now }: Visit,
  refusal: CodeRefusal,
  problem: FormProblem,
  code: Parameters<typeof leftWords>[1] | undefined,
): FormProblem =>
  refusal.kind === 'wrong_code' && code !== undefined
    ? { ...problem, text: html`${problem.text} ${leftWords(t, code, now)}` }
    : problem

export const isCodeRefusal = (ending: { readonly kind: string }): ending is CodeRefusal =>
  ['wrong_code', 'check_too_soon', 'checks_spent', 'device_off'].includes(ending.kind)

/** `out`: whether one of this request is out that still counts. */
export const tooManyCodes = ({ t }: Visit, waiting: Waiting, out = true): Wrong => ({
  problem: { text: t.say(out ? 'code.tooMany' : 'code.tooManyNow', waitOf(t, waiting)) },
  status: 429,
})

/** No codes go to this number for now, and what there is instead; of a `fresh` number, before it is trusted. */
export function codesPaused({ t }: Visit, { retryAt, now }: Paused, fresh = false): Wrong {
  const when = retryAt === undefined ? t.say('code.held') : t.say('code.paused', waitOf(t, { retryAt, now }))
  return { problem: { text: html`${when} ${t.say(fresh ? 'code.pausedFresh' : 'code.pausedOther')}` }, status: 429 }
}

type Paused = { readonly retryAt: Waiting['retryAt'] | undefined; readonly now: Waiting['now'] }
type Waiting = { readonly retryAt: Parameters<Visit['t']['wait']>[0]; readonly now: Visit['now'] }

const waitOf = (t: Visit['t'], { retryAt, now }: Waiting) => ({ wait: t.wait(retryAt, now) })

export function keyField({ t }: Visit, problems: readonly FormProblem[]): Html {
  const of: Field = {
    ...{ id: 'recovery-key', label: t.say('signIn.key.label'), hint: t.say('signIn.key.hint') },
    ...{ autocomplete: 'off', shape: 'key', longest: 64 },
  }
  return field(of, problems)
}

// ——— numbers

export function numberField({ t, form }: Visit, problems: readonly FormProblem[]): Html {
  const of: Field = {
    ...{ id: 'number', label: t.say('number.label'), hint: t.say('number.hint'), value: form.number },
    ...{ type: 'tel', autocomplete: 'tel', shape: 'ltr', longest: 64 },
  }
  return field(of, problems)
}

/** Why a number or device is not taken, in words. */
export function noDeviceWrong({ t }: Visit, ending: NoDevice): Wrong {
  switch (ending.kind) {
    case 'not_a_number':
      return { problem: { field: 'number', text: t.say(`number.wrong.${ending.reason}`) } }
    case 'no_codes':
      return { problem: { field: 'number', text: t.say(`number.no.${ending.why}`) } }
    case 'not_a_subscription':
      return { problem: { text: t.say('device.push.refused') } }
  }
}
