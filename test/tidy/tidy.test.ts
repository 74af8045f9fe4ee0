// The tree is tidy, and the check bites: each rule is shown a file that breaks it and one that does not.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { scan } from './scan.ts'
import { type Finding, findings, lengths, type Rule } from './tidy.ts'

const root = new URL('../../', import.meta.url)

// What git knows and what it would take in next, so that a new file counts before it is committed.
const paths = execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter(path => path !== '' && existsSync(new URL(path, root)))

test('the tree keeps its own rules', () => {
  const files = paths.map(path => ({ path, text: readFileSync(new URL(path, root), 'utf8') }))
  assert(files.length > 50, 'the tree was found')
  const found = findings(files).map(({ path, line, rule, says }) => `${path}:${line} ${rule}: ${says}`)
  assert.deepEqual(found, [])
})

const none = { files: {}, bodies: {} }
const check = (path: string, text: string): readonly Finding[] => findings([{ path, text }], none)
const about = '// About.\n'

type Sample = readonly [path: string, code: string]

function bites(rule: Rule, promise: string, bad: readonly Sample[], good: readonly Sample[]): void {
  test(`${rule}: ${promise}`, () => {
    for (const [path, code] of bad) {
      const found = check(path, about + code)
      assert.deepEqual(
        found.map(each => each.rule),
        [rule],
        `${path}: ${code.slice(0, 80)}`,
      )
      assert.equal(found[0]?.path, path)
    }
    for (const [path, code] of good) assert.deepEqual(check(path, about + code), [], `${path}: ${code.slice(0, 80)}`)
  })
}

bites(
  'arrow',
  'folders import along the arrows only, by name, and nobody hides an import',
  [
    ['src/core/lock/a.ts', "import { x } from '#storage/store.ts'"],
    ['src/core/lock/a.ts', "import type { X } from '#storage/store.ts'"],
    ['src/core/lock/a.ts', "export * from '#secrets/secret.ts'"],
    ['src/core/lock/a.ts', "export { type A,\n b } from '../../storage/store.ts'"],
    ['src/faces/rest/a.ts', "import '#storage/store.ts'"],
    ['src/pages/a.ts', 'import { open } from "#storage/store.ts"'],
    ['src/client/a.ts', "import { x } from '#core/kernel/instant.ts'"],
    ['src/client/a.ts', "import type { X } from '#contract/registrations.ts'"],
    ['src/faces/rest/a.ts', "import { x } from '#client/index.ts'"],
    ['src/actions/a.ts', "const x = await import('#faces/rest/a.ts')"],
    ['src/actions/a.ts', 'const x = await import(name)'],
    ['src/actions/a.ts', "import { x } from '../core/kernel/instant.ts'"],
    ['src/actions/a.ts', "import { x } from '#config'"],
    ['src/actions/a.ts', "import { x } from '#test/storage/samples.ts'"],
    ['src/actions/a.ts', "import { x } from '../../test/storage/samples.ts'"],
    ['src/actions/a.ts', "/* ' */ import { x } from '#pages/a.ts' // '"],
    ['src/storage/store.test.ts', "import { x } from '#actions/world.ts'"],
    ['src/cli/a.ts', "import { x } from '#faces/rest/a.ts'"],
    ['src/config.ts', "import { x } from './storage/store.ts'"],
    ['src/elsewhere/a.ts', ''],
  ],
  [
    ['src/core/lock/a.ts', "import { x } from '../kernel/instant.ts'"],
    ['src/core/lock/a.ts', "// import { x } from '#storage/store.ts'"],
    ['src/core/lock/a.ts', 'const says = "import { x } from \'#storage/store.ts\'"'],
    ['src/core/lock/a.ts', "const says = `import { x } from '#storage/store.ts'`"],
    ['src/storage/store.test.ts', "import { x } from '#test/storage/samples.ts'"],
    ['src/actions/a.ts', "import { x } from '#storage/store.ts'"],
    ['src/serve.ts', "import { Hono } from 'hono'\nimport { x } from '#pages/a.ts'"],
    ['src/main.js', "import { x } from './config.ts'\nimport { y } from '#faces/rest/a.ts'"],
    ['test/faces/a.test.ts', "import { x } from '#storage/store.ts'"],
  ],
)

bites(
  'package',
  'what others wrote has its place, and the core has nothing of it',
  [
    ['src/core/a.ts', "import { createHash } from 'node:crypto'"],
    ['src/core/a.ts', "import { z } from 'zod'"],
    ['src/actions/a.ts', "import { Hono } from 'hono'"],
    ['src/storage/memory/a.ts', "import { DatabaseSync } from 'node:sqlite'"],
    ['src/secrets/a.ts', "import { parse } from 'libphonenumber-js/max'"],
    ['src/http/a.ts', "import { spawn } from 'node:child_process'"],
    ['src/http/a.ts', "import leftPad from 'left-pad'"],
    ['src/http/a.ts', "const x = require('left-pad')"],
    ['src/client/a.ts', "import { request } from 'node:http'"],
  ],
  [
    ['src/core/a.test.ts', "import { test } from 'node:test'"],
    ['src/faces/rest/a.ts', "import { html } from 'hono/html'"],
    ['src/http/a.ts', "import { serve } from '@hono/node-server'"],
    ['src/secrets/a.ts', "import { hash } from '@node-rs/argon2'\nimport { createHmac } from 'node:crypto'"],
    ['src/storage/sqlite/a.ts', "import { DatabaseSync } from 'node:sqlite'"],
    ['src/numbering/a.ts', "import { parse } from 'libphonenumber-js/max'"],
  ],
)

bites(
  'ban',
  'time, dice, waiting, settings and logs come in by their doors',
  [
    ['src/core/a.ts', 'const now = Date.now()'],
    ['src/http/a.ts', 'const now = Date . now()'],
    ['src/http/a.ts', 'const now = new Date()'],
    ['src/http/a.ts', 'const now = new Date'],
    ['src/http/a.ts', 'const now = Date()'],
    ['src/http/a.ts', 'const now = performance.now()'],
    ['src/http/a.ts', 'const now = process.hrtime.bigint()'],
    ['src/http/a.ts', `const says = \`it is \${Date.now()}\``],
    ['src/secrets/a.ts', 'const dice = Math.random()'],
    ['bench/a.ts', 'const dice = Math.random()'],
    ['src/core/a.ts', 'const id = crypto.randomUUID()'],
    ['src/actions/a.ts', 'setTimeout(go, 5)'],
    ['src/faces/rest/a.ts', 'setInterval(go, 5)'],
    ['src/secrets/a.ts', "import { setTimeout } from 'node:timers/promises'"],
    ['src/http/a.ts', "const mode = process.env['TWOSTEP_MODE']"],
    ['src/http/a.ts', "console.log('x')"],
    ['test/a.ts', "console.log('x')"],
    ['src/http/a.ts', "eval('x')"],
    ['src/client/a.ts', 'const now = Date.now()'],
    ['src/client/a.ts', 'setTimeout(go, 5)'],
    ['src/client/a.ts', "console.warn('x')"],
  ],
  [
    ['src/core/a.ts', '// never Date.now() nor Math.random()'],
    ['src/core/a.ts', "const says = 'Date.now() and setTimeout(x)'"],
    ['src/core/a.ts', 'const shape = /Date.now()/'],
    ['src/http/a.ts', 'const shown = new Date(now).toISOString()'],
    ['src/http/a.ts', 'setTimeout(go, 5)'],
    ['src/clock.ts', 'const now = Date.now()'],
    ['src/config.ts', 'const mode = process.env'],
    ['src/client/machine.ts', 'const now = Date.now()'],
  ],
)

bites(
  'ban',
  'every test runs, every time, without sleep',
  [
    ['src/core/a.test.ts', "test.only('x', () => {})"],
    ['test/a.test.ts', "test.skip('x', () => {})"],
    ['test/a.test.ts', "test.todo('x')"],
    ['test/a.test.ts', "test('x', { skip: true }, () => {})"],
    ['test/a.test.ts', "test('x', t => t.skip())"],
    ['test/a.test.ts', 'await new Promise(resolve => setTimeout(resolve, 5))'],
    ['test/a.ts', 'await sleep(5)'],
    ['test/a.test.ts', 'const dice = Math.random()'],
  ],
  [
    ['test/a.test.ts', "test('x only, no skip: or sleep(5)', () => {})"],
    ['test/a.test.ts', 'const began = performance.now()'],
  ],
)

bites(
  'name',
  'a name says what is inside',
  [
    ['src/core/utils.ts', ''],
    ['src/core/utils/a.ts', ''],
    ['src/http/test-helpers.ts', ''],
    ['test/common/a.ts', ''],
    ['src/storage/store-manager.ts', ''],
  ],
  [
    ['src/pages/manager/a.ts', ''],
    ['src/core/uncommon.ts', ''],
  ],
)

bites(
  'words',
  'nothing half done, nothing that only one machine knows',
  [
    ['src/core/a.ts', `// ${'TO'}DO: later`],
    ['docs/a.md', `${'FIX'}ME`],
    ['docs/a.md', `see ..${'/shared'}/design.md`],
    ['docs/a.md', `cd /${'work'}/main`],
    ['src/core/a.ts', `const path = '/${'home'}/someone/data'`],
    ['package.json', `"https://registry${'.npmjs'}.org/x"`],
  ],
  [
    ['docs/a.md', 'the work is done at home; see https://example.com/work/main and ./tmp/x'],
    ['src/core/a.ts', `const path = \`\${folder}/tmp/x\``],
  ],
)

test('comment: a file of src starts by saying what it is', () => {
  for (const text of ["import { x } from './b.ts'\n// later", '\n// late', 'const x = 1', '//\nconst x = 1']) {
    assert.deepEqual(
      check('src/core/a.ts', text).map(each => each.rule),
      ['comment'],
      text,
    )
  }
  for (const text of ['// About.\n', '/** About. */\n', '#!/usr/bin/env node\n// About.\n']) {
    assert.deepEqual(check('src/core/a.ts', text), [], text)
  }
})

const lines = (count: number, line = 'x()') => `${line}\n`.repeat(count)

bites(
  'length',
  'files, functions and lines stay short; comments and texts are free',
  [
    ['src/core/a.ts', lines(lengths.source + 1)],
    ['test/a.test.ts', lines(lengths.test + 1)],
    ['src/core/a.ts', `function long() {\n${lines(lengths.body)}}`],
    ['src/core/a.ts', `export async function long({ a }: { a: A } = {}): Promise<{ b: B }> {\n${lines(lengths.body)}}`],
    ['src/core/a.ts', `const long = (a: A) => {\n${lines(lengths.body)}}`],
    ['src/core/a.ts', `const made = {\n  long(a: A): B {\n${lines(lengths.body)}  },\n}`],
    ['src/core/a.ts', `// ${'a'.repeat(lengths.line)}`],
    ['src/core/a.ts', `x(${'a, '.repeat(lengths.line / 2)})`],
  ],
  [
    ['src/core/a.ts', lines(lengths.source)],
    ['src/core/a.ts', lines(1000, '// a comment')],
    ['src/core/a.ts', `const list = \`\n${lines(1000, '123456')}\``],
    ['src/core/a.ts', `function short() {\n${lines(lengths.body - 2)}}`],
    [
      'src/core/a.ts',
      `function maker() {\n  function one() {\n${lines(50)}  }\n  function two() {\n${lines(50)}  }\n}`,
    ],
    ['src/core/a.ts', `const says = 'a ${'long '.repeat(40)}sentence'`],
    ['test/a.test.ts', `test('x', () => {\n${lines(lengths.body)}})`],
  ],
)

test('length: an exception lets a file be as long as it says, no longer, and is taken back when it is not needed', () => {
  const says = (count: number, allowed: number) =>
    findings([{ path: 'src/core/a.ts', text: about + lines(count) }], {
      files: { 'src/core/a.ts': allowed },
      bodies: {},
    })
  assert.deepEqual(says(300, 300), [])
  assert.equal(says(301, 300)[0]?.says, '301 lines of code; 300 is the most')
  assert.equal(says(200, 300)[0]?.says, 'the exception says 300; it is 200 now')
  const body = (count: number, allowed: number) =>
    findings([{ path: 'src/core/a.ts', text: `${about}function long() {\n${lines(count - 2)}}` }], {
      files: {},
      bodies: { 'src/core/a.ts:long': allowed },
    })
  assert.deepEqual(body(80, 80), [])
  assert.equal(body(81, 80)[0]?.says, 'long has 81 lines of code; 80 is the most')
  assert.equal(body(20, 80)[0]?.says, 'the exception says 80; it is 20 now')
})

test('a finding names the line it is on', () => {
  const [found] = check('src/core/a.ts', '// About.\n\n/* more\n */\nconst now = Date.now()\n')
  assert.equal(found?.line, 5)
  const [second] = check('src/core/a.ts', `// About.\nconst says = \`\n\n\`\nimport { x } from '#storage/store.ts'\n`)
  assert.equal(second?.line, 5)
})

test('code is told from comments, strings, templates and regular expressions', () => {
  for (const [text, bare] of [
    ["a('b') // c", "a(' ')     "],
    ['a("//") + b', 'a("  ") + b'],
    ["a('\\'') + b", "a('  ') + b"],
    [`\`a \${b(\`c \${d} e\`)} f\` + g`, '`    b(`    d   `)   ` + g'],
    [`\`\${{ a: { b } }}\` + c`, '`  { a: { b } } ` + c'],
    ['a / b / c', 'a / b / c'],
    ["a = /'/.test(b)", 'a =    .test(b)'],
    ['return /[/"]\\/`/g', 'return           '],
    ['a /* b\n c */ d', 'a     \n      d'],
  ] as const) {
    assert.equal(scan(text).bare, bare, text)
  }
})
