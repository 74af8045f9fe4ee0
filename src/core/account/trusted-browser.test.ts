// Browsers: the cookie rotates, an old one that comes back gives the thief away, and lost answers and second tabs do not.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { theAccountCore } from '#test/simulation/account-core.ts'
import { handsOn, personOf, type Scene, withPerson } from '#test/simulation/account-hands.ts'
import { ends, later, newScene, onScene } from '#test/simulation/account-samples.ts'
import { minute } from '../kernel/instant.ts'
import { limits } from '../throttle/limits.ts'
import { knownBrowser, removeBrowser, verifiersOf } from './trusted-browser.ts'

for (const profile of ['classic', 'strict'] as const) {
  const rows = limits[profile]
  const hands = handsOn(theAccountCore, rows)
  const password = '§password 0'
  const signIn = (scene: Scene) => ends(hands.password(scene, 'anna', password), 'signed_in')
  const cookie = (scene: Scene) => personOf(scene, 'anna').cookie
  /** Once known, once used: the first cookie is replaced by one that came back. */
  const used = () => signIn(later(signIn(later(signIn(newScene(rows)), minute)), minute))

  test(`${profile}: each sign-in hands out a new cookie, and the one before dies once the new one came back`, () => {
    const first = signIn(newScene(rows))
    const second = signIn(later(first, minute))
    assert.notEqual(cookie(second)?.verifier, cookie(first)?.verifier)
    assert.equal(second.account.browsers.length, 1)
    assert(knownBrowser(second.account, cookie(first)), 'the answer may have been lost')
    const third = signIn(later(second, minute))
    assert.equal(knownBrowser(third.account, cookie(first)), undefined)
    assert(knownBrowser(third.account, cookie(third)))
  })

  test(`${profile}: a dead cookie that comes back forgets the browser and tells all addresses, once`, () => {
    const first = signIn(newScene(rows))
    const thief = withPerson(used(), 'theo', { cookie: cookie(first) })
    const done = hands.password(thief, 'theo', 'wrong')
    assert.deepEqual(
      done.change?.notices.map(each => each.kind),
      ['browser_stolen'],
    )
    const scene = ends(done, 'wrong password')
    assert.deepEqual(scene.account.browsers, [])
    assert.deepEqual(hands.password(scene, 'theo', 'wrong').change?.notices, [])
  })

  test(`${profile}: two tabs within a minute share one cookie; a minute later, to the millisecond, it is a new one`, () => {
    const first = signIn(newScene(rows))
    const tab = withPerson(signIn(later(first, minute)), 'anna', { cookie: cookie(first) })
    const soon = signIn(later(tab, minute - 1))
    assert.equal(cookie(soon)?.verifier, cookie(first)?.verifier, 'no new one is handed out')
    const lost = signIn(later(tab, minute))
    assert.notEqual(cookie(lost)?.verifier, cookie(first)?.verifier)
    assert.equal(lost.account.browsers[0]?.dead.length, 1, 'the lost one is dead')
  })

  test(`${profile}: a document holds ${rows.account.browser.most} browsers, and strangers add none`, () => {
    let scene = onScene(rows)
    for (let each = 0; each < 5; each += 1) scene = hands.password(scene, 'theo', 'wrong').scene
    assert.equal(scene.account.browsers.length, 1)
    let off = newScene(rows)
    for (let each = 0; each < 25; each += 1) {
      off = signIn(withPerson(later(off, minute), 'anna', { cookie: undefined }))
    }
    assert.equal(off.account.browsers.length, rows.account.browser.most)
    assert(knownBrowser(off.account, cookie(off)), 'the newest stays')
    assert(off.account.browsers.every(each => verifiersOf(each).length <= 6))
  })

  test(`${profile}: one is taken out of the list at once`, () => {
    const scene = signIn(newScene(rows))
    const session = personOf(scene, 'anna').session ?? ''
    const browser = cookie(scene)?.id ?? ''
    const gone = removeBrowser(scene.account, { session, browser }, scene.now, rows)
    assert(gone.kind === 'removed')
    assert.equal(knownBrowser(gone.next, cookie(scene)), undefined)
    assert.equal(removeBrowser(gone.next, { session, browser }, scene.now, rows).kind, 'no_browser')
  })
}
