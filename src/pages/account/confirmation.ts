// One question before what cannot be taken back, on a page of its own, so that it is asked without scripts too: what will
// happen, a button that does it, and a way back. And what stands around changes that ask for fresh proofs.

import { html } from 'hono/html'
import { staleProofs } from '#core/account/session.ts'
import type { FormProblem } from '../form.ts'
import type { Html } from '../layout.ts'
import { under } from './entries.ts'
import { type Answer, leadTo, nextOf, type SignedVisit, type Status, show, token } from './visit.ts'

export type Confirmation = {
  readonly title: string
  /** What will happen, a paragraph each. */
  readonly happens: readonly Html[]
  readonly button: Html
  /** Whether it takes something away. */
  readonly danger?: boolean
  /** Where it belongs, and where "cancel" leads. */
  readonly above: { readonly href: string; readonly text: Html }
  /** The page's own path, which takes the answer by POST. */
  readonly path: string
  readonly fields?: Html
  readonly problems?: readonly FormProblem[]
  readonly status?: Status | undefined
}

export const confirmation = (visit: SignedVisit, of: Confirmation): Answer =>
  show(visit, {
    title: of.title,
    path: of.path,
    heading: under(of.above, of.title),
    problems: of.problems ?? [],
    status: of.status,
    body: html`<div class="card ${of.danger === true ? 'danger' : ''}">
      ${of.happens.map(each => html`<p>${each}</p>`)}
      <form class="stack" method="post" action="${of.path}">
        ${token(visit)} ${of.fields ?? ''}
        <div class="actions">
          <button class="${of.danger === true ? 'danger' : ''}">${of.button}</button>
          <a class="button second" href="${of.above.href}">${visit.t.say('cancel')}</a>
        </div>
      </form>
    </div>`,
  })

/**
 * A page whose form changes a factor: whoever cannot send it yet proves themself first, and fills it in afterwards. What the
 * form does is permitted by the rules, whatever this says.
 */
export const fresh =
  (answer: (visit: SignedVisit) => Answer) =>
  (visit: SignedVisit): Answer => {
    const { at, world, c } = visit
    if (staleProofs(at.account, at.session, at.now, world.limits).length === 0) return answer(visit)
    return leadTo(visit, stepUpFor(c.req.path))
  }

/** The page where proofs are given anew, and from which one comes back to `path`. */
export const stepUpFor = (path: string): string => `/account/step-up?${new URLSearchParams({ next: nextOf(path) })}`
