// A real Chromium for the tests of the pages: people in browsers of their own, axe to look for what shuts somebody out, what a
// page costs, and, where the folder SCREENSHOTS is named, pictures of every page and one contact sheet for a person to look over.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

// A picture costs as much as half of what looks at the page: they are taken for whoever asks.
const pictures = process.env.SCREENSHOTS || undefined
if (pictures !== undefined) mkdirSync(pictures, { recursive: true })

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Starts the browser. A container has neither its sandbox's rights nor a large /dev/shm. */
export async function openBrowser(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: execFileSync('scripts/chromium', { encoding: 'utf8' }).trim(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--in-process-gpu'],
  })
  browser.on('disconnected', writeContactSheet)
  return browser
}

// The sides that a state is looked at from, as the pictures' names end.
const sides = { '': 'light', '-dark': 'dark', '-narrow': '320 pixels', '-arabic': 'right to left' } as const

/** One page with every picture that there is so far, a row for each state: contact-sheet.html beside them. */
function writeContactSheet(): void {
  if (pictures === undefined) return
  const taken = new Set(readdirSync(pictures).filter(name => name.endsWith('.png')))
  const states = new Set([...taken].map(name => name.replace(/(?:-dark|-narrow|-arabic)?\.png$/, '')))
  const cell = (name: string) =>
    taken.has(name) ? `<a href="${name}"><img src="${name}" alt="${name}" loading="lazy"></a>` : ''
  const rows = [...states].toSorted().map(
    state =>
      `<tr><th>${state}${Object.keys(sides)
        .map(side => `<td>${cell(`${state}${side}.png`)}`)
        .join('')}`,
  )
  const style =
    'body{font:13px system-ui}th{text-align:start}td,th{vertical-align:top;padding:6px}' +
    'img{max-width:340px;max-height:560px;border:1px solid #888}'
  const head = `<tr><th>state${Object.values(sides)
    .map(side => `<th>${side}`)
    .join('')}`
  const sheet = `<!doctype html><meta charset="utf-8"><title>Pages</title><style>${style}</style><table>${head}${rows.join('\n')}</table>`
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

/** What was refused is said where the focus is; Tab and Enter lead to the field. */
export async function focusLeadsTo(page: Page, id: string): Promise<void> {
  // The browser moves it when it first draws the page, which may be after the page has loaded.
  await page.waitForSelector('[role=alert]:focus')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate('document.activeElement.id'), id)
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

/** Takes a page's picture where pictures are asked for, and no more: of one that is made as another that was looked at. */
export async function picture(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
}

/**
 * The page shuts nobody out, as far as axe can tell (WCAG 2.2 AA and more), and needs no scrolling sideways in a window of 320
 * pixels. With `dark` its colours in the dark are looked at too.
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
  const window = page.viewportSize()
  if (dark !== undefined) {
    await page.emulateMedia({ colorScheme: 'dark' })
    assert.deepEqual(await findings(page, ['color-contrast']), [], `${name}, dark`)
    await picture(page, `${name}-dark`)
    await page.emulateMedia({ colorScheme: 'light' })
  }
  await page.setViewportSize({ width: 320, height: 800 })
  await fits(page)
  await picture(page, `${name}-narrow`)
  if (window !== null) await page.setViewportSize(window)
}

/**
 * What the page cost: bytes in all as they are used, requests, and how far things moved while it came, which nobody asked for.
 * What the browser had kept counts as if it came for the first time. `elsewhere`: what was asked of another site.
 */
export const costOf = (page: Page): Promise<Cost> =>
  page.evaluate(`new Promise(resolve => {
    const loads = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    const icon = document.querySelector('link[rel=icon]')
    let shift = 0
    const moved = []
    new PerformanceObserver(list => {
      for (const { value, sources } of list.getEntries()) {
        shift += value
        moved.push(...sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? node?.textContent ?? ''))
      }
    }).observe({ type: 'layout-shift', buffered: true })
    const elsewhere = [...loads.map(each => each.name), icon.href].filter(each => new URL(each).origin !== origin)
    const bytes = loads.reduce((sum, each) => sum + each.decodedBodySize, 0)
    const done = () => resolve({ bytes, requests: loads.length + 1, shift, moved, elsewhere })
    requestAnimationFrame(() => requestAnimationFrame(done))
  })`)

type Cost = {
  readonly bytes: number
  readonly requests: number
  readonly shift: number
  /** What moved. */
  readonly moved: readonly string[]
  readonly elsewhere: readonly string[]
}

/**
 * What is no jump. Google calls 0.1 good; a line that goes or comes is 0.01; what a busy machine paints in two pieces, and the
 * full stop behind a time that is counted down, is 0.001.
 */
export const mostShift = 0.004

/** Nothing has to be scrolled sideways. */
export async function fits(page: Page): Promise<void> {
  const [width, room, wide] = (await page.evaluate(`[
    document.documentElement.scrollWidth,
    innerWidth,
    [...document.querySelectorAll('body *')]
      .filter(each => each.getBoundingClientRect().right > innerWidth || each.getBoundingClientRect().left < 0)
      .map(each => each.outerHTML.slice(0, 120)),
  ]`)) as [number, number, readonly string[]]
  assert.ok(width <= room, `${page.url()} is ${width} wide in ${room}: ${wide.join('\n')}`)
}
