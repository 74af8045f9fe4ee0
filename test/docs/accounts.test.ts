// All that the door of accounts does is in its guide. That the guide works as it is printed, guides.test.ts shows.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { accountRoutes } from '#faces/rest/account/door.ts'

const guide = readFileSync('docs/guide/accounts.md', 'utf8')

test('every call of the door is in the guide', () => {
  const calls = accountRoutes
    .filter(({ method }) => method !== 'HEAD')
    .map(({ method, path }) => `\`${method} ${path.slice(1).replace(/:(\w+)/g, '{$1}')}\``)
  assert.ok(calls.length > 60)
  assert.deepEqual(
    calls.filter(call => !guide.includes(call)),
    [],
  )
})

test('no table of the guide shows how a text is made instead of the text', () => {
  const tables = guide.split('\n').filter(line => line.startsWith('|'))
  assert.ok(tables.length > 100)
  assert.deepEqual(
    tables.filter(line => line.includes('${')),
    [],
  )
})

test('every refusal of the door is in the guide', () => {
  const folder = 'src/faces/rest/account'
  const files = readdirSync(folder).filter(name => !name.endsWith('.test.ts'))
  const texts = [...files.map(name => `${folder}/${name}`), 'src/faces/rest/idempotent.ts'].map(path =>
    readFileSync(path, 'utf8'),
  )
  const kinds = [...texts.join('').matchAll(/ kind: '(\w+)',\n\s+title/g)].map(([, kind]) => kind ?? '')
  assert.ok(kinds.length > 50)
  assert.deepEqual(
    kinds.filter(kind => !guide.includes(`\`${kind}\``)),
    [],
  )
})
