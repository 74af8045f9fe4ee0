import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLanes } from './lanes.ts'
import { Overdue } from './world.ts'

test('changes of one subject take turns, in order of asking; other subjects do not wait', async () => {
  const lanes = createLanes()
  const seen: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = lanes('a', 'one', async () => {
    await gate.promise
    seen.push('first')
  })
  const second = lanes('a', 'one', async () => seen.push('second'))
  await lanes('b', 'one', async () => seen.push('other'))
  gate.resolve()
  await Promise.all([first, second])
  assert.deepEqual(seen, ['other', 'first', 'second'])
})

test('a change that fails does not stop the next one', async () => {
  const lanes = createLanes()
  const failing = lanes('a', 'one', async () => {
    throw new Error('on purpose')
  })
  const next = lanes('a', 'one', async () => 'done')
  await assert.rejects(failing, /on purpose/)
  assert.equal(await next, 'done')
})

test('a flood by one party is refused at the bound; others, and what must be done, are not', async () => {
  const lanes = createLanes(2)
  const gate = Promise.withResolvers<void>()
  const waiting = [lanes('a', 'one', () => gate.promise), lanes('a', 'one', () => gate.promise)]
  await assert.rejects(
    lanes('a', 'one', async () => {}),
    Overdue,
  )
  assert.equal(await lanes('b', 'one', async () => 'free'), 'free')
  const others = [lanes('a', 'another', async () => 'served'), lanes('a', undefined, async () => 'settled')]
  gate.resolve()
  await Promise.all(waiting)
  assert.deepEqual(await Promise.all(others), ['served', 'settled'])
  assert.equal(await lanes('a', 'one', async () => 'again'), 'again')
})
