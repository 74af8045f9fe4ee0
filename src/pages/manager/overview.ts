// A number's overview, and the way from "pending" to registered: send a code, enter it, register with the PIN. Whatever
// state a number is in, the page shows the next thing to do.

import { html } from 'hono/html'
import { registerNumber } from '#actions/register-number.ts'
import { requestCode } from '#actions/request-code.ts'
import { verifyCode } from '#actions/verify-code.ts'
import { after } from '#core/kernel/instant.ts'
import { hasProved } from '#core/registration-lock/phone-number.ts'
import { Secret } from '#secrets/secret.ts'
import { type Field, type FormProblem, field } from '../form.ts'
import type { Html } from '../layout.ts'
import { statusOf } from './badges.ts'
import { numberPath } from './businesses.ts'
import { numberPage, spokenNumber } from './number-frame.ts'
import { pinField, readNewPin, readPin, weakPinWords, wrongPinWords } from './pin-words.ts'
import { callOf, leadTo, type NumberVisit, type Shown, token } from './visit.ts'

type Answer = Response | Promise<Response>

export const overview = (visit: NumberVisit): Answer => overviewPage(visit, [])

function overviewPage(visit: NumberVisit, problems: readonly FormProblem[], status?: Shown['status']): Answer {
  const { t, claim, number, role, document } = visit
  const registered = statusOf({ number, claim: claim.id }) === 'connected'
  const since = claim.registeredAt
  const facts: readonly (readonly [Html, Html])[] = [
    [t.say('overview.business'), html`<bdi>${document.name}</bdi>`],
    [t.say('overview.id'), html`<bdi class="digits">${claim.id}</bdi>`],
    [t.say('overview.registered'), since === undefined ? t.say('overview.never') : t.moment(since)],
  ]
  const body = html`
    ${registered ? '' : registration(visit, problems)}
    <section class="card" aria-labelledby="facts">
      <h2 id="facts">${t.say('overview.facts')}</h2>
      <dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
    </section>
    ${role === 'admin' ? deletion(visit) : ''}
  `
  return numberPage(visit, 'overview', body, problems, status)
}

const deletion = ({
  t,
  claim,
}: NumberVisit): Html => html`<section class="card danger doing" aria-labelledby="deletion">
  <h2 id="deletion">${t.say('overview.delete')}</h2>
  <p class="soft">${t.say('overview.delete.text')}</p>
  <p class="actions"><a class="button danger" href="${numberPath(claim.id)}/deletion">${t.say('overview.delete')}</a></p>
</section>`

function registration(visit: NumberVisit, problems: readonly FormProblem[]): Html {
  const { t, claim, number, role } = visit
  const proved = hasProved(number, claim.id)
  const lead = claim.proof.kind === 'ended' ? 'register.proveAgain' : 'register.lead'
  return html`<section class="card" aria-labelledby="registration">
    <h2 id="registration">${t.say('register.title')}</h2>
    ${
      role === 'admin'
        ? html`<p class="soft">${t.say(lead)}</p>
            <ol class="steps">
              <li>
                <h3>1. ${t.say('register.step1')}</h3>
                ${proved ? html`<p class="ticked">${t.say('register.step1.done')}</p>` : proving(visit, problems)}
              </li>
              <li>
                <h3>2. ${t.say('register.step2')}</h3>
                ${proved ? registering(visit, problems) : html`<p class="soft">${t.say('register.first')}</p>`}
              </li>
            </ol>`
        : html`<p class="soft">${t.say('register.member')}</p>`
    }
  </section>`
}

// The newest code can still be entered.
const codeIsOut = ({ claim, world, now }: NumberVisit): boolean =>
  claim.request !== undefined && now < after(claim.request.lastSentAt, world.limits.ownershipCode.life)

function proving(visit: NumberVisit, problems: readonly FormProblem[]): Html {
  const { t, claim } = visit
  const path = numberPath(claim.id)
  const out = codeIsOut(visit)
  const code: Field = {
    ...{ id: 'code', label: t.say('register.code'), hint: t.say('register.code.hint') },
    ...{ autocomplete: 'one-time-code', shape: 'code' },
  }
  const entering = html`<p>${t.say('register.sent', { number: spokenNumber(visit) })}</p>
    <form class="stack" method="post" action="${path}/code/check">
      ${token(visit)}
      ${field(code, problems)}
      <div class="actions"><button>${t.say('register.check')}</button></div>
    </form>`
  return html`${out ? entering : ''}
    <form class="stack" method="post" action="${path}/code">
      ${token(visit)}
      <fieldset class="field">
        <legend>${t.say('register.method')}</legend>
        <div class="radios">
          <label><input type="radio" name="method" value="sms" checked /> ${t.say('register.sms')}</label>
          <label><input type="radio" name="method" value="voice" /> ${t.say('register.voice')}</label>
        </div>
      </fieldset>
      <div class="actions">
        <button class="${out ? 'second' : ''}">${t.say(out ? 'register.sendAgain' : 'register.send')}</button>
      </div>
    </form>`
}

// Who has proved the number may know whether it has a PIN: registering would tell.
function registering(visit: NumberVisit, problems: readonly FormProblem[]): Html {
  const { t, claim, number } = visit
  const locked = number.lock.kind === 'set'
  return html`<p class="soft">${t.say(locked ? 'register.pin.known.text' : 'register.pin.new.text')}</p>
    <form class="stack" method="post" action="${numberPath(claim.id)}/registration">
      ${token(visit)}
      ${
        locked
          ? pinField(visit, 'pin', t.plain('register.pin.known'), problems, { isNew: false })
          : html`${pinField(visit, 'pin', t.plain('register.pin.new'), problems, { isNew: true, hint: t.say('pin.hint') })}
              ${pinField(visit, 'pin-again', t.plain('pin.firstAgain'), problems, { isNew: true })}`
      }
      <div class="actions"><button>${t.say('register.button')}</button></div>
    </form>`
}

// ——— what is done

const target = ({ subject, claim }: NumberVisit) => ({ number: subject, claim: claim.id })

export async function sendCode(visit: NumberVisit): Promise<Response> {
  const { t, world, business, form, claim } = visit
  const method = form.method === 'voice' ? 'voice' : 'sms'
  const ending = await requestCode(world, callOf(visit, business), { ...target(visit), method, language: t.language })
  switch (ending.kind) {
    case 'sent':
      return leadTo(visit, numberPath(claim.id), 'code_sent')
    case 'too_many_codes':
      return overviewPage(visit, [{ text: t.say('code.tooMany', { wait: t.wait(ending.retryAt, ending.now) }) }], 429)
    case 'country_not_served':
      return overviewPage(visit, [{ text: t.say('code.country') }])
    case 'line_not_served':
      return overviewPage(visit, [{ text: t.say('code.line') }])
    case 'codes_paused': {
      const { retryAt, now, ways } = ending
      const paused = retryAt === undefined ? t.say('code.held') : t.say('code.paused', { wait: t.wait(retryAt, now) })
      const other = ways.length === 0 ? t.say('code.pausedOther') : t.say(`code.pausedBut.${method}`)
      return overviewPage(visit, [{ text: html`${paused} ${other}` }], 429)
    }
  }
}

export async function checkCode(visit: NumberVisit): Promise<Response> {
  const { t, world, business, form, claim } = visit
  const code = (form.code ?? '').replace(/[\s-]/g, '')
  if (!/^[0-9]{6}$/.test(code)) return overviewPage(visit, [{ field: 'code', text: t.say('code.shape') }])
  const ending = await verifyCode(world, callOf(visit, business), { ...target(visit), code: Secret.of(code) })
  switch (ending.kind) {
    case 'proved':
      return leadTo(visit, numberPath(claim.id), 'proved')
    case 'wrong_code':
      return overviewPage(visit, [{ field: 'code', text: t.say('code.wrong') }])
    case 'check_too_soon':
      return overviewPage(
        visit,
        [{ field: 'code', text: t.say('code.soon', { wait: t.wait(ending.retryAt, ending.now) }) }],
        429,
      )
    case 'checks_spent':
      return overviewPage(
        visit,
        [{ field: 'code', text: t.say('code.spent', { wait: t.wait(ending.retryAt, ending.now) }) }],
        429,
      )
  }
}

export async function register(visit: NumberVisit): Promise<Response> {
  const { t, c, world, business, claim, number } = visit
  const label = t.plain('pin.first')
  const read = number.lock.kind === 'set' ? readPin(visit, 'pin', label) : readNewPin(visit, 'pin', label)
  if ('problem' in read) return overviewPage(visit, [read.problem])
  const ending = await registerNumber(world, callOf(visit, business), { ...target(visit), pin: Secret.of(read.pin) })
  const onPin = (text: Html, status?: Shown['status']) => overviewPage(visit, [{ field: 'pin', text }], status)
  switch (ending.kind) {
    case 'registered':
      return leadTo(visit, numberPath(claim.id), 'registered')
    case 'not_proved':
      return overviewPage(visit, [{ text: t.say('register.notProved') }])
    case 'attempts_spent':
      return overviewPage(
        visit,
        [{ text: t.say('register.attempts', { wait: t.wait(ending.retryAt, ending.now) }) }],
        429,
      )
    case 'deleted_recently':
      return overviewPage(
        visit,
        [{ text: t.say('register.deleted', { wait: t.wait(ending.retryAt, ending.now) }) }],
        429,
      )
    case 'pin_needed':
      return onPin(t.say('problem.required'))
    case 'wrong_pin':
      return onPin(wrongPinWords(visit, ending.notice, ending.now))
    case 'pin_closed':
      return onPin(t.say('pin.closed.register'))
    case 'guess_too_soon':
      return onPin(t.say('pin.soon', { wait: t.wait(ending.retryAt, ending.now) }), 429)
    case 'weak_pin':
      return onPin(weakPinWords(visit, ending.weakness))
    case 'overloaded':
      c.header('Retry-After', String(ending.retryAfter))
      return overviewPage(visit, [{ text: t.say('problem.busy') }], 503)
  }
}
