// What any store does for a rotation of keys. Run over every store there is.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { commitOf, handle, number, place } from './samples.ts'
import { openFor, stores } from './stores.ts'

for (const [name, under] of Object.entries(stores)) {
  describe(`${name} store: after a rotation of keys`, () => {
    test('the handles and memberships of old keys are dropped, a bounded number at a time', async t => {
      const store = await openFor(t, under)
      for (let at = 0; at < 5; at += 1) {
        await store.commit(
          commitOf(`s${at}`, 0, {
            claims: [handle(`+${at}`, 'old'), handle(`+${at}`, 'older'), handle(`+${at}`, 'new')],
            joins: [place('g', `${at}`, 'm', 'old'), place('g', `${at}`, 'm', 'new')],
          }),
        )
      }
      const dropped: number[] = []
      while (dropped.at(-1) !== 0 && dropped.length < 9) dropped.push(await store.dropHandles(['new', 'newer'], 4))
      assert.deepEqual(dropped, [4, 4, 4, 3, 0])
      for (let at = 0; at < 5; at += 1) {
        assert.equal(await store.find([handle(`+${at}`, 'old').index, handle(`+${at}`, 'older').index]), undefined)
        assert.deepEqual(await store.find([handle(`+${at}`, 'new').index]), number(`s${at}`))
      }
      assert.equal((await store.page([handle('g', 'old').index], { limit: 9 })).members.length, 0)
      assert.equal((await store.page([handle('g', 'new').index], { limit: 9 })).members.length, 5)
    })

    test('old handles are dropped wherever they lie, and none counts as left before all were looked at', async t => {
      const store = await openFor(t, under)
      const names = Array.from({ length: 2_600 }, (_, at) => `+${at}`)
      const old = (name: string) => Number(name) % 260 === 0
      const keyOf = (name: string) => (old(name) ? 'old' : 'new')
      const commits = Array.from({ length: 26 }, (_, at) => {
        const own = names.slice(at * 100, at * 100 + 100)
        const claims = own.map(name => handle(name, keyOf(name)))
        const joins = own.map(name => place('g', name, `s${at}`, keyOf(name)))
        return store.commit(commitOf(`s${at}`, 0, { claims, joins }))
      })
      await Promise.all(commits)
      const dropped = [await store.dropHandles(['new'], 20)]
      // They lie before the place that was come to, nearly all.
      const late = Array.from({ length: 20 }, (_, at) => handle(`late ${at}`, 'old'))
      await store.commit(commitOf('s0', 1, { claims: late, joins: [place('g', '+', 'late', 'old')] }))
      while (dropped.at(-1) !== 0 && dropped.length < 60) dropped.push(await store.dropHandles(['new'], 7))

      assert.equal(
        dropped.reduce((sum, each) => sum + each, 0),
        10 + 10 + 20 + 1,
      )
      for (const index of late) assert.equal(await store.find([index.index]), undefined)
      for (const name of names) {
        const found = await store.find([handle(name, keyOf(name)).index])
        assert.equal(found !== undefined, !old(name), name)
      }
      const standing = await store.page([handle('g', 'new').index], { limit: 5_000 })
      assert.equal(standing.members.length, 2_590)
      assert.deepEqual((await store.page([handle('g', 'old').index], { limit: 9 })).members, [])
    })
  })
}
