import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLanes } from './lanes.ts'
import { Overdue } from './world.ts'

test('changes of one subject take turns, in order of asking; other subjects do not wait', async () => {
  const lanes = createLanes()
  const seen: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = lanes('a', async () => {
    await gate.promise
    seen.push('first')
  })
  const second = lanes('a', async () => seen.push('second'))
  await lanes('b', async () => seen.push('other'))
  gate.resolve()
  await Promise.all([first, second])
  assert.deepEqual(seen, ['other', 'first', 'second'])
})

test('a change that fails does not stop the next one', async () => {
  const lanes = createLanes()
  const failing = lanes('a', async () => {
    throw new Error('on purpose')
  })
  const next = lanes('a', async () => 'done')
  await assert.rejects(failing, /on purpose/)
  assert.equal(await next, 'done')
})

test('a flood of one subject is refused at the bound, and the lane serves again once it is empty', async () => {
  const lanes = createLanes(2)
  const gate = Promise.withResolvers<void>()
  const waiting = [lanes('a', () => gate.promise), lanes('a', () => gate.promise)]
  await assert.rejects(
    lanes('a', async () => {}),
    Overdue,
  )
  assert.equal(await lanes('b', async () => 'free'), 'free')
  gate.resolve()
  await Promise.all(waiting)
  assert.equal(await lanes('a', async () => 'again'), 'again')
})
