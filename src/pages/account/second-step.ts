// Choosing a device and entering the code that went there: alike for signing in, for a forgotten password, and for whatever
// asks for a code again.

import { html } from 'hono/html'
import type { masked } from '#core/account/trusted-device.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { FormProblem } from '../form.ts'
import type { Html } from '../layout.ts'
import { codeField, codesPaused, tooManyCodes, type Wrong } from './fields.ts'
import { token, type Visit } from './visit.ts'

/** A trusted device as it is shown before a code came back. */
export type Masked = ReturnType<typeof masked>

/** A device's name, or the end of its number; read out as what it is. */
export function labelOf({ t }: Visit, { kind, label }: Masked): Html {
  if (kind !== 'number') return html`<bdi>${label}</bdi>`
  const digits = label.slice(-2)
  return html`<bdi class="number" dir="ltr" aria-hidden="true">${label}</bdi><span class="unseen"
      >${t.plain('signIn.device.endsIn', { digits })}</span
    >`
}

/** A button for each device; each posts its id as `device`. */
export function deviceChoices(visit: Visit, devices: readonly Masked[], action: string): Html {
  const { t } = visit
  return html`<ul class="choices">
    ${devices.map(device => {
      const way = device.kind === 'number' ? 'signIn.device.number' : 'signIn.device.device'
      return html`<li>
        <form method="post" action="${action}">
          ${token(visit)}<input type="hidden" name="device" value="${device.id}" />
          <button class="choice"><span>${t.say(way, { label: labelOf(visit, device) })}</span></button>
        </form>
      </li>`
    })}
  </ul>`
}

/** Why no code went out. */
type NotSent =
  | ({ readonly kind: 'too_many_codes' } & Parameters<typeof tooManyCodes>[1])
  | ({ readonly kind: 'codes_paused' } & Parameters<typeof codesPaused>[1])
  | { readonly kind: 'device_off' | 'no_device' }

/**
 * The same in words, to somebody who is not signed in. `out`: whether one is out that still counts. `off`: what is said of a
 * device that is off.
 */
export function codeNotSent(visit: Visit, ending: NotSent, out: boolean, off: 'code.off' | 'signIn.off'): Wrong {
  const { t } = visit
  switch (ending.kind) {
    case 'too_many_codes':
      return tooManyCodes(visit, ending, out)
    case 'codes_paused':
      return codesPaused(visit, ending)
    case 'device_off':
      return { problem: { text: t.say(off) }, status: 409 }
    case 'no_device':
      return { problem: { text: t.say('signIn.device.gone') }, status: 409 }
  }
}

export type CodeAsked = {
  readonly device: Masked
  readonly ends: Instant
  /** Where the code is posted, as `code`. */
  readonly action: string
  /** Where another one is asked for, as `device`. */
  readonly again: string
  readonly button: Html
  /** Fields below the code. */
  readonly more?: Html
  /** Other ways, below. */
  readonly others: Html
}

/** The page's body: where the code went, the field, and what to do when it does not come. */
export function codePage(visit: Visit, asked: CodeAsked, problems: readonly FormProblem[]): Html {
  const { t, world, now } = visit
  const { device } = asked
  const { digits } = world.limits.account.deviceCode
  const sent = device.kind === 'number' ? 'signIn.code.sms' : 'signIn.code.device'
  return html`<p class="lead soft">${t.say(sent, { label: labelOf(visit, device) })}</p>
    <div class="card">
      <form class="stack" method="post" action="${asked.action}">
        ${token(visit)} ${codeField(visit, digits, problems)} ${asked.more ?? ''}
        <button>${asked.button}</button>
      </form>
      <p class="soft small">${t.say('code.lasts', { wait: t.wait(asked.ends, now) })}</p>
      <p class="soft small">${t.say('signIn.code.warn')}</p>
    </div>
    <div class="actions">
      <form method="post" action="${asked.again}">
        ${token(visit)}<input type="hidden" name="device" value="${device.id}" />
        <button class="second">${t.say('code.again')}</button>
      </form>
      ${asked.others}
    </div>`
}

/** Which step of how many this is, above the heading. */
export const stepOf = ({ t }: Visit, at: number, count: number, title: string): Html =>
  html`<div class="heading"><div><p class="soft small">${t.say('step.of', { at, count })}</p><h1>${title}</h1></div></div>`
