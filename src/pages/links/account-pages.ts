// The pages behind the links of accounts: what confirming would do, that it was done, that it cannot be. They show nothing of
// the account, for whoever has the mail may open them.

import { html } from 'hono/html'
import type { AccountLinkPurpose, AccountLinkSeen } from '#actions/account/mailed-links.ts'
import type { Limits } from '#core/throttle/limits.ts'
import { field, summary } from '../form.ts'
import { type Html, page } from '../layout.ts'
import { momentIn } from '../texts/speak.ts'
import { accountTextsIn } from './account-link-texts.ts'
import type { Framed } from './pages.ts'
import { textsIn } from './texts.ts'

type Open = Extract<AccountLinkSeen, { readonly kind: 'open' }>

/** What is wrong with the password that was sent. */
export type Wrong = { readonly field: 'new' | 'again'; readonly text: string } | undefined

/** Asks. The button posts to the page's own address; nothing happens without it. */
export function askAccountPage(framed: Framed, { purpose, expires }: Open, limits: Limits, wrong: Wrong): Html {
  const { language } = framed
  const words = accountTextsIn[language].purposes[purpose]
  const setsPassword = purpose === 'reset_password' || purpose === 'sign_up'
  const problems = wrong === undefined ? [] : [{ field: wrong.field, text: html`${wrong.text}` }]
  const body = html`<h1>${words.title}</h1>
      ${summary(accountTextsIn[language].problem, problems)}
      <div class="card">
      <p>${words.happens}</p>
      <dl class="facts"><dt>${textsIn[language].until}</dt><dd>${momentIn(language, expires)}</dd></dl>
      <form class="stack" method="post" action="${framed.path}">
        ${setsPassword ? passwordFields(framed, limits, problems) : ''}
        <button class="${purpose === 'not_me' ? 'danger' : ''}">${words.confirm}</button>
      </form>
      </div>
      <p class="soft">${words.notAsked}</p>`
  return page({ ...framed, title: words.title, width: 'narrow', body })
}

function passwordFields({ language }: Framed, limits: Limits, problems: Parameters<typeof field>[1]): Html {
  const texts = accountTextsIn[language]
  const { leastLength, mixed } = limits.account.password
  const hint = html`${(mixed ? texts.hintMixed : texts.hint).replace('{least}', String(leastLength))}`
  const of = { type: 'password', autocomplete: 'new-password' } as const
  return html`${field({ ...of, id: 'new', label: texts.password, hint }, problems)}
  ${field({ ...of, id: 'again', label: texts.passwordAgain }, problems)}`
}

/** After it was done. Has no token in its address, so that reloading it does nothing. */
export function doneAccountPage(framed: Framed, purpose: AccountLinkPurpose): Html {
  const words = accountTextsIn[framed.language].purposes[purpose]
  const body = html`<h1>${words.done}</h1>
      <div class="notice good" role="status"><p>${words.result}</p></div>
      <p>${words.next}</p>
      ${purpose === 'address' ? '' : html`<p><a class="button" href="/account/sign-in">${accountTextsIn[framed.language].signIn}</a></p>`}`
  return page({ ...framed, title: words.done, width: 'narrow', body })
}

/** The same for a link that was used, replaced or is too old. */
export function goneAccountPage(framed: Framed): Html {
  const { gone } = accountTextsIn[framed.language]
  const { title, next } = textsIn[framed.language].gone
  const body = html`<h1>${title}</h1><p>${gone}</p><p>${next}</p>`
  return page({ ...framed, title, width: 'narrow', body })
}

/** The address is another account's by now. Only who reads its mailbox gets here. */
export function takenAddressPage(framed: Framed): Html {
  const { taken } = accountTextsIn[framed.language]
  const body = html`<h1>${taken.title}</h1><p>${taken.why}</p><p>${taken.next}</p>`
  return page({ ...framed, title: taken.title, width: 'narrow', body })
}
