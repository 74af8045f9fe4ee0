// The exhaustive walk over accounts: every state they can be in under small policies, every move in each, every promise on
// every step, and the owner's way back from every state. What fails prints a shortest path that leads there.
//
// A walk that finds nothing proves little unless it would have found something: so it is led over spoilt cores as well.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { theAccountCore } from './account-core.ts'
import { accountMutations } from './account-mutations.ts'
import { promises } from './account-promises.ts'
import { storiesWith, theStories } from './account-stories.ts'
import { ofTheWhole, walkAccounts } from './account-walk.ts'

const told = (path: readonly string[]): string => path.map((each, index) => `\n  ${index + 1}. ${each}`).join('')

const seen = new Set<string>()

for (const story of theStories) {
  const { states, transitions } = story.atLeast
  test(`walk: ${story.name}: every promise is kept in at least ${states} states and ${transitions} transitions`, context => {
    const end = walkAccounts(theAccountCore, story)
    if (end.kind === 'broken') assert.fail(`"${end.promise}" is broken (${end.finding}) by${told(end.path)}`)
    context.diagnostic(`${end.states} states, ${end.transitions} transitions`)
    assert(end.states >= states && end.transitions >= transitions, 'the walk has shrunk')
    for (const each of end.seen) seen.add(each)
  })
}

test('the walks meet every ending there is to meet', () => {
  const endings =
    'second_step_needed signed_in sent too_many_codes device_off no_sign_in no_code checks_spent too_soon begun limited proved ' +
    'code_needed no_reset reset replaced changed step_up no_session denied removed no_device verified waiting still_waiting ' +
    'skipped shown retyped enabled abandoned wrong_step number_first already_trusted turned_off died two_step_is_on'
  assert.deepEqual(
    `${endings} wrong password,wrong key,wrong reset key,wrong code,not me`
      .split(/ (?!password|key|reset key|code,|me)|,/)
      .filter(each => !seen.has(each)),
    [],
  )
})

for (const { name, story, breaks, spoil } of accountMutations) {
  test(`a spoilt core is found out: ${name}`, () => {
    const core = { ...theAccountCore, ...spoil(theAccountCore) }
    const told = storiesWith(core).find(each => each.name === story)
    assert(told !== undefined, story)
    const end = walkAccounts(core, told)
    assert.equal(end.kind === 'broken' ? end.promise : 'no promise', breaks)
  })
}

test('there is a spoilt core for every promise', () => {
  const broken = new Set(accountMutations.map(each => each.breaks))
  const names = [...promises.map(each => each.name), ...ofTheWhole]
  assert.deepEqual([...broken].toSorted(), names.toSorted())
})
