// Looking after an account: every change says what it will do, asks for fresh proofs where they are due, and says what it did.

import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { expecting, goodPassword } from '../../faces/account/door.ts'
import { otherThan } from '../../other-code.ts'
import type { Walk } from './walk.ts'

/** What changes who can get in asks for the password and a code, and leads back; then the Recovery Key is replaced. */
export async function replacesTheKey(walk: Walk): Promise<void> {
  const { pages } = walk
  const owner = await pages.turnedOn()
  await pages.advance('PT11M')
  await walk.becomes(owner)
  await walk.goes('/recovery-key')
  await walk.looks('200-recovery-key')
  await walk.follows('/recovery-key/new')
  walk.isAt('/step-up')
  await walk.sends('/step-up/password', { password: 'not the password' })
  await walk.told('stepUp.password.wrong')
  await walk.looks('201-step-up-password')
  await walk.sends('/step-up/password', { password: owner.password })
  await walk.looks('202-step-up-device')
  await walk.sends('/step-up/device')
  const code = await pages.newestCode(owner.number)
  await walk.sends('/step-up/code', { code: otherThan(code) })
  await walk.told('code.wrong')
  await walk.looks('203-step-up-code')
  await walk.goes('/step-up?next=/account/recovery-key/new')
  await walk.sends('/step-up/code', { code })
  walk.isAt('/recovery-key/new')
  await walk.told('done.stepped_up')
  await walk.looks('204-replace-key')

  await walk.sends('/recovery-key/new')
  const key = await walk.shown()
  await walk.looks('205-new-key')
  await walk.follows('/recovery-key/retype')
  await walk.looks('206-retype')
  await walk.sends('/recovery-key/retype', { 'recovery-key': owner.recoveryKey })
  await walk.told('key.wrong')
  await walk.looks('207-retype-wrong')
  await walk.sends('/recovery-key/retype', { 'recovery-key': key })
  await walk.told('done.key_replaced')
  assert.ok((await pages.mails(owner.email)).some(({ subject }) => /You have a new Recovery Key/.test(subject ?? '')))
  await walk.sends('/recovery-key/at-hand', { 'recovery-key': owner.recoveryKey })
  await walk.told('recoveryKey.atHand.wrong')
  await walk.looks('208-not-at-hand')
  await walk.sends('/recovery-key/at-hand', { 'recovery-key': key })
  await walk.told('done.key_at_hand')
}

/** Somebody whose proofs are fresh, with a session on another browser as well. */
async function freshOwner({ pages }: Walk) {
  const owner = await pages.turnedOn()
  await pages.advance('PT1M')
  const sign = await pages.begun(owner)
  await expecting(200, sign.step('code/check', { code: await sign.code(), trust_browser: true }))
  await pages.advance('PT1M')
  await pages.freshen(owner)
  return owner
}

/** The last link on the page to one thing of a list: `what`, a number, `verb`. */
const clickLast = (page: Page, what: string, verb: string): Promise<void> =>
  page.locator(`main .links a[href^="/account/${what}/"][href$="/${verb}"]`).last().click()

/** Devices and numbers: named, added, taken away. */
export async function looksAfterDevices(walk: Walk): Promise<void> {
  const { page } = walk
  await walk.becomes(await freshOwner(walk))
  await walk.goes('/devices')
  await walk.looks('210-devices')
  await clickLast(page, 'devices', 'name')
  await walk.looks('211-rename')
  await walk.sends('/devices', { name: 'Phone 2' })
  await walk.told('done.renamed')
  await clickLast(page, 'devices', 'removal')
  await walk.sends('/devices')
  await walk.told('devices.lastNumber')
  await walk.looks('212-last-number')
  await walk.goes('/new-device')
  await walk.sends('/new-device/browser', { name: 'Kitchen' })
  await walk.looks('213-new-device-code')
  await walk.sends('/new-device/code', { code: await walk.shownCode() })
  walk.isAt('/device')
  await walk.goes('/devices')
  await walk.looks('214-two-devices')
  await clickLast(page, 'devices', 'removal')
  await walk.looks('215-take-away')
  await walk.sends('/devices')
  await walk.told('done.device_removed')
}

/** App-specific passwords, browsers, sessions, activity; and the end of two-step verification. */
export async function looksAfterTheRest(walk: Walk): Promise<void> {
  const { page, pages } = walk
  const owner = await freshOwner(walk)
  await walk.becomes(owner)
  await walk.goes('/app-passwords')
  await walk.looks('220-no-app-passwords')
  const made: string[] = []
  for (const at of [0, 1]) {
    await walk.follows('/app-passwords/new')
    if (at === 0) await walk.looks('221-new-app-password')
    await walk.sends('/app-passwords/new', { name: 'Mail', service: 'My Mail!' })
    await walk.told('appPasswords.service.wrong')
    if (at === 0) await walk.looks('222-app-password-wrong')
    await walk.sends('/app-passwords/new', { service: 'Mail' })
    made.push(await walk.shown())
    if (at === 0) await walk.looks('223-app-password')
    await walk.follows('/app-passwords')
  }
  const [one = ''] = made
  assert.match(one, /^[a-z]{4}-[a-z]{4}-[a-z]{4}-[a-z]{4}$/)
  const basic = Buffer.from(`${owner.email}:${one}`).toString('base64')
  const headers = { authorization: `Basic ${basic}` }
  assert.equal((await pages.api('GET', '/app-passwords/basic?service=mail', { headers })).status, 204)
  await page.reload()
  await walk.looks('224-app-passwords')
  await clickLast(page, 'app-passwords', 'revocation')
  await walk.looks('225-revoke')
  await walk.sends('/app-passwords')
  await walk.told('done.app_password_revoked')
  await walk.goes('/app-passwords/revocation')
  await walk.looks('226-revoke-all')
  await walk.sends('/app-passwords/revocation')
  await walk.told('done.app_passwords_revoked')
  await listsOf(walk, 'sessions', 'end', '/sessions/end-others')
  await listsOf(walk, 'browsers', 'removal', '/browsers/removal')
  await walk.goes('/activity')
  await walk.looks('227-activity')
  await turnsOff(walk)
}

/** A list of where somebody was: one is named and ended, then all. */
async function listsOf(walk: Walk, what: 'sessions' | 'browsers', one: string, all: string): Promise<void> {
  const { page } = walk
  await walk.goes(`/${what}`)
  await walk.looks(`240-${what}`)
  await clickLast(page, what, 'name')
  await walk.looks(`241-${what}-rename`)
  await walk.sends(`/${what}`, { name: 'Phone 3' })
  await walk.told('done.renamed')
  await clickLast(page, what, one)
  await walk.looks(`242-${what}-one`)
  await walk.sends(`/${what}`)
  await walk.told(what === 'sessions' ? 'done.session_ended' : 'done.browser_removed')
  await walk.goes(all)
  await walk.looks(`243-${what}-all`)
  await walk.sends(all)
  await walk.told(what === 'sessions' ? 'done.sessions_ended' : 'done.browsers_removed')
}

const answers = {
  ...{ 'question-1': '1?', 'answer-1': 'A', 'question-2': '2?', 'answer-2': 'B', 'question-3': '3?', 'answer-3': 'C' },
}

async function turnsOff(walk: Walk): Promise<void> {
  await walk.goes('/two-step/off')
  await walk.looks('250-turn-off')
  await walk.sends('/two-step/off', { ...answers, 'birth-date': '23.4.1990' })
  await walk.told('birth.shape')
  await walk.looks('251-turn-off-wrong')
  await walk.sends('/two-step/off', { ...answers, 'birth-date': '1990-04-23' })
  await walk.told('done.two_step_off')
}

/** A device that strangers turned off is said to be off, why, and what to do. */
export async function findsADeviceOff(walk: Walk): Promise<void> {
  const { pages } = walk
  const owner = await pages.turnedOn()
  for (let request = 0; request < 10; request++) {
    await pages.advance('PT6H')
    const sign = await pages.begun(owner)
    const right = await sign.code()
    for (let guess = 0; guess < 3; guess++) await sign.step('code/check', { code: otherThan(right) })
  }
  await pages.freshen(owner)
  await walk.becomes(owner)
  await walk.goes('')
  await walk.looks('260-home-device-off')
  await walk.follows('/devices')
  await walk.looks('261-device-off')
  await walk.follows('/devices/on-again')
  await walk.looks('262-on-again')
  await walk.sends('/devices/on-again')
  await walk.told('done.devices_on')
}

/** Addresses, security questions, a copy of everything, and the end. */
export async function leaves(walk: Walk): Promise<void> {
  const { page, pages } = walk
  const second = `second-${walk.number().slice(1)}@home.example`
  const owner = await pages.owner()
  await walk.becomes(owner)
  await walk.goes('/addresses/new')
  await walk.looks('270-add-address')
  await walk.sends('/addresses/new', { email: second })
  await walk.looks('271-addresses-awaited')
  await walk.sends('/addresses/again')
  await walk.told('addresses.tooManyMails')
  await page.goto(`/links/${await pages.mailedToken(second)}`)
  await walk.looks('272-address-link')
  await page.click('main form button')
  await walk.looks('273-address-confirmed')
  await walk.goes('/addresses')
  await walk.looks('274-addresses')
  await clickLast(page, 'addresses', 'removal')
  await walk.looks('275-take-address-away')
  await walk.sends('/addresses')
  await walk.told('done.address_removed')
  await walk.goes('/security-questions')
  await walk.looks('276-questions')
  await walk.sends('/security-questions', { ...answers, 'birth-date': '1990-04-23' })
  await walk.told('done.questions_set')
  await walk.goes('/export')
  await walk.looks('277-export')
  const [download] = await Promise.all([page.waitForEvent('download'), walk.follows('/export/account.json')])
  assert.equal(download.suggestedFilename(), 'account.json')
  await walk.goes('/closing')
  await walk.looks('278-closing')
  await page.check('#understood')
  await walk.sends('/closing')
  walk.isAt('/closed')
  await walk.looks('279-closed')
  await walk.goes('')
  walk.isAt('/sign-in')
  await walk.sends('/sign-in', { email: owner.email, password: goodPassword })
  await walk.told('signIn.refused')
}

/** A trusted device's own page: what it is without a code, with one, and after "not me". */
export async function isADevice(walk: Walk): Promise<void> {
  const { page, pages } = walk
  const owner = await freshOwner(walk)
  await walk.becomes()
  await walk.goes('/device')
  await walk.looks('140-device-none')
  await walk.becomes(owner)
  await walk.goes('/new-device')
  await walk.sends('/new-device/browser', { name: 'Kitchen' })
  await walk.sends('/new-device/code', { code: await walk.shownCode() })
  walk.isAt('/device')
  await walk.looks('141-device-nothing-asked')
  const sign = await pages.begun(owner)
  const devices = sign.reply.body.devices as readonly { readonly id: string; readonly kind: string }[]
  await sign.step('code', { device: devices.find(each => each.kind === 'device')?.id })
  await walk.goes('/device')
  assert.equal((await walk.shownCode()).length, 4)
  await walk.looks('142-device-code')
  await walk.sends('/device/denial')
  await walk.told('done.denied')
  await walk.looks('143-device-denied')
  // Whatever is asked for that is not there.
  await page.goto('/account/nowhere')
  await walk.looks('290-nothing-here')
}
