// A real Chromium for the tests of the pages: people in browsers of their own, axe to look for what shuts somebody out, and
// pictures of every page for whoever wants to look. They go to the folder SCREENSHOTS, or to one below the system's folder
// for temporary files.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

export const pictures = process.env.SCREENSHOTS ?? join(tmpdir(), 'twostep-screenshots')
mkdirSync(pictures, { recursive: true })

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Starts the browser. A container has neither its sandbox's rights nor a large /dev/shm. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: execFileSync('scripts/chromium', { encoding: 'utf8' }).trim(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  })

export type Eyes = {
  readonly scripts?: boolean
  readonly language?: string
  readonly width?: number
}

/** Somebody in a browser of their own: cookies, language, window. */
export async function person(browser: Browser, url: string, eyes: Eyes = {}): Promise<Page & AsyncDisposable> {
  const context: BrowserContext = await browser.newContext({
    baseURL: url,
    javaScriptEnabled: eyes.scripts ?? true,
    locale: eyes.language ?? 'en-GB',
    viewport: { width: eyes.width ?? 1100, height: 800 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  // Patient: other tests run on the same cores.
  page.setDefaultTimeout(30_000)
  // What a strict policy refuses would be seen by nobody but the browser's own console. A refused form says so there too.
  const complaints: string[] = []
  page.on('console', message => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(String(error)))
  page.on('dialog', dialog => void dialog.accept())
  return Object.assign(page, {
    async [Symbol.asyncDispose]() {
      await context.close()
      assert.deepEqual(complaints, [])
    },
  })
}

type Finding = {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

async function findings(page: Page, only?: readonly string[]): Promise<readonly string[]> {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(axe)
  const options = { resultTypes: ['violations'], ...(only === undefined ? {} : { runOnly: only }) }
  const { violations } = (await page.evaluate(`axe.run(${JSON.stringify(options)})`)) as {
    violations: readonly Finding[]
  }
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(node => `${node.html} ${node.failureSummary}`).join('; ')}`,
  )
}

/** Takes a page's picture, and no more: of one that is made as another that was looked at. */
export const picture = (page: Page, name: string): Promise<unknown> =>
  page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })

/**
 * The page shuts nobody out, as far as axe can tell; it needs no scrolling sideways in a window of 320 pixels; and its picture
 * is taken. With `dark` its colours in the dark are looked at too: said once of every kind of thing that has colours.
 */
export async function looksWell(page: Page, name: string, dark?: 'dark'): Promise<void> {
  assert.deepEqual(await findings(page), [], name)
  await picture(page, name)
  if (dark !== undefined) {
    await page.emulateMedia({ colorScheme: 'dark' })
    assert.deepEqual(await findings(page, ['color-contrast']), [], `${name}, dark`)
    await picture(page, `${name}-dark`)
    await page.emulateMedia({ colorScheme: 'light' })
  }
  const window = page.viewportSize()
  await page.setViewportSize({ width: 320, height: 800 })
  await fits(page)
  if (window !== null) await page.setViewportSize(window)
}

/** Nothing has to be scrolled sideways. */
export async function fits(page: Page): Promise<void> {
  const [width, room] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [number, number]
  assert.ok(width <= room, `${page.url()} is ${width} wide in ${room}`)
}
