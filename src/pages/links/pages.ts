// The pages behind mailed links: what confirming would do, that it was done, that the link is gone. They show the number
// masked and nothing of anybody's account, for whoever has the mail may open them.

import { html } from 'hono/html'
import type { LinkPurpose, LookedAt } from '#actions/mailed-links.ts'
import { type Html, type Page, page } from '../layout.ts'
import { momentIn } from '../texts/speak.ts'
import { textsIn } from './texts.ts'

/** What every page is framed with. */
export type Framed = Pick<Page, 'language' | 'product' | 'brand' | 'path'>

type Open = Extract<LookedAt, { readonly kind: 'open' }>

/** Asks. The button posts to the page's own address; nothing happens without it. */
export function askPage(framed: Framed, { purpose, numberMasked, expires }: Open): Html {
  const texts = textsIn[framed.language]
  const words = texts.purposes[purpose]
  const body = html`<h1>${words.title}</h1>
      <div class="card">
      <p>${words.happens}</p>
      <dl class="facts">
        <dt>${texts.number}</dt><dd><bdi class="number" dir="ltr">${numberMasked}</bdi></dd>
        <dt>${texts.until}</dt><dd>${momentIn(framed.language, expires)}</dd>
      </dl>
      <form method="post" action="${framed.path}">
        <button class="${purpose === 'address' ? '' : 'danger'}">${words.confirm}</button>
      </form>
      </div>
      <p class="soft">${words.notAsked}</p>`
  return page({ ...framed, title: words.title, width: 'narrow', body })
}

/** After it was done. Has no token in its address, so that reloading it does nothing. */
export function donePage(framed: Framed, purpose: LinkPurpose): Html {
  const words = textsIn[framed.language].purposes[purpose]
  const body = html`<h1>${words.done}</h1>
      <div class="notice good" role="status"><p>${words.result}</p></div>
      <p>${words.next}</p>`
  return page({ ...framed, title: words.done, width: 'narrow', body })
}

/** The same for a link that was used, replaced, is too old or was never mailed. */
export function gonePage(framed: Framed): Html {
  const { gone } = textsIn[framed.language]
  const body = html`<h1>${gone.title}</h1><p>${gone.why}</p><p>${gone.next}</p>`
  return page({ ...framed, title: gone.title, width: 'narrow', body })
}

/** When the server can do nothing right now. */
export function laterPage(framed: Framed): Html {
  const { later } = textsIn[framed.language]
  const body = html`<h1>${later.title}</h1><p>${later.next}</p>`
  return page({ ...framed, title: later.title, width: 'narrow', body })
}
