// A secret that is shown once: the Recovery Key with the sheet that is printed, and an app-specific password.
//
// It stands in the answer to the very POST that made it and nowhere else: no address has it, nothing keeps it (`no-store`),
// and going back does not bring it back: a script takes it off the page as the page is left, and without scripts the browser
// asks before it sends the form again, which makes another one and this one worthless.

import { html } from 'hono/html'
import type { Secret } from '#secrets/secret.ts'
import type { Html } from '../layout.ts'
import type { SignedVisit } from './visit.ts'

export const secretScripts = ['secret.js']

/** The secret, large, with a button that copies it where scripts run. `more`: other buttons beside it. */
export const shownSecret = (
  { t }: SignedVisit,
  secret: Secret,
  label: Html,
  more?: Html,
): Html => html`<div class="secret">
  <p class="soft" id="secret-label">${label}</p>
  <p class="secret-text" dir="ltr" tabindex="0" role="group" aria-labelledby="secret-label" data-once="${t.plain('key.shown.gone')}"
    >${secret.reveal()}</p>
  <p class="actions screen-only"><button type="button" class="second" hidden data-copies data-copied="${t.plain('copied')}"
    >${t.say('copy')}</button>${more ?? ''}</p>
</div>`

/** What is printed: one sheet, to be kept at home. On the screen it is a card like any other. */
export function keySheet(visit: SignedVisit, key: Secret): Html {
  const { t, world, at, now } = visit
  const [address] = at.account.addresses
  const print = html`<button type="button" class="second" hidden data-prints>${t.say('key.shown.print')}</button>`
  return html`<section class="card sheet" aria-labelledby="sheet">
    <h2 id="sheet">${world.policy.product}</h2>
    <p>${t.say('key.sheet.for')} <strong><bdi>${address?.address ?? ''}</bdi></strong><br />
      <span class="soft">${t.say('key.sheet.made', { date: t.moment(now) })}</span></p>
    ${shownSecret(visit, key, t.say('signIn.key.label'), print)}
    <div class="print-only">
      <h3>${t.say('key.sheet.what')}</h3>
      <ul>
        <li>${t.say('key.sheet.device', { use: t.say('signIn.device.key') })}</li>
        <li>${t.say('key.sheet.password', { forgotten: t.say('signIn.forgotten') })}</li>
      </ul>
      <p>${t.say('key.sheet.where', { url: html`<bdi dir="ltr">${world.publicUrl()}/account/sign-in</bdi>` })}</p>
      <p>${t.say('key.sheet.keep')}</p>
    </div>
    <p class="screen-only">${t.say('key.shown.text')}</p>
    <p class="screen-only">${t.say('key.shown.keep')}</p>
  </section>`
}
