// Deleting a number: asked once more, and with the PIN where two-step verification is on.

import { html } from 'hono/html'
import { deleteNumber as deleteNumberAction } from '#actions/delete-number.ts'
import { lockNotice } from '#core/registration-lock/lock.ts'
import { isKeeper } from '#core/registration-lock/phone-number.ts'
import { Secret } from '#secrets/secret.ts'
import type { FormProblem } from '../form.ts'
import type { Html } from '../layout.ts'
import { businessPath, numberPath } from './businesses.ts'
import { spokenNumber } from './number-frame.ts'
import { pinField, readPin, wrongPinWords } from './pin-words.ts'
import { callOf, leadTo, type NumberVisit, type Shown, show, token } from './visit.ts'

type Answer = Response | Promise<Response>

const needsPin = ({ number, claim }: NumberVisit): boolean => number.lock.kind === 'set' && isKeeper(number, claim.id)

export const askToDelete = (visit: NumberVisit): Answer => deletionPage(visit, [])

function deletionPage(visit: NumberVisit, problems: readonly FormProblem[], status?: Shown['status']): Answer {
  const { t, claim } = visit
  const path = `${numberPath(claim.id)}/deletion`
  const hint = t.say('delete.pin.text')
  return show(visit, {
    title: t.plain('delete.title'),
    path,
    width: 'narrow',
    problems,
    ...(status === undefined ? {} : { status }),
    heading: html`<div class="heading"><div>
      <p class="trail"><a href="${numberPath(claim.id)}">${spokenNumber(visit)}</a></p>
      <h1>${t.say('delete.title')}</h1>
    </div></div>`,
    body: html`<div class="card danger">
      <p>${t.say('delete.text', { number: spokenNumber(visit) })}</p>
      <form class="stack" method="post" action="${path}" data-confirm="${t.plain('delete.confirm')}">
        ${token(visit)}
        ${needsPin(visit) ? pinField(visit, 'pin', t.plain('delete.pin'), problems, { isNew: false, hint }) : ''}
        <div class="actions">
          <button class="danger">${t.say('delete.button')}</button>
          <a class="button second" href="${numberPath(claim.id)}">${t.say('cancel')}</a>
        </div>
      </form>
    </div>`,
  })
}

export async function deleteNumber(visit: NumberVisit): Promise<Response> {
  const { t, c, world, business, subject, claim } = visit
  const read = needsPin(visit) ? readPin(visit, 'pin', t.plain('delete.pin')) : undefined
  if (read !== undefined && 'problem' in read) return deletionPage(visit, [read.problem])
  const pin = read === undefined ? undefined : Secret.of(read.pin)
  const ending = await deleteNumberAction(world, callOf(visit, business), { number: subject, claim: claim.id, pin })
  const onPin = (text: Html, status?: Shown['status']) => deletionPage(visit, [{ field: 'pin', text }], status)
  switch (ending.kind) {
    case 'deleted':
      return leadTo(visit, businessPath(business), 'deleted')
    case 'pin_needed':
      return onPin(t.say('problem.required'))
    case 'wrong_pin':
      return onPin(await whatIsLeft(visit))
    case 'pin_closed':
      return onPin(t.say('pin.closed'))
    case 'guess_too_soon':
      return onPin(t.say('pin.soon', { wait: t.wait(ending.retryAt, ending.now) }), 429)
    case 'overloaded':
      c.header('Retry-After', String(ending.retryAfter))
      return deletionPage(visit, [{ text: t.say('problem.busy') }], 503)
  }
}

async function whatIsLeft(visit: NumberVisit): Promise<Html> {
  const { world, subject, claim, now } = visit
  const number = (await world.records.load('number', subject))?.document
  const notice = number?.lock.kind === 'set' ? lockNotice(number, number.lock, claim.id, now, world.limits) : undefined
  return wrongPinWords(visit, notice, now)
}
