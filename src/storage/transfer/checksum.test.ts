import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeRows, fingerprintOf, openSum } from './checksum.ts'
import { type Row, tableNamed, type Value } from './tables.ts'

const sumOf = (...pages: (readonly Row[])[]) => {
  const sum = openSum(tableNamed('checkpoints'))
  for (const page of pages) sum.add(page)
  return sum.sum()
}

test('a sum is what its description says, byte for byte', () => {
  const row = [1, Uint8Array.of(7, 8), 'é', null] as const
  const encoded = '02 0000000000000001 03 00000002 0708 01 00000002 c3a9 00'.replaceAll(' ', '')
  assert.equal(encodeRows([row]).toString('hex'), encoded)
  const sha256 = createHash('sha256').update('twostep-rows-1\nnumber,body\n').update(encoded, 'hex').digest('hex')
  assert.deepEqual(sumOf([row]), { table: 'checkpoints', rows: 1, sha256 })
  const named = createHash('sha256').update(`twostep-copy-1\ncheckpoints 1 ${sha256}\n`).digest('hex')
  assert.equal(fingerprintOf([sumOf([row])]), named)
})

test('how rows are cut into pages is not in the sum; a look at it changes nothing', () => {
  const rows = [[1, Uint8Array.of(1)] as const, [2, Uint8Array.of(2)] as const, [3, Uint8Array.of(3)] as const]
  const looked = openSum(tableNamed('checkpoints'))
  for (const row of rows) {
    looked.add([row])
    looked.sum()
  }
  assert.deepEqual(looked.sum(), sumOf(rows))
  assert.deepEqual(sumOf(rows.slice(0, 1), [], rows.slice(1)), sumOf(rows))
})

test('rows that differ in anything have different bytes, also in where one value ends and the next begins', () => {
  const value: fc.Arbitrary<Value> = fc.oneof(
    fc.constant(null),
    fc.maxSafeInteger(),
    fc.string({ unit: 'binary', maxLength: 4 }),
    fc.uint8Array({ maxLength: 4 }),
  )
  const row = fc.array(value, { minLength: 2, maxLength: 2 })
  const plain = (of: Row) => JSON.stringify(of.map(each => (each instanceof Uint8Array ? [...each] : each)))
  fc.assert(
    fc.property(row, row, (one, other) => {
      assert.equal(encodeRows([one]).equals(encodeRows([other])), plain(one) === plain(other))
    }),
    {
      numRuns: 500,
      examples: [
        [
          ['a', 'bc'],
          ['ab', 'c'],
        ],
        [
          [null, ''],
          ['', null],
        ],
        [
          [-1, 0],
          [0, -1],
        ],
      ],
    },
  )
})
