// Names that a person gives to things of theirs: one page for devices, browsers and sessions.

import { html } from 'hono/html'
import { renameBrowser, renameSession } from '#actions/account/sessions.ts'
import { renameTrustedDevice } from '#actions/account/trusted-devices.ts'
import type { Refusal } from '#core/account/session.ts'
import { deviceOf } from '#core/account/trusted-device.ts'
import { type FormProblem, field } from '../form.ts'
import { calledOr, under } from './entries.ts'
import type { Route } from './route.ts'
import type { AccountText } from './texts/texts.ts'
import {
  type Answer,
  inSession,
  isRefusal,
  leadTo,
  noSuchPage,
  refused,
  type SignedVisit,
  show,
  token,
  typed,
} from './visit.ts'

/** The name that was typed; `undefined` when it is none: the same rule as over REST. */
export function nameOf(visit: SignedVisit, id = 'name'): string | undefined {
  const name = typed(visit, id)
  return name.length < 1 || name.length > 64 || /\p{Cc}/u.test(name) || !name.isWellFormed() ? undefined : name
}

export const nameField = (
  { t, form }: SignedVisit,
  of: { readonly id?: string; readonly label: AccountText; readonly value: string; readonly hint?: AccountText },
  problems: readonly FormProblem[],
) => {
  const { id = 'name', label, value, hint } = of
  const named = {
    id,
    label: t.say(label),
    value: form[id] ?? value,
    hint: hint === undefined ? undefined : t.say(hint),
  }
  return field({ ...named, autocomplete: 'off', longest: 64 }, problems)
}

type Thing = {
  readonly path: string
  readonly title: AccountText
  readonly called: (visit: SignedVisit, id: string) => string | undefined
  readonly rename: (
    visit: SignedVisit,
    id: string,
    name: string,
  ) => Promise<Refusal | { readonly kind: 'renamed' | 'no_device' | 'no_browser' | 'no_such_session' }>
}

const things: readonly Thing[] = [
  {
    path: '/account/devices',
    title: 'devices.title',
    called: ({ at }, id) => deviceOf(at.account, id)?.name,
    rename: ({ world, call, at }, device, name) => renameTrustedDevice(world, call, at, { device, name }),
  },
  {
    path: '/account/browsers',
    title: 'browsers.title',
    called: ({ at }, id) => at.account.browsers.find(each => each.id === id)?.name,
    rename: (visit, browser, name) => renameBrowser(visit.world, visit.call, { ...inSession(visit), browser, name }),
  },
  {
    path: '/account/sessions',
    title: 'sessions.title',
    called: ({ at }, id) => at.account.sessions.find(each => each.id === id)?.name,
    rename: (visit, which, name) => renameSession(visit.world, visit.call, { ...inSession(visit), which, name }),
  },
]

const idOf = ({ c }: SignedVisit): string => c.req.param('id') ?? ''

function ask(visit: SignedVisit, thing: Thing, problems: readonly FormProblem[]): Answer {
  const { t } = visit
  const called = thing.called(visit, idOf(visit))
  if (called === undefined) return noSuchPage(visit)
  const shown = calledOr(visit, called)
  const title = t.plain('rename.title', { name: shown })
  const path = `${thing.path}/${idOf(visit)}/name`
  return show(visit, {
    title,
    path,
    heading: under(
      { href: thing.path, text: t.say(thing.title) },
      t.say('rename.title', { name: html`<bdi>${shown}</bdi>` }),
    ),
    problems,
    body: html`<div class="card">
      <form class="stack" method="post" action="${path}">
        ${token(visit)} ${nameField(visit, { label: 'rename.name', value: called }, problems)}
        <div class="actions">
          <button>${t.say('rename.button')}</button>
          <a class="button second" href="${thing.path}">${t.say('cancel')}</a>
        </div>
      </form>
    </div>`,
  })
}

async function rename(visit: SignedVisit, thing: Thing): Promise<Response> {
  const name = nameOf(visit)
  if (name === undefined) return ask(visit, thing, [{ field: 'name', text: visit.t.say('name.wrong') }])
  const ending = await thing.rename(visit, idOf(visit), name)
  if (isRefusal(ending)) return refused(visit, ending, thing.path)
  return ending.kind === 'renamed' ? leadTo(visit, thing.path, 'renamed') : noSuchPage(visit)
}

export const nameRoutes: readonly Route[] = things.flatMap((thing): readonly Route[] => {
  const path = `${thing.path}/:id{[0-9]+}/name`
  return [
    { method: 'GET', path, who: 'signed_in', answer: visit => ask(visit, thing, []) },
    { method: 'POST', path, who: 'signed_in', answer: visit => rename(visit, thing) },
  ]
})
