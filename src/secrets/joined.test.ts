import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { binding, joined } from './joined.ts'

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

test('text that is not well-formed is refused', () => {
  assert.throws(() => joined('\ud800'))
})
