// The exhaustive walk: every state that a number can be in under small policies, every command in each, and every promise
// on every step. What fails prints a shortest path of commands that leads there.
//
// A walk that finds nothing proves little unless it would have found something: so it is led over cores that were spoilt on
// purpose as well, and must find each of them out.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { theCore } from './walk/core.ts'
import { mutations } from './walk/mutations.ts'
import { promises } from './walk/promises.ts'
import { scenes } from './walk/scenes.ts'
import { ofTheWhole, type Scene, walk } from './walk/walk.ts'

const told = (path: readonly string[]): string => path.map((each, index) => `\n  ${index + 1}. ${each}`).join('')

const seen = new Set<string>()
const walked = new Set<string>()

for (const scene of Object.values<Scene>(scenes)) {
  const { states, transitions } = scene.atLeast
  test(`walk: ${scene.name}: every promise is kept in at least ${states} states and ${transitions} transitions`, context => {
    const end = walk(theCore, scene)
    if (end.kind === 'broken') assert.fail(`"${end.promise}" is broken (${end.finding}) by${told(end.path)}`)
    context.diagnostic(`${end.states} states, ${end.transitions} transitions`)
    assert(end.states >= states && end.transitions >= transitions, 'the walk has shrunk')
    for (const each of end.seen) seen.add(each)
    walked.add(scene.name)
  })
}

test('the walks do all there is to do, and meet every ending there is to meet', () => {
  assert.equal(walked.size, Object.keys(scenes).length, 'all walks came to their end')
  const deeds =
    'refused time added counted code_sent code_looked code_right code_wrong pin_looked pin_wrong contested registered ' +
    'deregistered deleted pin_set pin_changed pin_removed link_mailed link_confirmed address_given answered reminded used died'
  const endings =
    'sent too_many_codes no_code too_soon checks_spent proved wrong_code attempts_spent not_proved deleted_recently open ' +
    'lapsed pin_needed guess_too_soon pin_closed look wrong_pin set changed not_keeper shut closed no_lock no_address ' +
    'mailed too_many_mails deregistered not_registered'
  assert.deepEqual(
    `${deeds} ${endings}`.split(' ').filter(each => !seen.has(each)),
    [],
  )
})

for (const { name, scene, breaks, spoil } of mutations) {
  test(`a spoilt core is found out: ${name}`, () => {
    const end = walk({ ...theCore, ...spoil(theCore) }, scenes[scene])
    assert.equal(
      end.kind === 'broken' ? end.promise : 'no promise',
      breaks,
      end.kind === 'broken' ? told(end.path) : '',
    )
  })
}

test('there is a spoilt core for every promise', () => {
  const broken = new Set(mutations.map(each => each.breaks))
  const names = [...promises.map(each => each.name), ...ofTheWhole]
  assert.deepEqual(
    names.filter(each => !broken.has(each)),
    [],
  )
  assert.deepEqual(
    [...broken].filter(each => !names.includes(each)),
    [],
  )
})
