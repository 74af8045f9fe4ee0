// A number's status, quality and two-step verification in a word each, and in a colour that never says it alone.

import { html } from 'hono/html'
import { isKeeper, type PhoneNumber, theClaim } from '#core/registration-lock/phone-number.ts'
import type { Html } from '../layout.ts'
import type { ManagerSpeaker } from './texts/texts.ts'

type OnClaim = { readonly number: PhoneNumber; readonly claim: string }

export type NumberStatus = 'connected' | 'pending' | 'disconnected'

/** As the Graph door says it: registered here; never yet; or no more. */
export function statusOf({ number, claim }: OnClaim): NumberStatus {
  if (number.holder?.claim === claim) return 'connected'
  return theClaim(number, claim).registeredAt === undefined ? 'pending' : 'disconnected'
}

const kinds = { connected: 'good', pending: 'wait', disconnected: 'bad' } as const

export const statusBadge = (t: ManagerSpeaker, on: OnClaim): Html => {
  const status = statusOf(on)
  return html`<span class="badge ${kinds[status]}">${t.say(`status.${status}`)}</span>`
}

/** Nobody rates numbers here: one that is registered is good, as the Graph door says. */
export const qualityBadge = (t: ManagerSpeaker, { number, claim }: OnClaim): Html =>
  number.holder?.claim === claim
    ? html`<span class="badge good">${t.say('quality.good')}</span>`
    : html`<span class="badge">${t.say('quality.unknown')}</span>`

/** Whether a lock is set is told to the number's own keeper, and to nobody who merely lists it. */
export function twoStepOf({ number, claim }: OnClaim): 'on' | 'off' | 'unknown' {
  if (isKeeper(number, claim)) return number.lock.kind === 'set' ? 'on' : 'off'
  return 'unknown'
}

/** `alone`: where no heading says what it is about. */
export const twoStepBadge = (t: ManagerSpeaker, on: OnClaim, alone?: 'alone'): Html => {
  const state = twoStepOf(on)
  const kind = { on: 'good', off: 'wait', unknown: '' }[state]
  const words = t.say(`twoStep.${state}`)
  return html`<span class="badge ${kind}">${alone === undefined ? words : t.say('twoStep.badge', { state: words })}</span>`
}
