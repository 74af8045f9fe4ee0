// Every account page and state, seen twice by people on the same way: with scripts by light, in the dark and narrow; and without
// scripts, from right to left. SCREENSHOTS names a folder for their pictures and a contact sheet.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openBrowser } from '../browser.ts'
import { setsUpByKeyboard, signsInByKeyboard } from './by-keyboard.ts'
import { codesComeByThemselves, notificationsShowCodes } from './device-page.ts'
import { openPages } from './door.ts'
import { appPasswordIsShownOnce, keyIsShownOnce, keyIsShownOnceWithoutScripts } from './shown-once.ts'
import { type Walk, walkOf } from './walk.ts'
import {
  findsADeviceOff,
  isADevice,
  leaves,
  looksAfterDevices,
  looksAfterTheRest,
  replacesTheKey,
} from './walk-care.ts'
import { setsUp, waitsAndLeaves } from './walk-set-up.ts'
import { forgets, forgetsWithoutTwoStep, signsIn, signsUp } from './walk-sign-in.ts'
import { codeIsPasted, codeIsReadOutOfTheMessage, laptopSlept, ownLook, passwordIsShown } from './with-scripts.ts'

const pages = await openPages()
const browser = await openBrowser()
after(async () => {
  await browser.close()
  await pages[Symbol.asyncDispose]()
})

const ways = [
  ['with scripts', { language: 'en', scripts: true }, { width: 1100 }],
  ['without scripts, in Arabic, in 320 pixels', { language: 'ar', scripts: false }, { width: 320 }],
] as const

const parts: readonly (readonly [string, (walk: Walk) => Promise<void>])[] = [
  ['an account is asked for, made by the mailed link, and entered', signsUp],
  ['a device is chosen, a code entered, a browser trusted, and the Recovery Key taken in place of a device', signsIn],
  ['a forgotten password: the Recovery Key, a code, a new one', forgets],
  ['a forgotten password without two-step verification: a mailed link', forgetsWithoutTwoStep],
  ['two-step verification is turned on, and each step says what to do, what is left and what is wrong', setsUp],
  ['after an important change it waits for a date; it is taken up in another browser, and given up', waitsAndLeaves],
  ['what changes who can get in asks for fresh proofs; the Recovery Key is replaced', replacesTheKey],
  ['devices are named, added and taken away', looksAfterDevices],
  ['programs, sessions and browsers are listed and ended; two-step verification is turned off', looksAfterTheRest],
  ['a device that strangers turned off is said to be off, why, and what to do', findsADeviceOff],
  ['a trusted device shows its codes, and says "not me"', isADevice],
  ['addresses, questions, a copy of everything, and the end', leaves],
]

for (const [how, way, { width }] of ways) {
  test(how, async t => {
    await using page = await pages.comes(browser, { scripts: way.scripts, width })
    const walk = await walkOf(pages, page, way)
    for (const [promise, part] of parts) await t.test(promise, () => part(walk))
    if (!way.scripts)
      await t.test('the Recovery Key is shown once, too', () => keyIsShownOnceWithoutScripts(pages, page))
    const scriptsOnly = ['POST /account/device/push', 'POST /account/device/not-me']
    const noPages = [
      '/device/events',
      '/device/manifest.webmanifest',
      '/device/worker.js',
      '/calendar.ics',
      '/account.json',
    ]
    assert.deepEqual(
      walk.left().filter(route => !scriptsOnly.includes(route) && !noPages.some(path => route.endsWith(path))),
      [],
      'every page was looked at, and every form was sent',
    )
  })
}

test('what scripts and keys do', async t => {
  await using page = await pages.comes(browser)
  await t.test('the keyboard alone is enough to sign in', () => signsInByKeyboard(pages, page))
  await t.test('the keyboard alone is enough to turn two-step verification on', () => setsUpByKeyboard(pages, page))
  await t.test('the Recovery Key is copied, printed on one sheet, and gone', () => keyIsShownOnce(pages, page))
  await t.test('an app-specific password is shown once', () => appPasswordIsShownOnce(pages, page))
  await t.test('a code is pasted with whatever stands around it', () => codeIsPasted(pages, page))
  await t.test('a password is shown while its button says so', () => passwordIsShown(pages, page))
  await t.test('a look of the operator’s own can be read, whatever the colour', () => ownLook(pages, page))
  await t.test('a device shows a code as it comes, and ends what asked for it', () =>
    codesComeByThemselves(pages, page),
  )
  await t.test('notifications show codes while the page is closed', () => notificationsShowCodes(pages, page))
  await t.test('where the browser reads text messages, the field fills itself', () =>
    codeIsReadOutOfTheMessage(pages, page),
  )
  await t.test('a wait is counted by the clock: a laptop that slept shows what is left', () => laptopSlept(pages, page))
})
