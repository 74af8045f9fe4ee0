// PINs on the pages: fields for them, what may be wrong with them, and how many tries are left until when.

import { html } from 'hono/html'
import type { Instant } from '#core/kernel/instant.ts'
import type { LockNotice } from '#core/registration-lock/lock.ts'
import type { Weakness } from '#core/registration-lock/weak-pins/weak-pins.ts'
import { type FormProblem, field } from '../form.ts'
import type { Html } from '../layout.ts'
import type { Visit } from './visit.ts'

/** A field for a PIN. It is never filled in: no page holds a PIN. */
export function pinField(
  { t }: Visit,
  id: string,
  label: string,
  problems: readonly FormProblem[],
  { isNew, hint }: { readonly isNew: boolean; readonly hint?: Html },
): Html {
  // Browsers offer to keep what looks like a password; a PIN that a whole team knows is none of one person's browser.
  const autocomplete = isNew ? 'new-password' : 'off'
  const reveal = { show: t.plain('show'), hide: t.plain('hide'), label }
  return field({ id, label, hint, type: 'password', shape: 'pin', autocomplete, reveal }, problems)
}

/** The PIN in a field: six ASCII digits, spaces around them forgiven; else what is wrong with it. */
export function readPin(
  { t, form }: Visit,
  id: string,
  label: string,
): { readonly pin: string } | { readonly problem: FormProblem } {
  const pin = (form[id] ?? '').trim()
  if (pin === '') return { problem: { field: id, label, text: t.say('problem.required') } }
  return /^[0-9]{6}$/.test(pin) ? { pin } : { problem: { field: id, label, text: t.say('pin.shape') } }
}

/** A new PIN, typed twice. */
export function readNewPin(
  visit: Visit,
  id: string,
  label: string,
): { readonly pin: string } | { readonly problem: FormProblem } {
  const read = readPin(visit, id, label)
  if ('problem' in read || (visit.form[`${id}-again`] ?? '').trim() === read.pin) return read
  return { problem: { field: `${id}-again`, text: visit.t.say('pin.differ') } }
}

/** Why a weak PIN is refused, in words a person understands. */
export const weakPinWords = ({ t }: Visit, { kind }: Weakness): Html => t.say(`pin.weak.${kind}`)

/** A wrong PIN, and what is left: how many tries, or when the next one is. */
export function wrongPinWords({ t, world }: Visit, notice: LockNotice | undefined, now: Instant): Html {
  if (notice === undefined) return t.say('pin.wrong')
  if (notice.guessOpensAt === undefined) return html`${t.say('pin.wrong')} ${t.say('pin.closed')}`
  if (notice.guessesLeft === 0)
    return html`${t.say('pin.wrong')} ${t.say('pin.next', { wait: t.wait(notice.guessOpensAt, now) })}`
  const count = notice.guessesLeft
  // Tries are left at once in the first round only, so it is the first wait that comes after them.
  const { pinGuesses } = world.limits
  const first = pinGuesses.kind === 'steps' ? pinGuesses.waits[0] : undefined
  const left =
    first === undefined ? t.say('pin.left', { count }) : t.say('pin.leftThen', { count, wait: t.within(first) })
  return html`${t.say('pin.wrong')} ${left}`
}
