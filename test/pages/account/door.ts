// The account pages as their tests meet them: a sandbox whose clock stands still until it is moved, people with accounts, and
// their browsers: one without a browser for what only HTTP shows, and tabs of a Chromium for what only a person sees.

import type { Browser, Page } from 'playwright-core'
import { type AccountsDoor, type Owner, openAccounts, type Profile } from '../../faces/account/door.ts'
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

  /** Types what is right into the sign-in, up to the choice of a device or to the end. */
  async function password(page: Page, of: Pick<Owner, 'email' | 'password'>): Promise<void> {
    await fill(page, { email: of.email, password: of.password })
    await send(page)
  }

  return {
    ...door,
    url,
    entered,
    comes,
    password,
    visit: (language?: string) => visitor(url, language),
  }
}

export const cookiesOf = ({
  session,
  browser,
}: Pick<Owner, 'session' | 'browser'>): readonly (readonly [string, string])[] => [
  [cookies.session, session],
  [cookies.browser, browser],
]

/** From here on a browser is somebody's who signed in elsewhere, and nobody else's. */
export async function signInAs(page: Page, { url }: Pages, of: Pick<Owner, 'session' | 'browser'>): Promise<void> {
  await page.context().clearCookies()
  await page.context().addCookies(cookiesOf(of).map(([name, value]) => ({ name, value, url })))
}

/** Sends the page's first form. */
export async function send(page: Page): Promise<void> {
  await page.click('main form button:not([type=button])')
  await page.waitForLoadState()
}

export async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [id, text] of Object.entries(fields)) await page.fill(`#${id}`, text)
}

/** What the page says was done, or is wrong. */
export const notice = async (page: Page): Promise<string> =>
  (await page.textContent('.notice'))?.trim().replace(/\s+/g, ' ') ?? ''

/** Where the page is. */
export const at = (page: Page): string => new URL(page.url()).pathname
