import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { binding, joined, useJoined } from './joined.ts'

test('no two lists of parts give the same bytes or the same text', () => {
  // Few symbols and short parts, so that lists which differ only in where they are cut come up all the time.
  const part = fc.string({ unit: fc.constantFrom('a', '1', ':', '\0', '\u0001'), maxLength: 3 })
  const list = fc.array(part, { maxLength: 4 })
  fc.assert(
    fc.property(list, list, (one, other) => {
      const same = JSON.stringify(one) === JSON.stringify(other)
      assert.equal(Buffer.from(joined(...one)).equals(joined(...other)), same)
      assert.equal(binding(...one) === binding(...other), same)
    }),
    { numRuns: 2000 },
  )
})

test('text counts in bytes of UTF-8, and bytes go in as they are', () => {
  assert.equal(Buffer.from(joined('é', Uint8Array.of(0, 255))).toString('hex'), '00000002c3a90000000200ff')
})

test('parts that are used at once are the same bytes, however long they are, and inside one another', () => {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.uint8Array({ maxLength: 9_000 })), { maxLength: 4 }), parts => {
      assert.equal(useJoined(hex, ...parts), hex(joined(...parts)))
    }),
  )
  const inner = useJoined(bytes => `${useJoined(hex, 'inner')} in ${hex(bytes)}`, 'outer')
  assert.equal(inner, `${hex(joined('inner'))} in ${hex(joined('outer'))}`)
})

test('parts that were used at once leave nothing behind, also when their use throws', () => {
  let left: Uint8Array = new Uint8Array()
  const keep = (bytes: Uint8Array) => {
    left = bytes
    throw new Error('in use')
  }
  assert.throws(() => useJoined(keep, 'a secret'), /in use/)
  assert.equal(left.length, 12)
  assert(left.every(byte => byte === 0))
  assert.equal(
    useJoined(bytes => bytes.length, 'again'),
    9,
  )
})

test('text that is not well-formed is refused', () => {
  assert.throws(() => joined('\ud800'))
})
