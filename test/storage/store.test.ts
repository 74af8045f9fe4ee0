// What the storage port promises, put to every store. Written against the port only.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import { Broken } from '#core/kernel/outcome.ts'
import { type Member, type Place, type Store, StoreAway } from '#storage/store.ts'
import {
  bytes,
  commitOf,
  committed,
  event,
  everythingIn,
  handle,
  indexOf,
  message,
  number,
  place,
  removalOf,
  text,
} from './samples.ts'
import { openFor, stores } from './stores.ts'

for (const [name, under] of Object.entries(stores)) {
  describe(`${name} store: documents`, () => {
    test('a subject nobody committed is not there', async t => {
      const store = await openFor(t, under)
      assert.equal(await store.read(number('a')), undefined)
    })

    test('what was committed is read back, with a version that counts from 1', async t => {
      const store = await openFor(t, under)
      assert.deepEqual(await store.commit(commitOf('a', 0, { body: 'one' })), committed(1))
      assert.deepEqual(await store.read(number('a')), { version: 1, keyId: 'key-1', body: bytes('one') })
      assert.deepEqual(await store.commit(commitOf('a', 1, { body: 'two' })), committed(2))
      assert.deepEqual(await store.read(number('a')), { version: 2, keyId: 'key-1', body: bytes('two') })
    })

    test('a small Buffer, a window into a shared pool, is stored as the bytes it shows', async t => {
      const store = await openFor(t, under)
      const body = Buffer.from('short')
      await store.commit({ ...commitOf('a', 0), document: { keyId: 'key-1', body } })
      assert.equal(text((await store.read(number('a')))?.body), 'short')
    })

    test('the same id under another kind is another subject', async t => {
      const store = await openFor(t, under)
      await store.commit(commitOf('a', 0))
      const other = { ...commitOf('a', 0), subject: { kind: 'business', id: 'a' } }
      assert.deepEqual(await store.commit(other), committed(1))
    })

    test('of two writers who read the same version, one wins', async t => {
      const store = await openFor(t, under)
      await store.commit(commitOf('a', 0))
      const endings = await Promise.all([store.commit(commitOf('a', 1)), store.commit(commitOf('a', 1))])
      assert.deepEqual(endings, [committed(2), { kind: 'lost_race' }])
    })

    test('of many writers who create the same subject at once, one wins', async t => {
      const store = await openFor(t, under)
      const endings = await Promise.all(Array.from({ length: 50 }, () => store.commit(commitOf('a', 0))))
      assert.equal(endings.filter(ending => ending.kind === 'committed').length, 1)
      assert.equal(endings.filter(ending => ending.kind === 'lost_race').length, 49)
    })

    test('many parallel commits to one subject, each retried when it lost, are all applied, once each', async t => {
      const store = await openFor(t, under)
      const writers = Array.from({ length: 20 }, async (_, writer) => {
        for (let tries = 0; tries < 20; tries += 1) {
          const read = await store.read(number('a'))
          const body = `${text(read?.body) ?? ''}[${writer}]`
          const ending = await store.commit(commitOf('a', read?.version ?? 0, { body }))
          if (ending.kind === 'committed') return
        }
      })
      await Promise.all(writers)
      const last = await store.read(number('a'))
      assert.equal(last?.version, 20)
      for (let writer = 0; writer < 20; writer += 1) {
        assert.equal(text(last?.body)?.split(`[${writer}]`).length, 2)
      }
    })

    test('many parallel commits to many subjects all settle, each on its own', async t => {
      const store = await openFor(t, under)
      const asked = Array.from({ length: 600 }, (_, at) => {
        // Every third one comes too late for its subject.
        return store.commit(commitOf(`s${Math.floor(at / 3)}`, at % 3 === 0 ? 0 : 1, { events: [event((at % 3) + 1)] }))
      })
      const kinds = (await Promise.all(asked)).map(ending => ending.kind)
      assert.deepEqual(
        kinds,
        Array.from({ length: 600 }, (_, at) => (at % 3 === 2 ? 'lost_race' : 'committed')),
      )
      assert.equal((await store.count()).documents, 200)
    })

    test('a commit whose answer was lost can be sent again: it answers the same and is not applied twice', async t => {
      const store = await openFor(t, under)
      const creation = commitOf('a', 0, { events: [event(1)], messages: [message('m', 5)] })
      assert.deepEqual(await store.commit(creation), committed(1))
      const created = await everythingIn(store)
      assert.deepEqual(await store.commit(creation), committed(1))
      assert.deepEqual(await everythingIn(store), created)

      const removal = removalOf('a', 1, { events: [event(2)] })
      assert.deepEqual(await store.commit(removal), committed(2))
      const removed = await everythingIn(store)
      assert.deepEqual(await store.commit(removal), committed(2))
      assert.deepEqual(await store.commit(creation), { kind: 'lost_race' }, 'what was removed does not come back')
      assert.deepEqual(await everythingIn(store), removed)
    })

    test('a removed subject is gone, with its handles and memberships, and keeps its journal', async t => {
      const store = await openFor(t, under)
      const releases = [handle('+1'), handle('+1', 'key-2')]
      const leaves = [place('g', '1', 'a'), place('g', '1', 'a', 'key-2')]
      await store.commit(commitOf('a', 0, { claims: releases, joins: leaves, events: [event(1)] }))
      await store.commit(commitOf('b', 0, { claims: [handle('+2')], joins: [place('g', '2', 'b')] }))
      assert.deepEqual(await store.commit(removalOf('a', 1, { releases, leaves, events: [event(2)] })), committed(2))

      assert.equal(await store.read(number('a')), undefined)
      assert.equal(await store.find([handle('+1').index, handle('+1', 'key-2').index]), undefined)
      assert.deepEqual(await store.find([handle('+2').index]), number('b'))
      const page = await store.page([handle('g').index, handle('g', 'key-2').index], { limit: 9 })
      assert.deepEqual(page, { members: [{ position: '2', member: 'b', subject: number('b') }], more: false })
      assert.deepEqual(await store.journal(number('a'), 1, 9), [event(1), event(2)])
      assert.deepEqual(
        (await store.walk(undefined, 9)).map(one => one.subject),
        [number('b')],
      )
      assert.deepEqual(await store.walkJournals(undefined, 9), [number('a')])
      assert.equal((await store.count()).documents, 1)
    })

    test('a subject made anew is not taken for the removed one: its versions and its journal go on', async t => {
      const store = await openFor(t, under)
      await store.commit(commitOf('a', 0, { events: [event(1)] }))
      const stale = commitOf('a', 1)
      await store.commit(removalOf('a', 1))
      assert.deepEqual(await store.commit(commitOf('a', 2)), { kind: 'lost_race' })
      assert.deepEqual(await store.commit(commitOf('a', 0, { events: [event(2)] })), committed(3))
      assert.deepEqual(await store.commit(stale), { kind: 'lost_race' })
      assert.equal((await store.read(number('a')))?.version, 3)
    })
  })

  describe(`${name} store: handles`, () => {
    test('a handle names one subject, found under any of the keys it was made with', async t => {
      const store = await openFor(t, under)
      await store.commit(commitOf('a', 0, { claims: [handle('+1', 'old')] }))
      assert.deepEqual(await store.find([handle('+1', 'new').index, handle('+1', 'old').index]), number('a'))
      assert.equal(await store.find([handle('+1', 'new').index]), undefined)
      assert.equal(await store.find([]), undefined)
    })

    test('a handle gives its holder with its document as it is now, and nothing where there is none', async t => {
      const store = await openFor(t, under)
      await store.commit(commitOf('a', 0, { claims: [handle('+1', 'old'), handle('+1', 'new')] }))
      await store.commit(commitOf('b', 0, { claims: [handle('+2')] }))
      for (const version of [1, 2]) {
        for (const key of ['old', 'new']) {
          const held = await store.readHolder([handle('+3').index, handle('+1', key).index, handle('+2').index])
          assert.deepEqual(held, { subject: number('a'), stored: await store.read(number('a')) })
          assert.equal(held?.stored.version, version)
        }
        await store.commit(commitOf('a', version))
      }
      assert.equal(await store.readHolder([handle('+3').index]), undefined)
      assert.equal(await store.readHolder([]), undefined)
      await store.commit(removalOf('b', 1))
      assert.equal(await store.readHolder([handle('+2').index]), undefined)
    })

    test('of several indexes that are held, the first one counts', async t => {
      const store = await openFor(t, under)
      await store.commit(commitOf('a', 0, { claims: [handle('+1')] }))
      await store.commit(commitOf('b', 0, { claims: [handle('+2')] }))
      assert.deepEqual(await store.find([handle('+2').index, handle('+1').index]), number('b'))
      assert.deepEqual(await store.find([handle('+1').index, handle('+2').index]), number('a'))
    })

    test('a handle has one holder', async t => {
      const store = await openFor(t, under)
      const claims = [handle('+1')]
      const endings = await Promise.all([
        store.commit(commitOf('a', 0, { claims })),
        store.commit(commitOf('b', 0, { claims })),
      ])
      assert.deepEqual(endings, [committed(1), { kind: 'handle_taken' }])
      assert.deepEqual(await store.find([handle('+1').index]), number('a'))
    })

    test('claiming one’s own handle again is no conflict', async t => {
      const store = await openFor(t, under)
      await store.commit(commitOf('a', 0, { claims: [handle('+1')] }))
      assert.deepEqual(await store.commit(commitOf('a', 1, { claims: [handle('+1'), handle('+1')] })), committed(2))
      assert.deepEqual(await store.find([handle('+1').index]), number('a'))
    })

    test('a released handle can be taken by another', async t => {
      const store = await openFor(t, under)
      await store.commit(commitOf('a', 0, { claims: [handle('+1')] }))
      await store.commit(commitOf('a', 1, { releases: [handle('+1')] }))
      assert.equal(await store.find([handle('+1').index]), undefined)
      assert.deepEqual(await store.commit(commitOf('b', 0, { claims: [handle('+1')] })), committed(1))
    })

    test('nobody can release another’s handle, or leave another’s place', async t => {
      const store = await openFor(t, under)
      await store.commit(commitOf('a', 0, { claims: [handle('+1')], joins: [place('g', '1', 'a')] }))
      await store.commit(commitOf('b', 0, { releases: [handle('+1')], leaves: [place('g', '1', 'a')] }))
      assert.deepEqual(await store.find([handle('+1').index]), number('a'))
      assert.equal((await store.page([handle('g').index], { limit: 1 })).members.length, 1)
    })

    test('a handle that a commit both releases and claims is held afterwards', async t => {
      const store = await openFor(t, under)
      await store.commit(commitOf('a', 0, { claims: [handle('+1')], joins: [place('g', '1', 'a')] }))
      const both = {
        claims: [handle('+1')],
        releases: [handle('+1')],
        joins: [place('g', '1', 'a')],
        leaves: [place('g', '1', 'a')],
      }
      await store.commit(commitOf('a', 1, both))
      assert.deepEqual(await store.find([handle('+1').index]), number('a'))
      assert.equal((await store.page([handle('g').index], { limit: 1 })).members.length, 1)
    })
  })

  describe(`${name} store: a refused commit`, () => {
    const everything = {
      claims: [handle('+new'), handle('+1')],
      releases: [handle('+own')],
      joins: [place('g', '5', 'b')],
      leaves: [place('g', '2', 'b')],
      messages: [message('refused', 1)],
    }

    test('leaves nothing behind: no document, handle, membership, event or message', async t => {
      const store = await openFor(t, under)
      await store.commit(commitOf('a', 0, { claims: [handle('+1')] }))
      await store.commit(
        commitOf('b', 0, { claims: [handle('+own')], joins: [place('g', '2', 'b')], events: [event(1)] }),
      )
      const before = await everythingIn(store)
      const page = await store.page([handle('g').index], { limit: 9 })

      const taken = { ...everything, events: [event(2)] }
      assert.deepEqual(await store.commit(commitOf('b', 1, taken)), { kind: 'handle_taken' })
      assert.deepEqual(await store.commit(commitOf('b', 7, taken)), { kind: 'lost_race' })
      assert.deepEqual(await store.commit(removalOf('b', 7, { messages: [message('refused', 1)] })), {
        kind: 'lost_race',
      })
      assert.deepEqual(await everythingIn(store), before)
      assert.deepEqual(await store.page([handle('g').index], { limit: 9 }), page)
      assert.equal(await store.find([handle('+new').index]), undefined)
      assert.deepEqual(await store.find([handle('+own').index]), number('b'))
    })

    test('a lost race is told before a taken handle: the handle may be one’s own by now', async t => {
      const store = await openFor(t, under)
      await store.commit(commitOf('a', 0, { claims: [handle('+1')] }))
      assert.deepEqual(await store.commit(commitOf('b', 3, { claims: [handle('+1')] })), { kind: 'lost_race' })
    })

    const unsound: Record<string, Parameters<Store['commit']>[0]> = {
      'a gap in the journal': commitOf('a', 1, { events: [event(3)] }),
      'an event that is there already': commitOf('a', 1, { events: [event(1)] }),
      'a gap within its events': commitOf('a', 1, { events: [event(2), event(4)] }),
      'the same message twice': commitOf('a', 1, { messages: [message('n', 1), message('n', 1)] }),
      'a message id that is there already': commitOf('a', 1, { messages: [message('m', 1)] }),
      'a message id that was settled and is kept': commitOf('a', 1, { messages: [message('dead', 1)] }),
      'a place that another subject has': commitOf('b', 0, { joins: [place('g', '1', 'a')] }),
      'an index that is not 32 bytes': commitOf('a', 1, { claims: [{ keyId: 'key-1', index: bytes('short') }] }),
      'a commit id that is not 128 bits': commitOf('a', 1, { commitId: 'abc' }),
      'an id that does not sort alike everywhere': commitOf('ä', 0),
      'a removal of nothing': removalOf('b', 0),
      'a removal that claims': removalOf('a', 1, { claims: [handle('+2')] }),
    }
    for (const [what, wrong] of Object.entries(unsound)) {
      test(`with ${what} is a bug, and leaves nothing behind, nor does it touch what travels with it`, async t => {
        const store = await openFor(t, under)
        await store.commit(
          commitOf('a', 0, {
            events: [event(1)],
            joins: [place('g', '1', 'a')],
            messages: [message('m', 1), message('dead', 1)],
          }),
        )
        await store.settleMessages([{ id: 'dead', settlement: { kind: 'dead', at: instantAt(2), reason: 'refused' } }])
        const before = await everythingIn(store)
        const beside = store.commit(commitOf('c', 0))
        const taken = store.takeMessages(instantAt(1), instantAt(9), 5)
        await assert.rejects(store.commit(wrong), Broken)
        assert.deepEqual(await beside, committed(1))
        assert.deepEqual(await taken, [{ ...message('m', 1), attempt: 1 }])
        await store.commit(removalOf('c', 1))
        assert.deepEqual(await everythingIn(store), before)
      })
    }
  })

  describe(`${name} store: gatherings`, () => {
    /** 300 members, three at each position, joined in no order; every fifth stands under both keys. */
    async function gather(store: Store): Promise<Member[]> {
      const all = Array.from({ length: 300 }, (_, at) => {
        const position = String(Math.floor(at / 3)).padStart(4, '0')
        return { position, member: `m${String(at).padStart(4, '0')}`, subject: number(`s${at}`) }
      })
      const shuffled = all.map((member, at) => ({ member, at, by: (at * 7919) % 300 })).sort((a, b) => a.by - b.by)
      await Promise.all(
        shuffled.map(({ member: { position, member }, at }) => {
          const joins = [place('g', position, member, at % 2 === 0 ? 'key-1' : 'key-2')]
          if (at % 5 === 0) joins.push(place('g', position, member, at % 2 === 0 ? 'key-2' : 'key-1'))
          return store.commit(commitOf(`s${at}`, 0, { joins: [...joins, place('other', position, member)] }))
        }),
      )
      return all
    }

    const both = [handle('g', 'key-1').index, handle('g', 'key-2').index]

    for (const order of ['ascending', 'descending'] as const) {
      for (const limit of [1, 7, 100, 299, 300, 301]) {
        if (limit === 1 && name !== 'memory') continue
        test(`pages of ${limit}, ${order}, forwards and back: all members, in order, none twice`, async t => {
          const store = await openFor(t, under)
          const all = await gather(store)
          const expected = order === 'ascending' ? all : all.toReversed()

          const forwards: Member[] = []
          let after: Place | undefined
          for (let more = true; more && forwards.length <= all.length; ) {
            const page = await store.page(both, { limit, order, ...(after && { after }) })
            assert.ok(page.members.length <= limit)
            forwards.push(...page.members)
            after = page.members.at(-1)
            more = page.more
          }
          assert.deepEqual(forwards, expected)

          const backwards: Member[] = []
          let before: Place | undefined = after
          for (let more = true; more && backwards.length <= all.length; ) {
            const page = await store.page(both, { limit, order, ...(before && { before }) })
            backwards.unshift(...page.members)
            before = page.members.at(0)
            more = page.more
          }
          assert.deepEqual(backwards, expected.slice(0, -1))
        })
      }
    }

    test('`more` tells whether a page follows, and at the very end it does not', async t => {
      const store = await openFor(t, under)
      for (const at of ['1', '2', '3']) await store.commit(commitOf(at, 0, { joins: [place('g', at, at)] }))
      const page = (limit: number) => store.page([handle('g').index], { limit })
      assert.equal((await page(2)).more, true)
      assert.equal((await page(3)).more, false)
      assert.equal((await page(4)).more, false)
    })

    test('a place need not be held to page after it or before it', async t => {
      const store = await openFor(t, under)
      for (const at of ['1', '3']) await store.commit(commitOf(at, 0, { joins: [place('g', at, at)] }))
      const gap = { position: '2', member: 'gone' }
      const names = async (request: object) => {
        return (await store.page([handle('g').index], { limit: 5, ...request })).members.map(({ member }) => member)
      }
      assert.deepEqual(await names({ after: gap }), ['3'])
      assert.deepEqual(await names({ before: gap }), ['1'])
      assert.deepEqual(await names({ after: gap, order: 'descending' }), ['1'])
      assert.deepEqual(await names({ before: gap, order: 'descending' }), ['3'])
    })

    test('a gathering nobody joined, or everybody left, is empty', async t => {
      const store = await openFor(t, under)
      await store.commit(commitOf('a', 0, { joins: [place('g', '1', 'a'), place('g', '1', 'a')] }))
      await store.commit(commitOf('a', 1, { leaves: [place('g', '1', 'a')] }))
      assert.deepEqual(await store.page([handle('g').index, handle('none').index], { limit: 5 }), {
        members: [],
        more: false,
      })
      assert.deepEqual(await store.page([], { limit: 5 }), { members: [], more: false })
    })

    test('a limit below one, or both ends of a page at once, is a bug', async t => {
      const store = await openFor(t, under)
      const end = { position: '1', member: 'a' }
      await assert.rejects(store.page([indexOf('g')], { limit: 0 }), Broken)
      await assert.rejects(store.page([indexOf('g')], { limit: 5, after: end, before: end }), Broken)
      await assert.rejects(store.walk(undefined, -1), Broken)
      await assert.rejects(store.takeMessages(instantAt(0), instantAt(1), Number.NaN), Broken)
    })
  })

  describe(`${name} store: journal`, () => {
    test('events are numbered without a gap, and read in order from any of them', async t => {
      const store = await openFor(t, under)
      for (let at = 0; at < 10; at += 1) {
        const events = [event(2 * at + 1), event(2 * at + 2)]
        assert.deepEqual(await store.commit(commitOf('a', at, { events })), committed(at + 1))
      }
      const all = Array.from({ length: 20 }, (_, at) => event(at + 1))
      assert.deepEqual(await store.journal(number('a'), 1, 100), all)
      assert.deepEqual(await store.journal(number('a'), 6, 3), all.slice(5, 8))
      assert.deepEqual(await store.journal(number('a'), 21, 3), [])
      assert.deepEqual(await store.journal(number('b'), 1, 3), [])
    })

    test('a commit without events leaves the journal as it is', async t => {
      const store = await openFor(t, under)
      await store.commit(commitOf('a', 0, { events: [event(1)] }))
      await store.commit(commitOf('a', 1))
      await store.commit(commitOf('a', 2, { events: [event(2)] }))
      assert.deepEqual(await store.journal(number('a'), 1, 9), [event(1), event(2)])
    })
  })

  describe(`${name} store: walks and counts`, () => {
    test('a walk meets every document once, in key order', async t => {
      const store = await openFor(t, under)
      const names = Array.from({ length: 57 }, (_, at) => `s${String((at * 31) % 57).padStart(2, '0')}`)
      await Promise.all(
        names.map((id, at) => {
          const kind = at % 2 === 0 ? 'number' : 'business'
          return store.commit({ ...commitOf(id, 0, { events: at % 3 ? [event(1)] : [] }), subject: { kind, id } })
        }),
      )
      const walked = []
      for (
        let page = await store.walk(undefined, 10);
        page.length > 0;
        page = await store.walk(page.at(-1)?.subject, 10)
      ) {
        walked.push(...page)
      }
      const keys = walked.map(({ subject }) => `${subject.kind} ${subject.id}`)
      assert.equal(walked.length, 57)
      assert.deepEqual(keys, keys.toSorted())
      for (const { subject, stored } of walked) assert.deepEqual(stored, await store.read(subject))

      const journals = []
      for (
        let page = await store.walkJournals(undefined, 10);
        page.length > 0;
        page = await store.walkJournals(page.at(-1), 10)
      ) {
        journals.push(...page)
      }
      assert.equal(journals.length, 38)
      assert.deepEqual(
        journals.map(({ kind, id }) => `${kind} ${id}`),
        journals.map(({ kind, id }) => `${kind} ${id}`).toSorted(),
      )
    })

    test('a journal of many events is one subject in a walk', async t => {
      const store = await openFor(t, under)
      await store.commit(commitOf('a', 0, { events: [event(1), event(2), event(3)] }))
      assert.deepEqual(await store.walkJournals(undefined, 9), [number('a')])
    })

    test('documents are counted, and those that another key sealed', async t => {
      const store = await openFor(t, under)
      assert.deepEqual(await store.count('key-1'), { documents: 0, underOtherKeys: 0 })
      await store.commit(commitOf('a', 0))
      await store.commit({ ...commitOf('b', 0), document: { keyId: 'key-2', body: bytes('b') } })
      await store.commit({ ...commitOf('c', 0), document: { keyId: 'key-2', body: bytes('c') } })
      await store.commit(removalOf('c', 1))
      assert.deepEqual(await store.count(), { documents: 2, underOtherKeys: 0 })
      assert.deepEqual(await store.count('key-1'), { documents: 2, underOtherKeys: 1 })
    })
  })

  describe(`${name} store: checkpoints`, () => {
    const head = (id: string, sequence: number) => ({ subject: number(id), sequence, hash: event(sequence).hash })

    test('the newest event of each subject waits to be covered, in key order', async t => {
      const store = await openFor(t, under)
      await store.commit(commitOf('b', 0, { events: [event(1), event(2)] }))
      await store.commit(commitOf('a', 0, { events: [event(1)] }))
      await store.commit(commitOf('c', 0))
      await store.commit(commitOf('b', 1, { events: [event(3)] }))
      assert.deepEqual(await store.uncoveredHeads(9), [head('a', 1), head('b', 3)])
      assert.deepEqual(await store.uncoveredHeads(1), [head('a', 1)])
    })

    test('a checkpoint covers its heads, but not one that moved on since it was read', async t => {
      const store = await openFor(t, under)
      await store.commit(commitOf('a', 0, { events: [event(1)] }))
      await store.commit(commitOf('b', 0, { events: [event(1)] }))
      const heads = await store.uncoveredHeads(9)
      await store.commit(commitOf('b', 1, { events: [event(2)] }))
      assert.equal(await store.addCheckpoint({ number: 1, body: bytes('first') }, heads), true)
      assert.deepEqual(await store.uncoveredHeads(9), [head('b', 2)])
      await store.commit(removalOf('a', 1, { events: [event(2)] }))
      assert.deepEqual(await store.uncoveredHeads(9), [head('a', 2), head('b', 2)])
    })

    test('of two nodes that add the same number, one does', async t => {
      const store = await openFor(t, under)
      await store.commit(commitOf('a', 0, { events: [event(1)] }))
      const heads = await store.uncoveredHeads(9)
      const answers = await Promise.all([
        store.addCheckpoint({ number: 1, body: bytes('mine') }, []),
        store.addCheckpoint({ number: 1, body: bytes('theirs') }, heads),
      ])
      assert.deepEqual(answers, [true, false])
      assert.deepEqual(await store.uncoveredHeads(9), heads)
      assert.deepEqual(await store.lastCheckpoint(), { number: 1, body: bytes('mine') })
    })

    test('checkpoints are read back in order, from any of them; a gap is a bug', async t => {
      const store = await openFor(t, under)
      assert.equal(await store.lastCheckpoint(), undefined)
      const all = [1, 2, 3, 4].map(number => ({ number, body: bytes(`checkpoint ${number}`) }))
      for (const checkpoint of all) await store.addCheckpoint(checkpoint, [])
      assert.deepEqual(await store.checkpoints(1, 9), all)
      assert.deepEqual(await store.checkpoints(2, 2), all.slice(1, 3))
      assert.deepEqual(await store.lastCheckpoint(), all[3])
      await assert.rejects(store.addCheckpoint({ number: 6, body: bytes('gap') }, []), Broken)
    })
  })

  describe(`${name} store: closing`, () => {
    test('what was accepted is finished, what comes later is refused, and closing twice is closing once', async t => {
      const store = await openFor(t, under)
      await store.probe()
      const accepted = Promise.all(Array.from({ length: 40 }, (_, at) => store.commit(commitOf(`s${at}`, 0))))
      const closed = store.close()
      const late = [store.read(number('s1')), store.commit(commitOf('late', 0)), store.probe(), store.count()]
      for (const one of late) await assert.rejects(one, StoreAway)
      assert.ok((await accepted).every(ending => ending.kind === 'committed'))
      await closed
      await store.close()
    })
  })
}
