// What is shown of sessions, browsers and sign-ins. Verifiers, networks and other browsers' secrets have no place here.

import type { Opened, SecondStepNeeded, SignInSeen } from '#actions/account/sign-in.ts'
import type { Account } from '#core/account/account.ts'
import { acrOf, amrOf } from '#core/account/gate.ts'
import type { Session } from '#core/account/session.ts'
import { isTrusted, type TrustedBrowser } from '#core/account/trusted-browser.ts'
import { after, type Instant } from '#core/kernel/instant.ts'
import type { Limits } from '#core/throttle/limits.ts'
import { moment } from './moment.ts'

/** A session as its owner sees it. `current`: the id of the one that asks. */
export function sessionView(account: Account, session: Session, current: string | undefined, limits: Limits) {
  const { life, limitedLife } = limits.account.session
  const lasts = session.level === 'limited' ? Math.min(life, limitedLife) : life
  return {
    id: session.id,
    name: session.name,
    current: session.id === current,
    level: session.level,
    from: session.from,
    began_at: moment(session.beganAt),
    last_used_at: moment(session.lastUsedAt),
    expires_at: moment(after(session.beganAt, lasts)),
    acr: acrOf(account, session),
    amr: amrOf(account, session),
    gates: session.gates,
  }
}

/** A session that was just begun, with its token. */
export function openedView(kind: 'signed_in' | 'limited', opened: Opened, limits: Limits) {
  const { account, session, token, browser } = opened
  return {
    kind,
    account_id: account.id,
    session: { ...sessionView(account, session, session.id, limits), token: token.reveal() },
    browser: browser?.reveal() ?? null,
  }
}

/** A sign-in that waits for its second step, with its token. */
export const secondStepView = ({ signIn, token, devices, expires }: SecondStepNeeded) => ({
  kind: 'second_step_needed',
  id: signIn,
  token: token.reveal(),
  devices,
  expires_at: moment(expires),
})

/** The same, asked for again. */
export const signInView = ({ signIn, devices, expires, code }: SignInSeen) => ({
  kind: 'second_step_needed',
  id: signIn,
  devices,
  expires_at: moment(expires),
  code: code === undefined ? null : { device: code.device, sent_at: moment(code.sentAt) },
})

/** A known browser. `current`: the id of the one that the session was begun on. */
export const browserView = (browser: TrustedBrowser, current: string | undefined, now: Instant) => ({
  id: browser.id,
  name: browser.name,
  current: browser.id === current,
  from: browser.from,
  added_at: moment(browser.addedAt),
  last_used_at: moment(browser.lastUsedAt),
  trusted_until: isTrusted(browser, now) ? moment(browser.trustedUntil ?? now) : null,
})
