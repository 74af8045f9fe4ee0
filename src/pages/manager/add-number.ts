// Adding a number to a business account.

import { html } from 'hono/html'
import { addNumber as addNumberAction } from '#actions/add-number.ts'
import { parseNumber } from '#numbering/number.ts'
import { type Field, type FormProblem, field } from '../form.ts'
import { businessPath, numberPath } from './businesses.ts'
import { type BusinessVisit, callOf, leadTo, show, token } from './visit.ts'

export const askForNumber = (visit: BusinessVisit): Response | Promise<Response> => addPage(visit, [])

function addPage(visit: BusinessVisit, problems: readonly FormProblem[], status?: 409): Response | Promise<Response> {
  const { t, document, business, form } = visit
  const path = `${businessPath(business)}/numbers/new`
  const fields: readonly Field[] = [
    {
      ...{ id: 'number', label: t.say('add.number'), hint: t.say('add.number.hint'), value: form.number },
      ...{ type: 'tel', autocomplete: 'off', shape: 'ltr', longest: 64 },
    },
    {
      ...{ id: 'name', label: t.say('add.name'), hint: t.say('add.name.hint'), value: form.name ?? document.name },
      ...{ autocomplete: 'off', longest: 100 },
    },
  ]
  return show(visit, {
    title: t.plain('add.title'),
    path,
    width: 'narrow',
    problems,
    ...(status === undefined ? {} : { status }),
    heading: html`<div class="heading"><div>
      <p class="trail"><a href="${businessPath(business)}"><bdi>${document.name}</bdi></a></p>
      <h1>${t.say('add.title')}</h1>
    </div></div>`,
    body: html`<p class="soft">${t.say('add.lead')}</p>
      <div class="card">
        <form class="stack" method="post" action="${path}">
          ${token(visit)}
          ${fields.map(each => field(each, problems))}
          <div class="actions">
            <button>${t.say('add.button')}</button>
            <a class="button second" href="${businessPath(business)}">${t.say('cancel')}</a>
          </div>
        </form>
      </div>`,
  })
}

export async function addNumber(visit: BusinessVisit): Promise<Response> {
  const { t, world, business, form } = visit
  const { homeCountries } = world.policy
  const home = homeCountries !== 'all' && homeCountries.length === 1 ? homeCountries[0] : undefined
  const parsed = parseNumber(form.number ?? '', home)
  const name = (form.name ?? '').trim().replace(/\s+/g, ' ')
  const problems: FormProblem[] = []
  if (parsed.kind === 'not_a_number') problems.push({ field: 'number', text: t.say(`add.wrong.${parsed.reason}`) })
  // A line break or another sign that cannot be seen belongs in no name.
  if (name === '' || [...name].length > 100 || /\p{Cc}/u.test(name))
    problems.push({ field: 'name', text: t.say('add.name.wrong') })
  if (parsed.kind === 'not_a_number' || problems.length > 0) return addPage(visit, problems)
  const ending = await addNumberAction(world, callOf(visit, business), {
    business,
    number: parsed.e164,
    verifiedName: name,
  })
  switch (ending.kind) {
    case 'added':
      return leadTo(visit, numberPath(ending.claim), 'added')
    case 'listed_already': {
      const open = html`<a href="${numberPath(ending.claim)}">${t.say('add.open')}</a>`
      return addPage(visit, [{ text: html`${t.say('add.listed')} ${open}` }], 409)
    }
  }
}
