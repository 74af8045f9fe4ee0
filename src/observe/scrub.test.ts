// What is blanked, what is left alone, and how long it takes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blank, scrub, scrubLine } from '#observe/scrub.ts'

test('numbers, addresses, codes and tokens are blanked, however they are written', () => {
  const bad = [
    '+4915112345678',
    '+1 (202) 555-0175',
    '%2B4915112345678',
    'ada.lovelace+x@mail.example.org',
    'root@localhost',
    'ada%40example.org',
    '012345',
    '012 345',
    '012-345',
    'EAAGm0PX4ZCpsBAKJ',
    'twk_Zm9vYmFyYmF6',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
  ]
  for (const text of bad) {
    for (const [before, after] of [
      ['', ''],
      ['to ', ' now'],
      ['"', '"'],
      ['(', ')'],
      ['code:', ','],
      ['\n', '\t'],
    ] as const) {
      assert.equal(scrub(before + text + after), before + blank + after)
    }
  }
  assert.equal(scrub('Authorization: Bearer abc.def-123'), `Authorization: Bearer ${blank}`)
  assert.equal(scrub('postgres://user:pa$$@db:5432/x'), `postgres://${blank}@db:5432/x`)
})

test('ids, times, sizes and stacks are left alone', () => {
  const good = [
    '2026-01-02T03:04:05.006Z',
    '8c1f6b1e-9123-4567-8000-123456789abc',
    'file:///app/src/x.ts:1234:56',
    '106540352242922',
    'took 12345 of 1234567 ms, 0.123456 each',
    'a123456 123456b',
    'v24.21.0',
  ]
  for (const text of good) assert.equal(scrub(text), text)
})

test('a line stays JSON, its numbers stay, and an escape hides nothing', () => {
  const line = JSON.stringify({ n: 123456, note: 'say "\n123456\n"', 'a@b.example': true, deep: ['+4915112345678', 1] })
  assert.deepEqual(JSON.parse(scrubLine(line)), {
    n: 123456,
    note: `say "\n${blank}\n"`,
    [blank]: true,
    deep: [blank, 1],
  })
  assert.deepEqual(JSON.parse(scrubLine(JSON.stringify(['\n123456']))), [`\n${blank}`])
})

test('a long text is searched in time that grows no faster than the text', () => {
  const began = process.hrtime.bigint()
  scrub('a.'.repeat(50_000))
  scrub('+1-'.repeat(30_000))
  scrub('://'.repeat(30_000))
  const milliseconds = Number(process.hrtime.bigint() - began) / 1e6
  assert(milliseconds < 2_000, `${milliseconds} ms`)
})
