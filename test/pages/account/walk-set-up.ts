// The set-up of two-step verification, step by step; the wait before it; and how it is left and taken up again.

import assert from 'node:assert/strict'
import { otherPassword } from '../../faces/account/door.ts'
import { otherThan } from '../../other-code.ts'
import type { Walk } from './walk.ts'

const stepNow = (walk: Walk): Promise<string> =>
  walk.page.evaluate('String([...document.querySelectorAll(".progress li")].findIndex(each => each.matches(".now")))')

/** From "off" to "on", with a mistake at every step that takes something typed. */
export async function setsUp(walk: Walk): Promise<void> {
  const { page, pages, scripts } = walk
  await walk.becomes(await pages.owner())
  await walk.goes('')
  await walk.looks('160-home-off')
  await walk.follows('/set-up')
  await walk.looks('161-why')
  await walk.sends('/set-up/begin')
  assert.equal(await stepNow(walk), '1')
  await walk.looks('162-number')
  await walk.sends('/set-up/number', { number: '+44 20 7946 0123' })
  await walk.told('number.no.fixed_line')
  await walk.looks('163-number-wrong')
  const number = walk.number()
  await walk.sends('/set-up/number', { number })
  await walk.looks('164-code')
  const code = await pages.newestCode(number)
  await walk.sends('/set-up/code', { code: otherThan(code).replace(/^.{3}/, '$& ') })
  await walk.told('code.wrong')
  await walk.looks('165-code-wrong')
  await walk.sends('/set-up/again')
  await walk.told('code.tooMany')
  await walk.sends('/set-up/code', { code: `${code.slice(0, 3)}-${code.slice(3)}` })
  await walk.told('done.verified')
  await walk.looks('166-devices')
  await walk.sends('/set-up/browser')
  await walk.looks('167-this-browser')
  await walk.sends('/set-up/code', { code: await walk.shownCode() })
  assert.equal(await page.locator('#name').count(), 0, 'this browser is trusted already')
  await walk.looks('168-two-devices')
  await walk.sends('/set-up/skip')
  await walk.looks('169-before-the-key')
  await walk.sends('/set-up/key')
  const key = await walk.shown()
  assert.match(key, /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}$/)
  await walk.looks('170-the-key')
  assert.equal(await page.locator('[data-copies]:visible, [data-prints]:visible').count(), scripts ? 2 : 0)
  await walk.follows('/set-up')
  await walk.looks('171-retype')
  await walk.sends('/set-up/retype', { 'recovery-key': '0000-0000-0000-00' })
  await walk.told('key.wrong')
  await walk.looks('172-retype-wrong')
  await walk.sends('/set-up/retype', { 'recovery-key': key.toLowerCase().replaceAll('-', ' ') })
  assert.equal(await stepNow(walk), '4')
  await walk.looks('173-understand')
  await page.check('#understood')
  await walk.sends('/set-up/confirm')
  walk.isAt('/set-up/done')
  await walk.looks('174-done')
  await walk.follows('')
  await walk.looks('175-home-on')
}

/** After an important change it waits: the date is said and put into a calendar. Then it is begun, left, and given up. */
export async function waitsAndLeaves(walk: Walk): Promise<void> {
  const { page, pages } = walk
  const owner = await pages.owner()
  await walk.becomes(owner)
  await walk.goes('/password')
  await walk.looks('230-password')
  await walk.sends('/password', { new: 'short', again: 'short' })
  await walk.told('password.too_short')
  await walk.looks('231-password-weak')
  await walk.sends('/password', { new: otherPassword, again: otherPassword })
  await walk.told('done.password_changed')
  await walk.goes('/set-up')
  await walk.told('setUp.why.waits')
  await walk.sends('/set-up/begin')
  await walk.looks('180-waiting')
  const [file] = await Promise.all([page.waitForEvent('download'), walk.follows('/set-up/calendar.ics')])
  assert.equal(file.suggestedFilename(), 'two-step-verification.ics')
  await walk.goes('')
  await walk.looks('181-home-waiting')
  await pages.advance('P3D')
  await page.reload()
  await walk.looks('182-home-ready')
  await walk.follows('/set-up')
  await walk.sends('/set-up/begin')
  walk.isAt('/step-up')
  await walk.sends('/step-up/password', { password: otherPassword })
  await walk.sends('/set-up/begin')
  await walk.goes('')
  await walk.looks('183-home-half-way')

  // Another browser takes it up where it was left, and gives it up.
  await walk.becomes()
  await walk.goes('/set-up')
  await walk.sends('/sign-in', { email: owner.email, password: otherPassword })
  walk.isAt('/set-up')
  assert.equal(await stepNow(walk), '1')
  await walk.sends('/set-up/abandon')
  await walk.told('done.set_up_left')
}
