import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createArrivals } from './arrivals.ts'

const never = new AbortController().signal
const long = 60_000

test('who waits is woken by what comes for that name, and by nothing else', async () => {
  const arrivals = createArrivals()
  let others = 0
  const other = new AbortController()
  const waiting = arrivals.wait('b', long, other.signal).then(() => {
    others += 1
  })
  const both = Promise.all([arrivals.wait('a', long, never), arrivals.wait('a', long, never)])
  arrivals.tell('a')
  await both
  assert.equal(others, 0)
  other.abort()
  await waiting
  arrivals.tell('nobody')
})

test('waiting ends after its while, with its client, and when the room closes', async () => {
  const arrivals = createArrivals()
  await arrivals.wait('a', 1, never)
  await arrivals.wait('a', long, AbortSignal.abort())
  const open = arrivals.wait('a', long, never)
  arrivals.close()
  await open
  await arrivals.wait('a', long, never)
  assert.ok(arrivals.closed())
  assert.equal(arrivals.enter('a'), undefined)
})

test('no more wait at once than there is room for, in all and under one name, and leaving twice frees one place', () => {
  const arrivals = createArrivals({ inAll: 3, each: 2 })
  const [first, second] = [arrivals.enter('a'), arrivals.enter('a')]
  assert(first !== undefined && second !== undefined)
  assert.equal(arrivals.enter('a'), undefined)
  assert.ok(arrivals.enter('b'))
  assert.equal(arrivals.enter('c'), undefined)
  first()
  first()
  assert.ok(arrivals.enter('a'))
  assert.equal(arrivals.enter('a'), undefined)
  second()
})
