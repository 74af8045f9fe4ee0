// What the reporter promises, seen on real runs of small test files.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { innerRun } from './inner-run.ts'

test('a green run says how long it took and how many passed, and nothing else', t => {
  const { out, exit } = innerRun(t, {
    'one.test.mjs':
      "test('a', () => { console.log('noise') })\ntest('b', async t => { await t.test('c', () => {}); await t.test('d', () => {}) })",
    'two.test.mjs': "describe('s', () => { it('e', () => {}); describe('t', () => { it('f', () => {}) }) })",
  })
  assert.match(out, /^\d+\.\d s\n5 passed, 0 failed\n$/)
  assert.equal(exit, 0)
})

test('a failure is shown with its names, its place, its difference and what the file printed; parents do not count', t => {
  const { out, exit } = innerRun(t, {
    'one.test.mjs': `console.error('noise')
describe('outer', () => {
  it('inner fails', () => {
    assert.deepEqual({ a: 1 }, { a: 2 })
  })
  it('inner passes', () => {})
})
test('skipped', { skip: 'why' }, () => {})`,
  })
  assert.match(out, /^FAILED outer > inner fails \(one\.test\.mjs:5:3\)\n/)
  assert.match(out, /AssertionError[\s\S]*\n\s*\+\s+a: 1\n\s*-\s+a: 2\n/)
  assert.match(out, /one\.test\.mjs:6:12/)
  assert.match(out, /\none\.test\.mjs printed:\n\s+noise\n/)
  assert.doesNotMatch(out, /node:(?:internal|async_hooks)/)
  assert.match(out, /\n\d+\.\d s\n1 passed, 1 failed, 1 skipped\n$/)
  assert.notEqual(exit, 0)
})

test('a file that cannot be loaded, a parent that fails by itself and a broken hook each count as failed', t => {
  const { out, exit } = innerRun(t, {
    'one.test.mjs': "throw new Error('cannot load')",
    'two.test.mjs': "test('parent', async t => { await t.test('child', () => {}); throw new Error('by itself') })",
    'three.test.mjs': "test('hooked', t => { t.after(() => { throw new Error('hook') }) })",
  })
  assert.match(out, /FAILED .*one\.test\.mjs[\s\S]*one\.test\.mjs printed:[\s\S]*cannot load/)
  assert.match(out, /FAILED parent [\s\S]*by itself/)
  assert.match(out, /FAILED hooked [\s\S]*hook/)
  assert.match(out, /\n1 passed, 3 failed\n$/)
  assert.notEqual(exit, 0)
})
