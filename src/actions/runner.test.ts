import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { type Allowance, freshAllowance } from '#core/sending/allowance.ts'
import { call, openLine, unguarded } from '#test/simulation/pumping.ts'
import { change, create } from './runner.ts'
import { forOneRequest, type World } from './world.ts'

/** Two nodes over one store, with a counter in it, and what is asked of the store. */
async function house() {
  const line = openLine('runner', unguarded, { nodes: 2 })
  const [here = line.world, there = line.world] = line.nodes
  await create(here, call, 'allowance', 'XX', { next: freshAllowance('XX', line.now()), events: [] })
  const reads = mock.method(line.store, 'read')
  const commits = mock.method(line.store, 'commit')
  return { here, there, reads: () => reads.mock.callCount(), commits: () => commits.mock.callCount() }
}

const load = async (world: World): Promise<Allowance | undefined> =>
  (await world.records.load('allowance', 'XX'))?.document

/** Counts one more, up to `most`; answers what it came to. */
const count = (world: World, most = Number.POSITIVE_INFINITY) =>
  change(world, call, 'allowance', 'XX', (allowance, _now) => {
    if (allowance.leased >= most) return { ending: `full at ${allowance.leased}` }
    const leased = allowance.leased + 1
    return { ending: `${leased}`, change: { next: { ...allowance, leased }, events: [] } }
  })

test('a change is decided on what its request has read or written, without reading it again', async () => {
  const { here, reads, commits } = await house()
  const request = forOneRequest(here)
  await load(request)
  assert.deepEqual([await count(request), await count(request)], ['1', '2'])
  assert.deepEqual([reads(), commits()], [1, 2])
  await count(forOneRequest(here))
  assert.deepEqual([reads(), commits()], [2, 3], 'another request reads')
})

test('what another node changed since the request read it is never written over', async () => {
  const { here, there } = await house()
  const request = forOneRequest(here)
  await load(request)
  for (let each = 0; each < 5; each++) await count(there)
  assert.equal(await count(request), '6')
  assert.equal((await load(there))?.leased, 6)
})

test('where this node has seen a newer one, nothing is tried with the older one', async () => {
  const { here, reads, commits } = await house()
  const request = forOneRequest(here)
  await load(request)
  await count(here)
  const before = [reads(), commits()]
  assert.equal(await count(request), '2')
  assert.deepEqual([reads() - (before[0] ?? 0), commits() - (before[1] ?? 0)], [1, 1])
})

test('what changes nothing is decided on what is stored now', async () => {
  const { here, there } = await house()
  const request = forOneRequest(here)
  await count(there)
  await load(request)
  // Someone else makes room, and a refusal that stood on what was read before would be a wrong one.
  await change(there, call, 'allowance', 'XX', allowance => ({
    ...{ ending: 'emptied', change: { next: { ...allowance, leased: 0 }, events: [] } },
  }))
  assert.equal(await count(request, 1), '1')
  assert.equal(await count(request, 1), 'full at 1')
})

test('of fifty requests that read the same, on two nodes, each counts once', async () => {
  const { here, there } = await house()
  const requests = Array.from({ length: 50 }, (_, at) => forOneRequest(at % 2 === 0 ? here : there))
  await Promise.all(requests.map(load))
  const told = await Promise.all(requests.map(request => count(request)))
  assert.deepEqual(
    told.map(Number).toSorted((one, other) => one - other),
    Array.from({ length: 50 }, (_, at) => at + 1),
  )
})

test('after a commit whose ending is not known, it is read anew', async () => {
  const { here, reads } = await house()
  const request = forOneRequest(here)
  await load(request)
  const failing = mock.method(here.records.store, 'commit', async () => {
    throw new Error('the line broke')
  })
  await assert.rejects(count(request), /the line broke/)
  failing.mock.restore()
  assert.equal(await count(request), '1')
  assert.equal(reads(), 2)
})
