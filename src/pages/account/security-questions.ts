// Security questions and the date of birth, in profile `classic` only: set while two-step verification is off, and asked for
// when it is turned off. They open nothing.

import { html } from 'hono/html'
import { type AskedQuestion, setSecurityQuestions, turnOffTwoStep } from '#actions/account/security-questions.ts'
import { day } from '#core/kernel/instant.ts'
import { Secret } from '#secrets/secret.ts'
import { type FormProblem, field } from '../form.ts'
import type { Html } from '../layout.ts'
import { confirmation, fresh } from './confirmation.ts'
import { underHome } from './entries.ts'
import { busy } from './fields.ts'
import { nameOf } from './names.ts'
import type { Route } from './route.ts'
import {
  type Answer,
  isRefusal,
  leadTo,
  noSuchPage,
  refused,
  type SignedVisit,
  type Status,
  show,
  token,
  typed,
} from './visit.ts'

const path = '/account/security-questions'
const offPath = '/account/two-step/off'

// ——— the fields

const places = [1, 2, 3] as const

function questionFields(visit: SignedVisit, problems: readonly FormProblem[], asksDate: boolean): Html {
  const { t, form } = visit
  const off = { autocomplete: 'off' } as const
  return html`${places.map(count => {
    const [question, answer] = [`question-${count}`, `answer-${count}`]
    const hint = count === 1 ? t.say('questions.question.hint') : undefined
    const asked = { ...off, id: question, label: t.say('questions.question', { count }), hint, longest: 64 }
    return html`${field({ ...asked, value: form[question] }, problems)}
      ${field({ ...off, id: answer, label: t.say('questions.answer', { count }), longest: 128 }, problems)}`
  })}
  ${asksDate ? dateField(visit, problems) : ''}`
}

const dateField = ({ t }: SignedVisit, problems: readonly FormProblem[]): Html =>
  field(
    {
      ...{ id: 'birth-date', label: t.say('birth.label'), hint: t.say('birth.hint') },
      ...{ autocomplete: 'bday', shape: 'ltr', longest: 10 },
    },
    problems,
  )

type Read = { readonly problems: readonly FormProblem[]; readonly questions: readonly AskedQuestion[] }

function readQuestions(visit: SignedVisit): Read {
  const { t } = visit
  const problems: FormProblem[] = []
  const questions: AskedQuestion[] = []
  for (const count of places) {
    const [question, answer] = [nameOf(visit, `question-${count}`), typed(visit, `answer-${count}`)]
    if (question === undefined) problems.push({ field: `question-${count}`, text: t.say('questions.wrong.question') })
    const isAnswer = answer.length >= 1 && answer.length <= 128 && answer.isWellFormed()
    if (!isAnswer) problems.push({ field: `answer-${count}`, text: t.say('questions.wrong.answer') })
    if (question !== undefined && isAnswer) questions.push({ question, answer: Secret.of(answer) })
  }
  if (problems.length === 0 && new Set(questions.map(each => each.question)).size < places.length) {
    problems.push({ field: 'question-1', text: t.say('questions.wrong.same') })
  }
  return { problems, questions }
}

/** A day there was, as `1815-12-10`. */
function readDate(visit: SignedVisit): Secret | undefined {
  const text = typed(visit, 'birth-date')
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  const date = new Date(`${text}T00:00:00Z`)
  return Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text) ? undefined : Secret.of(text)
}

// ——— setting them

function questionsPage(visit: SignedVisit, problems: readonly FormProblem[], status?: Status): Answer {
  const { t, at, world } = visit
  const { identity, twoStep } = at.account
  if (!world.limits.account.securityQuestions) return noSuchPage(visit)
  const title = t.plain('questions.title')
  const heading = underHome(visit, title)
  if (twoStep.kind === 'on') {
    return show(visit, { title, path, heading, body: html`<p>${t.say('questions.on')}</p>` })
  }
  const set = identity.questions
  const days = world.limits.account.waiting.period / day
  return show(visit, {
    title,
    path,
    heading,
    problems,
    status,
    body: html`<p class="soft">${t.say('questions.lead')}</p>
      ${
        set.length === 0
          ? ''
          : html`<section class="card">
              <p>${t.say('questions.set')}</p>
              <ul>${set.map(each => html`<li><bdi>${each.question}</bdi></li>`)}</ul>
              <p class="soft">${t.say('questions.replace')}</p>
            </section>`
      }
      <div class="card">
        <p class="soft">${t.say('questions.waits', { days })}</p>
        <form class="stack" method="post" action="${path}">
          ${token(visit)} ${questionFields(visit, problems, identity.birthDate === undefined)}
          <div class="actions"><button>${t.say('questions.button')}</button></div>
        </form>
      </div>`,
  })
}

async function setQuestions(visit: SignedVisit): Promise<Response> {
  const { world, call, at, t } = visit
  const { questions, problems } = readQuestions(visit)
  const asksDate = at.account.identity.birthDate === undefined
  const birthDate = asksDate ? readDate(visit) : undefined
  const wrongDate = asksDate && birthDate === undefined ? [{ field: 'birth-date', text: t.say('birth.shape') }] : []
  const wrong = [...problems, ...wrongDate]
  if (wrong.length > 0) return questionsPage(visit, wrong)
  const ending = await setSecurityQuestions(world, call, at, { questions, birthDate })
  if (isRefusal(ending)) return refused(visit, ending, path)
  switch (ending.kind) {
    case 'set':
      return leadTo(visit, '/account', 'questions_set')
    case 'two_step_is_on':
      return questionsPage(visit, [{ text: t.say('questions.on') }], 409)
    case 'three_questions':
      return questionsPage(visit, [{ field: 'question-1', text: t.say('questions.wrong.same') }])
    case 'birth_date_known':
      return questionsPage(visit, [{ text: t.say('birth.known') }], 409)
    case 'not_in_profile':
      return noSuchPage(visit)
    case 'overloaded': {
      const { problem, status } = busy(visit, ending)
      return questionsPage(visit, [problem], status)
    }
  }
}

// ——— turning off

function offPage(visit: SignedVisit, problems: readonly FormProblem[], status?: Status): Answer {
  const { t, at, world } = visit
  if (at.account.twoStep.kind !== 'on') return leadTo(visit, '/account', 'is_off')
  const asks = world.limits.account.securityQuestions
  return confirmation(visit, {
    title: t.plain('off.title'),
    happens: [t.say('off.text'), t.say('off.void'), ...(asks ? [t.say('off.identity')] : [])],
    button: t.say('off.button'),
    danger: true,
    above: { href: '/account', text: t.say('home.toHome') },
    path: offPath,
    problems,
    status,
    ...(asks ? { fields: questionFields(visit, problems, true) } : {}),
  })
}

async function turnOff(visit: SignedVisit): Promise<Response> {
  const { world, call, at, t } = visit
  const given = world.limits.account.securityQuestions ? readIdentity(visit) : undefined
  if (given !== undefined && 'problems' in given) return offPage(visit, given.problems)
  const ending = await turnOffTwoStep(world, call, at, given)
  if (isRefusal(ending)) return refused(visit, ending, offPath)
  switch (ending.kind) {
    case 'turned_off':
      return leadTo(visit, '/account', 'two_step_off')
    case 'not_on':
      return leadTo(visit, '/account', 'is_off')
    case 'wrong_birth_date':
      return offPage(visit, [{ field: 'birth-date', text: t.say('birth.wrong') }])
    case 'too_soon': {
      const wait = t.wait(ending.retryAt, ending.now)
      return offPage(visit, [{ field: 'birth-date', text: t.say('birth.wait', { wait }) }], 429)
    }
    case 'identity_needed':
    case 'not_in_profile':
      return offPage(visit, [{ text: t.say('off.identity') }])
    case 'overloaded': {
      const { problem, status } = busy(visit, ending)
      return offPage(visit, [problem], status)
    }
  }
}

function readIdentity(visit: SignedVisit) {
  const { questions, problems } = readQuestions(visit)
  const birthDate = readDate(visit)
  if (problems.length === 0 && birthDate !== undefined) return { questions, birthDate }
  const wrongDate = birthDate === undefined ? [{ field: 'birth-date', text: visit.t.say('birth.shape') }] : []
  return { problems: [...problems, ...wrongDate] }
}

export const securityQuestionRoutes: readonly Route[] = [
  { method: 'GET', path, who: 'signed_in', answer: fresh(visit => questionsPage(visit, [])) },
  { method: 'POST', path, who: 'signed_in', answer: setQuestions },
  { method: 'GET', path: offPath, who: 'signed_in', answer: fresh(visit => offPage(visit, [])) },
  { method: 'POST', path: offPath, who: 'signed_in', answer: turnOff },
]
