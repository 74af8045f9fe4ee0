// The account pages as their tests meet them: a sandbox whose clock stands still until it is moved, people with accounts, and
// their browsers: one without a browser for what only HTTP shows, and tabs of a Chromium for what only a person sees.

import assert from 'node:assert/strict'
import type { Browser, Page } from 'playwright-core'
import { type AccountsDoor, type Owner, openAccounts, type Profile, type TurnedOn } from '../../faces/account/door.ts'
import type { Settings } from '../../faces/sandbox.ts'
import { type Eyes, person } from '../browser.ts'
import { type Visitor, visitor } from '../visitor.ts'

export type Pages = Awaited<ReturnType<typeof openPages>>

/** What a session's cookies are named by plain http. */
export const cookies = { session: 'twostep-session', browser: 'twostep-browser', signIn: 'twostep-sign-in' } as const

export async function openPages(settings: Settings & { readonly profile?: Profile } = {}) {
  const door: AccountsDoor = await openAccounts(settings)
  const { url } = door.sandbox

  /** Somebody without a browser, signed in with a session that was begun elsewhere. */
  async function entered(of: Pick<Owner, 'session' | 'browser'>, language?: string): Promise<Visitor> {
    const them = visitor(url, language)
    for (const [name, value] of cookiesOf(of)) them.cookies.set(name, value)
    // For the token that every form carries.
    await them.get('/account/sign-in')
    return them
  }

  /** Somebody in a browser of their own, who has not signed in. */
  const comes = (browser: Browser, eyes?: Eyes) => person(browser, url, eyes)

  /** The same, in a session that was begun elsewhere. */
  async function signedIn(browser: Browser, of: Pick<Owner, 'session' | 'browser'>, eyes?: Eyes) {
    const page = await person(browser, url, eyes)
    await page.context().addCookies(cookiesOf(of).map(([name, value]) => ({ name, value, url })))
    return page
  }

  /** Types what is right into the sign-in, up to the choice of a device or to the end. */
  async function password(page: Page, of: Pick<Owner, 'email' | 'password'>): Promise<void> {
    await fill(page, { email: of.email, password: of.password })
    await send(page)
  }

  /** The whole sign-in by the pages: password, first device, code. */
  async function signsIn(page: Page, of: TurnedOn): Promise<void> {
    await page.goto('/account/sign-in')
    await password(page, of)
    await page.click('button.choice')
    await fill(page, { code: await door.newestCode(of.number) })
    await send(page)
  }

  return {
    ...door,
    url,
    entered,
    comes,
    signedIn,
    password,
    signsIn,
    visit: (language?: string) => visitor(url, language),
  }
}

const cookiesOf = ({
  session,
  browser,
}: Pick<Owner, 'session' | 'browser'>): readonly (readonly [string, string])[] => [
  [cookies.session, session],
  [cookies.browser, browser],
]

/** Sends the page's first form. */
export const send = (page: Page): Promise<void> => page.click('main form button:not([type=button])')

export async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [id, text] of Object.entries(fields)) await page.fill(`#${id}`, text)
}

/** What the page says was done, or is wrong. */
export const notice = async (page: Page): Promise<string> =>
  (await page.textContent('.notice'))?.trim().replace(/\s+/g, ' ') ?? ''

/** Where the page is. */
export const at = (page: Page): string => new URL(page.url()).pathname

/** Presses Tab until something that fits has the focus. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let pressed = 0; pressed < 40; pressed++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return
  }
  assert.fail(`the keyboard does not reach ${selector}`)
}
