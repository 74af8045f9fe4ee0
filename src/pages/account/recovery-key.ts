// The Recovery Key of an account with two-step verification on: replaced, and asked for once a year.
//
//   page ──▶ new (what will happen) ──POST──▶ the key, this once ──▶ retype ──POST──▶ replaced

import { html } from 'hono/html'
import { retypeRecoveryKey, showKeyAtHand, showRecoveryKey } from '#actions/account/recovery-key.ts'
import { keyOf, newKeyToRetype } from '#core/account/recovery-key.ts'
import { warningsOf } from '#core/account/trusted-device.ts'
import { after } from '#core/kernel/instant.ts'
import type { FormProblem } from '../form.ts'
import { confirmation, fresh } from './confirmation.ts'
import { comesWithTwoStep } from './devices.ts'
import { under, underHome } from './entries.ts'
import { keyField, requiredProblems } from './fields.ts'
import { keySheet, secretScripts } from './key-sheet.ts'
import type { Route } from './route.ts'
import {
  type Answer,
  isRefusal,
  leadTo,
  refused,
  type SignedVisit,
  type Status,
  secretOf,
  show,
  token,
} from './visit.ts'

const path = '/account/recovery-key'
const newPath = `${path}/new`
const retypePath = `${path}/retype`
const atHandPath = `${path}/at-hand`

const above = ({ t }: SignedVisit) => ({ href: path, text: t.say('recoveryKey.title') })

function keyPage(visit: SignedVisit, problems: readonly FormProblem[], status?: Status): Answer {
  const { t, at, world } = visit
  const title = t.plain('recoveryKey.title')
  const heading = underHome(visit, title)
  if (at.account.twoStep.kind !== 'on') {
    return show(visit, { title, path, heading, body: comesWithTwoStep(visit, t.say('recoveryKey.off.text')) })
  }
  const key = keyOf(at.account)
  const due = warningsOf(at.account, at.now, world.limits).includes('recovery_key_at_hand')
  return show(visit, {
    title,
    path,
    heading,
    problems,
    status,
    body: html`<p class="soft">${t.say('recoveryKey.lead')}</p>
      ${
        key === undefined
          ? html`<div class="notice bad"><p>${t.say('recoveryKey.none')}</p></div>`
          : html`<section class="card ${due ? 'wait' : ''}" aria-labelledby="at-hand">
              <dl class="facts">
                <dt>${t.say('recoveryKey.made')}</dt><dd>${t.moment(key.since)}</dd>
                <dt>${t.say('recoveryKey.seen')}</dt><dd>${t.moment(key.confirmedAt)}</dd>
              </dl>
              <h2 id="at-hand">${t.say('recoveryKey.atHand.title')}</h2>
              <p>${t.say('recoveryKey.atHand.text')}</p>
              <form class="stack" method="post" action="${atHandPath}">
                ${token(visit)} ${keyField(visit, problems)}
                <div class="actions"><button class="second">${t.say('recoveryKey.atHand.button')}</button></div>
              </form>
            </section>`
      }
      <section class="card" aria-labelledby="replace">
        <h2 id="replace">${t.say(key === undefined ? 'recoveryKey.take.title' : 'recoveryKey.replace.title')}</h2>
        <p>${t.say(key === undefined ? 'recoveryKey.take.text' : 'recoveryKey.replace.text')}</p>
        <p><a class="button ${key === undefined ? '' : 'second'}" href="${newPath}"
          >${t.say('recoveryKey.replace.button')}</a></p>
      </section>`,
  })
}

const empty = (visit: SignedVisit) => requiredProblems(visit, { 'recovery-key': visit.t.say('signIn.key.label') })

/** The yearly question. */
async function atHand(visit: SignedVisit): Promise<Response> {
  const { world, call, at, t, presenting } = visit
  const missing = empty(visit)
  if (missing.length > 0) return keyPage(visit, missing)
  const ending = await showKeyAtHand(world, call, at, { typed: secretOf(visit, 'recovery-key'), presenting })
  if (isRefusal(ending)) return refused(visit, ending, path)
  switch (ending.kind) {
    case 'at_hand':
      return leadTo(visit, path, 'key_at_hand')
    case 'wrong_key':
      return keyPage(visit, [{ field: 'recovery-key', text: t.say('recoveryKey.atHand.wrong') }])
    case 'key_too_soon': {
      const wait = t.wait(ending.retryAt, ending.now)
      return keyPage(visit, [{ field: 'recovery-key', text: t.say('recoveryKey.atHand.wait', { wait }) }], 429)
    }
  }
}

// ——— replacing it

function askToReplace(visit: SignedVisit): Answer {
  const { t, at } = visit
  if (at.account.twoStep.kind !== 'on') return leadTo(visit, path)
  const none = keyOf(at.account) === undefined
  return confirmation(visit, {
    title: t.plain(none ? 'recoveryKey.take.title' : 'recoveryKey.new.title'),
    happens: [t.say(none ? 'recoveryKey.take.text' : 'recoveryKey.replace.text'), t.say('setUp.key.ready')],
    button: t.say('setUp.key.button'),
    above: above(visit),
    path: newPath,
  })
}

async function showNew(visit: SignedVisit): Promise<Response> {
  const { world, call, at, t } = visit
  const ending = await showRecoveryKey(world, call, at)
  if (isRefusal(ending)) return refused(visit, ending, newPath)
  if (ending.kind === 'not_on') return leadTo(visit, path)
  const title = t.plain('key.shown.title')
  return show(visit, {
    title,
    path: newPath,
    heading: under(above(visit), title),
    scripts: secretScripts,
    body: html`${keySheet(visit, ending.key)}
      <p class="screen-only"><a class="button" href="${retypePath}">${t.say('key.shown.next')}</a></p>`,
  })
}

function retypePage(visit: SignedVisit, problems: readonly FormProblem[]): Answer {
  const { t, at, world } = visit
  const { limits } = world
  const { twoStep } = at.account
  const replacement = twoStep.kind === 'on' ? twoStep.replacement : undefined
  const stands = newKeyToRetype(at.account, at.session.id, at.now, limits) !== undefined
  if (replacement === undefined || !stands) return leadTo(visit, newPath, 'key_not_shown')
  const until = after(replacement.shownAt, limits.account.recoveryKey.retypeWithin)
  const title = t.plain('setUp.retype.title')
  return show(visit, {
    title,
    path: retypePath,
    heading: under(above(visit), title),
    problems,
    body: html`<div class="card">
        <p>${t.say('recoveryKey.retype.text')}</p>
        <form class="stack" method="post" action="${retypePath}">
          ${token(visit)} ${keyField(visit, problems)}
          <div class="actions"><button>${t.say('setUp.retype.button')}</button></div>
        </form>
        <p class="soft small">${t.say('recoveryKey.retype.within', { date: t.moment(until) })}</p>
      </div>
      <form method="post" action="${newPath}">
        ${token(visit)}<button class="plain">${t.say('setUp.retype.another')}</button>
      </form>`,
  })
}

async function retype(visit: SignedVisit): Promise<Response> {
  const { world, call, at, t } = visit
  const missing = empty(visit)
  if (missing.length > 0) return retypePage(visit, missing)
  const ending = await retypeRecoveryKey(world, call, at, secretOf(visit, 'recovery-key'))
  if (isRefusal(ending)) return refused(visit, ending, retypePath)
  switch (ending.kind) {
    case 'replaced':
      return leadTo(visit, path, 'key_replaced')
    case 'wrong_key':
      return retypePage(visit, [{ field: 'recovery-key', text: t.say('key.wrong') }])
    case 'not_shown':
      return leadTo(visit, newPath, 'key_not_shown')
  }
}

export const recoveryKeyRoutes: readonly Route[] = [
  { method: 'GET', path, who: 'signed_in', answer: visit => keyPage(visit, []) },
  { method: 'POST', path: atHandPath, who: 'signed_in', answer: atHand },
  { method: 'GET', path: newPath, who: 'signed_in', answer: fresh(askToReplace) },
  { method: 'POST', path: newPath, who: 'signed_in', answer: showNew },
  { method: 'GET', path: retypePath, who: 'signed_in', answer: fresh(visit => retypePage(visit, [])) },
  { method: 'POST', path: retypePath, who: 'signed_in', answer: retype },
]
