// What files that share a process may count on, seen on real runs of small ones.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { writeEntry } from './group-entry.js'
import { innerRun, outerEnvironment } from './inner-run.ts'

/** Runs `files` in one process, as run.js has a folder of them run. */
function run(t: TestContext, files: Readonly<Record<string, string>>) {
  const baked = Object.fromEntries(Object.entries(files).map(([name, text]) => [join('bread', name), text]))
  return innerRun(t, baked, folder => [
    writeEntry(
      folder,
      0,
      'bread',
      Object.keys(baked).map(name => join(folder, name)),
    ),
  ])
}

test('a file is loaded when the one before it has ended, its last hook too', t => {
  const { out, exit } = run(t, {
    'one.mjs': `globalThis.said = ['one is loaded']
before(() => said.push('before'))
after(async () => { await new Promise(setImmediate); said.push('after') })
test('a', async () => { await new Promise(setImmediate); said.push('a') })`,
    'two.mjs': `const heard = [...said]
test('b', () => assert.deepEqual(heard, ['one is loaded', 'before', 'a', 'after']))`,
  })
  assert.match(out, /\n2 passed, 0 failed\n$/)
  assert.equal(exit, 0)
})

test('a file that cannot be loaded fails by its name, and the others run', t => {
  const { out, exit } = run(t, {
    'one.mjs': "throw new Error('cannot load')",
    'two.mjs': "test('b', () => {})",
  })
  assert.match(out, /^FAILED bread\/one\.mjs /)
  assert.match(out, /cannot load/)
  assert.match(out, /\n1 passed, 1 failed\n$/)
  assert.notEqual(exit, 0)
})

test('a file whose hooks break fails by its name, and the others run', t => {
  const { out, exit } = run(t, {
    'one.mjs': "before(() => { throw new Error('before broke') })\ntest('a', () => {})",
    'three.mjs': "after(() => { throw new Error('after broke') })\ntest('c', () => {})",
    'two.mjs': "test('b', () => {})",
  })
  assert.match(out, /^FAILED bread\/one\.mjs [\s\S]*before broke[\s\S]*^FAILED bread\/three\.mjs [\s\S]*after broke/m)
  assert.match(out, /\n2 passed, 3 failed\n$/)
  assert.notEqual(exit, 0)
})

test('a failure is shown with its file, and with what the group printed', t => {
  const { out } = run(t, {
    'one.mjs': "console.log('noise')\ntest('a', () => {})",
    'two.mjs': "test('b', () => assert.equal(1, 2))",
  })
  assert.match(out, /^FAILED bread\/two\.mjs > b \(bread\/two\.mjs:3:1\)\n/)
  assert.match(out, /\nbread printed:\n\s+noise\n/)
})

test('time that stood still for one file goes on for the next', t => {
  const stillTime = JSON.stringify(join(import.meta.dirname, 'still-time.ts'))
  const { out } = run(t, {
    'one.mjs': `import { pass, stopTime } from ${stillTime}
stopTime()
const began = Date.now()
test('a', () => { stopTime(); pass(5); assert.equal(Date.now() - began, 5) })`,
    'two.mjs': `test('b', () => assert.ok(Math.abs(Date.now() - performance.timeOrigin - performance.now()) < 60_000))`,
  })
  assert.match(out, /\n2 passed, 0 failed\n$/)
})

test('a file that is not there is asked for in words that help', () => {
  const args = [join(import.meta.dirname, 'run.js'), 'test/nowhere.test.ts']
  const asked = spawnSync(process.execPath, args, { env: outerEnvironment() })
  assert.equal(String(asked.stderr).split('.')[0], 'There is no test file test/nowhere')
  assert.equal(asked.status, 1)
})
