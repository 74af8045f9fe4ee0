// A real Chromium for the tests of the pages: people in browsers of their own, axe to look for what shuts somebody out, and
// pictures of every page for whoever wants to look. They go to the folder SCREENSHOTS, or to one below the system's folder
// for temporary files.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page, type Response } from 'playwright-core'

export const pictures = process.env.SCREENSHOTS ?? join(tmpdir(), 'twostep-screenshots')
mkdirSync(pictures, { recursive: true })

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Starts the browser. A container has neither its sandbox's rights nor a large /dev/shm. */
export async function openBrowser(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: execFileSync('scripts/chromium', { encoding: 'utf8' }).trim(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  })
  browser.on('disconnected', writeContactSheet)
  return browser
}

/** One page with every picture that there is so far, for a person to look over: contact-sheet.html beside them. */
function writeContactSheet(): void {
  const names = readdirSync(pictures).filter(name => name.endsWith('.png'))
  const figures = names
    .toSorted()
    .map(
      name =>
        `<figure><a href="${name}"><img src="${name}" loading="lazy"></a><figcaption>${name}</figcaption></figure>`,
    )
  const style =
    'body{font:13px system-ui;display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}figure{margin:0}' +
    'img{max-width:320px;max-height:480px;border:1px solid #888}figcaption{max-width:320px}'
  const sheet = `<!doctype html><meta charset="utf-8"><title>Pages</title><style>${style}</style>${figures.join('\n')}`
  writeFileSync(join(pictures, 'contact-sheet.html'), sheet)
}

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

// WCAG 2.2 §2.5.8, which axe looks at only when it is asked to.
const sizes = { rules: { 'target-size': { enabled: true } } }

type Finding = {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

async function findings(page: Page, only?: readonly string[]): Promise<readonly string[]> {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(axe)
  const options = { resultTypes: ['violations'], ...(only === undefined ? sizes : { runOnly: only }) }
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
  // A label that names an id which stands twice leads to the wrong field, and axe does not mind.
  const ids = (await page.evaluate('[...document.querySelectorAll("[id]")].map(each => each.id)')) as string[]
  assert.deepEqual(
    ids.filter((id, at) => ids.indexOf(id) !== at),
    [],
    `${name}: no id stands twice`,
  )
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

/**
 * The same from every side: by light, in the dark, in a narrow window, and from right to left in Arabic. For a page that a GET
 * shows: it is loaded again for Arabic.
 */
export async function looksWellFromEverySide(page: Page, name: string): Promise<void> {
  await looksWell(page, name, 'dark')
  const window = page.viewportSize()
  await page.setViewportSize({ width: 320, height: 800 })
  await picture(page, `${name}-narrow`)
  const arabic = { name: 'twostep-language', value: 'ar', url: page.url() }
  await page.context().addCookies([arabic])
  await page.reload()
  assert.equal(await page.evaluate('document.dir'), 'rtl', name)
  await fits(page)
  await picture(page, `${name}-arabic`)
  await page.context().clearCookies({ name: arabic.name })
  if (window !== null) await page.setViewportSize(window)
  await page.reload()
}

/** What a page costs whoever opens it first: bytes in all, requests, and how far things move while it comes. */
export async function costOf(page: Page, path: string): Promise<{ bytes: number; requests: number; shift: number }> {
  const replies: Promise<number>[] = []
  // A stream of events goes on for as long as the page is open.
  const size = async (reply: Response) =>
    reply.headers()['content-type']?.startsWith('text/event-stream') ? 0 : (await reply.body()).length
  const count = (reply: Response) => replies.push(size(reply).catch(() => 0))
  page.on('response', count)
  await page.goto(path, { waitUntil: 'load' })
  const shift = await shiftOf(page)
  page.off('response', count)
  const sizes = await Promise.all(replies)
  return { bytes: sizes.reduce((sum, each) => sum + each, 0), requests: sizes.length, shift }
}

/** How far things have moved since the page came, which nobody asked for. */
export const shiftOf = (page: Page): Promise<number> =>
  page.evaluate(`new Promise(resolve => {
    let sum = 0
    new PerformanceObserver(list => { for (const each of list.getEntries()) sum += each.value })
      .observe({ type: 'layout-shift', buffered: true })
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)))
  })`)

/** Nothing has to be scrolled sideways. */
export async function fits(page: Page): Promise<void> {
  const [width, room] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [number, number]
  assert.ok(width <= room, `${page.url()} is ${width} wide in ${room}`)
}
