// The window in which an application's calls are counted.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import { createCallLimit } from './call-limit.ts'

const at = (seconds: number) => instantAt(1_000_000 + seconds * 1_000)

test('so many calls a minute and no more; what is refused is not counted', () => {
  const limit = createCallLimit(3)
  assert.deepEqual(
    [0, 1, 2].map(second => limit.call('a', at(second))),
    [undefined, undefined, undefined],
  )
  assert.deepEqual([limit.call('a', at(3)), limit.call('a', at(59.9))], [57, 1])
  assert.equal(limit.call('b', at(3)), undefined)
})

test('the minute before counts by what of it is still inside the window', () => {
  const limit = createCallLimit(4)
  for (let call = 0; call < 4; call++) limit.call('a', at(0))
  assert.equal(limit.call('a', at(60)), 60)
  assert.equal(limit.call('a', at(90)), undefined)
  assert.equal(limit.call('a', at(90)), undefined)
  assert.equal(limit.call('a', at(90)), 30)
  assert.equal(limit.call('a', at(180)), undefined)
})

test('no limit is none, and the one not seen for longest is forgotten first', () => {
  const free = createCallLimit(0)
  assert.equal(free.call('a', at(0)), undefined)
  const small = createCallLimit(1, 2)
  for (const each of ['a', 'b', 'c']) small.call(each, at(0))
  assert.equal(small.call('a', at(1)), undefined)
  assert.equal(small.call('c', at(1)), 59)
})
