// Somebody who walks through the account pages in a Chromium of their own, and looks at every state that they come to.
//
//     with scripts, in English, a wide window ──▶ axe by light and in the dark, 320 pixels, bytes, requests, shift
//     without scripts, in Arabic, 320 pixels  ──▶ right to left, nothing to scroll sideways, no word of another language
//
// Both take the very same way: it finds its links and buttons by where they lead, never by their words. Which pages were looked
// at and which forms were sent is kept, and held against the table of routes in the end.

import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { accountPageRoutes } from '#pages/account/routes.ts'
import { type AccountText, accountTexts } from '#pages/account/texts/texts.ts'
import { costOf, fits, looksWell, mostShift, picture } from '../browser.ts'
import { at, cookiesOf, fill, type Pages } from './door.ts'

export type Walk = Awaited<ReturnType<typeof walkOf>>

type Way = { readonly language: 'en' | 'ar'; readonly scripts: boolean }

/** `page`: of a browser that runs scripts or not, as `scripts` says. */
export async function walkOf(pages: Pages, page: Page, { language, scripts }: Way) {
  const words = accountTexts[language]
  const seen = new Set<string>()
  const sent = new Set<string>()
  page.on('request', request => {
    if (request.isNavigationRequest() && request.method() === 'POST') sent.add(new URL(request.url()).pathname)
  })
  const base = language === 'en' ? 800 : 900
  let numbers = 0

  const walk = {
    ...{ pages, page, scripts },
    /** From here on this is somebody else: whoever has this session, or nobody. */
    async becomes(who?: Parameters<typeof cookiesOf>[0]): Promise<void> {
      await page.context().clearCookies()
      const own = who === undefined ? [] : cookiesOf(who)
      const all = [...own, ['twostep-language', language] as const]
      await page.context().addCookies(all.map(([name, value]) => ({ name, value, url: pages.url })))
    },
    /** A mobile number that nobody else has. */
    number: (): string => `+1631555${String(base + ++numbers).padStart(4, '0')}`,
    async goes(path: string): Promise<void> {
      await page.goto(`/account${path}`)
    },
    /** Follows the first link on the page that leads there. */
    async follows(path: string): Promise<void> {
      await page.click(`main a[href^="/account${path}"]`)
      await page.waitForLoadState()
    },
    /** Fills fields in and sends the first form that goes there. */
    async sends(path: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
      await fill(page, fields)
      await page.click(`main form[action^="/account${path}"] button:not([type=button])`)
      // A click is over when the new page begins to come: what looks at it looks at all of it.
      await page.waitForLoadState()
    },
    /** The page says this, where it says what was done or is wrong. */
    async told(key: AccountText): Promise<void> {
      const text = words[key]
      assert.ok(typeof text === 'string', key)
      const said = ((await page.textContent('main .notice')) ?? '').replace(/\s+/g, ' ')
      // Between its parts stands what was filled in.
      let from = 0
      for (const part of text.split(/\{\w+\}/)) {
        const found = said.indexOf(part.trim(), from)
        assert.ok(found >= 0, `${key} at ${page.url()}: ${said}`)
        from = found + part.trim().length
      }
    },
    isAt: (path: string, why?: string): void => assert.equal(at(page), `/account${path}`, why),
    /** The secret or code that the page shows. */
    shown: async (): Promise<string> => ((await page.textContent('.secret-text')) ?? '').trim(),
    shownCode: async (): Promise<string> => ((await page.textContent('.code-large > [aria-hidden]')) ?? '').trim(),
    /** Looks at the page as it is now. */
    async looks(name: string): Promise<void> {
      seen.add(at(page))
      await (scripts ? looksWide(page, name) : looksArabic(page, name))
    },
    /** Routes of pages that were not looked at, and of forms that were not sent. */
    left: (): readonly string[] =>
      accountPageRoutes
        .filter(({ method, path }) => ![...(method === 'GET' ? seen : sent)].some(each => shapeOf(path).test(each)))
        .map(({ method, path }) => `${method} ${path}`),
  }
  await walk.becomes()
  return walk
}

const shapeOf = (path: string): RegExp => new RegExp(`^${path.replace(/:\w+\{([^}]*)\}/g, '$1')}$`)

async function looksWide(page: Page, name: string): Promise<void> {
  const { bytes, requests, shift, moved, elsewhere } = await costOf(page)
  assert.ok(bytes > 10_000 && bytes < 60_000, `${name} has ${bytes} bytes`)
  assert.ok(requests <= 8, `${name} asks ${requests} times`)
  assert.ok(shift < mostShift, `${name} moves by ${shift}: ${moved.join(', ')}`)
  assert.deepEqual(elsewhere, [], `${name} asks another site`)
  await looksWell(page, name, 'dark')
}

// Names, addresses and the like are what they are in every language.
const foreign =
  /UTC|JSON|\.ics|Twostep|[\w.-]+@[\w.]+|https?:\S+|[A-Z0-9]{4}-[A-Z0-9-]+|[a-z]{4}(?:-[a-z]{4}){3}|\w+ on Linux/g

async function looksArabic(page: Page, name: string): Promise<void> {
  assert.equal(await page.evaluate('document.dir'), 'rtl', name)
  await fits(page)
  const text = (await page.evaluate('document.querySelector("main").innerText')) as string
  const latin = text.replace(foreign, '').match(/[A-Za-z]{3,}/g) ?? []
  const given = ['Phone', 'Mail', 'mail', 'Kitchen']
  assert.deepEqual(
    latin.filter(word => !given.includes(word)),
    [],
    `${name}: ${text}`,
  )
  await picture(page, `${name}-arabic`)
}
