import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Instant, instantAt } from '#core/kernel/instant.ts'
import { createHashingQueue, type Ticket } from './hashing-queue.ts'

// A turn that is not passed on must fail the test, not hang it.
const stuck = { timeout: 10_000 }

const still = (): Instant => instantAt(0)

function take(ticket: Ticket | undefined): Ticket {
  assert.ok(ticket !== undefined, 'a place is free')
  return ticket
}

test('places are counted when they are reserved, and the last one turns the next caller away', () => {
  const queue = createHashingQueue({ parallel: 2, waiting: 1, now: still })
  const first = take(queue.reserve())
  take(queue.reserve())
  take(queue.reserve())
  assert.equal(queue.reserve(), undefined)
  assert.deepEqual(queue.depth(), { waiting: 3, running: 0 })
  first.release()
  first.release()
  assert.deepEqual(queue.depth(), { waiting: 2, running: 0 })
  take(queue.reserve())
  assert.equal(queue.reserve(), undefined)
})

test('no more run at once than may, in the order they asked, and every place comes back', stuck, async () => {
  const queue = createHashingQueue({ parallel: 2, waiting: 4, now: still })
  const began: number[] = []
  let running = 0
  let most = 0
  const runs = [0, 1, 2, 3, 4, 5].map(number =>
    take(queue.reserve()).run(async () => {
      began.push(number)
      running += 1
      most = Math.max(most, running)
      for (let turn = 0; turn < 5; turn++) await Promise.resolve()
      running -= 1
      return number
    }),
  )
  assert.deepEqual(await Promise.all(runs), [0, 1, 2, 3, 4, 5])
  assert.deepEqual(began, [0, 1, 2, 3, 4, 5])
  assert.equal(most, 2)
  assert.deepEqual(queue.depth(), { waiting: 0, running: 0 })
})

test('work that fails gives its place back and passes its turn on', stuck, async () => {
  const queue = createHashingQueue({ parallel: 1, waiting: 1, now: still })
  const failing = take(queue.reserve()).run(() => Promise.reject(new Error('out of memory')))
  const next = take(queue.reserve()).run(() => Promise.resolve('made'))
  await assert.rejects(failing, /out of memory/)
  assert.equal(await next, 'made')
  const throwing = take(queue.reserve()).run(() => {
    throw new Error('at once')
  })
  await assert.rejects(throwing, /at once/)
  assert.deepEqual(queue.depth(), { waiting: 0, running: 0 })
})

test('a ticket is good for one run, and not after it was given back', async () => {
  const queue = createHashingQueue({ parallel: 1, waiting: 1, now: still })
  const used = take(queue.reserve())
  await used.run(() => Promise.resolve())
  await assert.rejects(used.run(() => Promise.resolve()))
  used.release()
  const released = take(queue.reserve())
  released.release()
  await assert.rejects(released.run(() => Promise.resolve()))
  assert.deepEqual(queue.depth(), { waiting: 0, running: 0 })
})

test('a ticket that goes out of scope unused gives its place back', () => {
  const queue = createHashingQueue({ parallel: 1, waiting: 0, now: still })
  {
    using ticket = take(queue.reserve())
    assert.ok(ticket)
    assert.equal(queue.reserve(), undefined)
  }
  assert.ok(queue.reserve())
})

test('the advice when to come back follows how long hashes take and how many wait, from 1 to 60 seconds', async () => {
  let at = 0
  const queue = createHashingQueue({ parallel: 2, waiting: 998, now: () => instantAt(at) })
  const hash = async (took: number, times: number): Promise<void> => {
    for (let round = 0; round < times; round++) {
      await take(queue.reserve()).run(async () => {
        at += took
      })
    }
  }
  const adviceWith = (places: number): number => {
    const held = Array.from({ length: places }, () => take(queue.reserve()))
    const advice = queue.retryAfter()
    for (const ticket of held) ticket.release()
    return advice
  }
  assert.equal(adviceWith(0), 1)
  await hash(400, 100)
  assert.equal(adviceWith(100), 20)
  assert.equal(adviceWith(1000), 60)

  // A clock that jumps a week ahead, or back, counts as one slow hash, or one quick one.
  const week = 7 * 86_400_000
  await hash(week, 1)
  await hash(400, 20)
  assert.ok(adviceWith(10) <= 4, `after a jump ahead: ${adviceWith(10)}`)
  await hash(400, 100)
  await hash(-week, 1)
  assert.equal(adviceWith(100), 18)
})
