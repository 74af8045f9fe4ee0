// The way in: signing up, signing in, the Recovery Key in place of a device, and a forgotten password.

import { goodPassword, otherPassword } from '../../faces/account/door.ts'
import { otherThan } from '../../other-code.ts'
import { fill } from './door.ts'
import type { Walk } from './walk.ts'

const wrongKey = { 'recovery-key': '2345-6789-ABCD-EF' }

/** An account is asked for, made by the mailed link, and entered. */
export async function signsUp(walk: Walk): Promise<void> {
  const { page, pages } = walk
  const email = `grace-${walk.number()}@home.example`.replace('+', '')
  await walk.goes('')
  walk.isAt('/sign-in')
  await walk.looks('100-sign-in')
  await walk.follows('/sign-up')
  await walk.looks('101-sign-up')
  await walk.sends('/sign-up', { email: 'grace.@home.example' })
  await walk.told('signUp.wrong')
  await walk.looks('102-sign-up-wrong')
  await walk.sends('/sign-up', { email })
  await walk.looks('103-sign-up-mailed')
  await page.goto((await pages.mails(email))[0]?.link ?? '')
  await walk.looks('104-sign-up-link')
  const choose = async (password: string) => {
    await fill(page, { new: password, again: password })
    await page.click('main form button:not([type=button])')
  }
  await choose('short')
  await walk.looks('105-sign-up-weak')
  await choose(goodPassword)
  await walk.looks('106-sign-up-done')
  await walk.follows('/sign-in')
  await walk.sends('/sign-in', { email, password: 'not the password' })
  await walk.told('signIn.refused')
  await walk.looks('107-sign-in-refused')
  await walk.sends('/sign-in', { email, password: goodPassword })
  walk.isAt('')
  await page.click('form[action="/account/sign-out"] button')
  await walk.told('done.signed_out')
}

/** With two-step verification on a device is chosen, a code entered, and the browser trusted for its days. */
export async function signsIn(walk: Walk): Promise<void> {
  const { page, pages } = walk
  const of = await pages.turnedOn()
  const password = () => walk.sends('/sign-in', { email: of.email, password: of.password })
  await walk.becomes()
  await walk.goes('/devices')
  await password()
  await walk.looks('110-choose-device')
  await walk.sends('/sign-in/device')
  await walk.looks('111-code')
  const code = await pages.newestCode(of.number)
  await walk.sends('/sign-in/code', { code: otherThan(code) })
  await walk.told('code.wrong')
  await walk.looks('112-code-wrong')
  await walk.sends('/sign-in/device')
  await walk.told('code.tooMany')
  await walk.looks('113-code-too-many')
  await page.check('input[name=trust]')
  await walk.sends('/sign-in/code', { code: ` ${code.slice(0, 2)} – ${code.slice(2)}` })
  walk.isAt('/devices', 'it goes on where it was asked')
  const out = () => page.click('form[action="/account/sign-out"] button')
  await out()
  await password()
  walk.isAt('', 'no code is asked for on a trusted browser')
  await out()
  await pages.advance('P60D')
  await password()
  walk.isAt('/sign-in/device', 'and is again once its days are over')

  // The sign-in goes on with the Recovery Key in place of the device, and has one thing to do: add one.
  await walk.follows('/sign-in/recovery-key')
  await walk.looks('120-recovery-key')
  await walk.sends('/sign-in/recovery-key', wrongKey)
  await walk.told('signIn.key.wrong')
  await walk.looks('121-recovery-key-wrong')
  await walk.sends('/sign-in/recovery-key', { 'recovery-key': of.recoveryKey.toLowerCase().replaceAll('-', ' ') })
  await walk.looks('122-new-device')
  await walk.goes('')
  walk.isAt('/new-device', 'nothing else is open to it')
  await walk.sends('/new-device', { number: '+44 20 7946 0000' })
  await walk.told('number.no.fixed_line')
  await walk.looks('123-new-device-landline')
  const number = walk.number()
  await walk.sends('/new-device', { number })
  await walk.looks('124-new-device-code')
  await walk.sends('/new-device/code', { code: await pages.newestCode(number) })
  walk.isAt('')
  await walk.told('done.device_added')
}

/** With two-step on: Recovery Key, code, new password. */
export async function forgets(walk: Walk): Promise<void> {
  const { pages } = walk
  const of = await pages.turnedOn()
  await walk.becomes()
  await walk.goes('/sign-in')
  await walk.follows('/forgotten')
  await walk.looks('130-forgotten')
  await walk.follows('/forgotten/recovery-key')
  await walk.looks('131-forgotten-key')
  await walk.sends('/forgotten/recovery-key', { email: of.email, ...wrongKey })
  await walk.told('forgotten.key.wrong')
  await walk.looks('132-forgotten-key-wrong')
  await pages.advance('PT1M')
  await walk.sends('/forgotten/recovery-key', { email: of.email, 'recovery-key': of.recoveryKey })
  await walk.looks('133-forgotten-device')
  await walk.sends('/forgotten/device')
  await walk.looks('134-forgotten-code')
  await walk.sends('/forgotten/code', { code: await pages.newestCode(of.number) })
  await walk.looks('135-forgotten-password')
  await walk.sends('/forgotten/password', { new: 'password', again: 'password' })
  await walk.told('password.common')
  await walk.looks('136-forgotten-password-weak')
  await walk.sends('/forgotten/password', { new: otherPassword, again: otherPassword })
  await walk.told('done.password_reset')
  await walk.sends('/sign-in', { email: of.email, password: otherPassword })
  walk.isAt('/sign-in/device', 'both steps are asked for')
}

/** With it off: a mailed link. */
export async function forgetsWithoutTwoStep(walk: Walk): Promise<void> {
  const { page, pages } = walk
  const { email } = await pages.owner()
  await walk.becomes()
  await walk.goes('/forgotten/mail')
  await walk.looks('137-forgotten-mail')
  await walk.sends('/forgotten/mail', { email })
  await walk.looks('138-forgotten-mailed')
  await page.goto((await pages.mails(email)).find(each => each.link?.includes('twmr_'))?.link ?? '')
  await walk.looks('139-forgotten-link')
  await fill(page, { new: otherPassword, again: otherPassword })
  await page.click('main form button:not([type=button])')
  await walk.follows('/sign-in')
  await walk.sends('/sign-in', { email, password: otherPassword })
  walk.isAt('')
}
