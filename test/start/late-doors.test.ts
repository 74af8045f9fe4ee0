// What a start leaves out, and that whoever comes first is served all the same.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const loaded = new Set<string>()
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    loaded.add(resolved.url)
    return resolved
  },
})

test('a start loads no door that nobody asked for; then everybody who asks at once is answered', async t => {
  const { readConfig } = await import('#config')
  const { createLog } = await import('#observe/log.ts')
  const { serve } = await import('../../src/serve.ts')
  const folder = mkdtempSync(join(tmpdir(), 'twostep-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const written: string[] = []
  const to = { write: (line: string) => void written.push(line) }
  const log = createLog({ level: 'warn', now: () => 0, stacks: true, to })
  const { url, stop } = await serve(readConfig({ TWOSTEP_DATA_DIR: folder, TWOSTEP_PORT: '0' }), log)
  t.after(stop)

  const statusOf = async (path: string) => (await fetch(url + path, { redirect: 'manual' })).status
  assert.equal(await statusOf('/readyz'), 200)
  const late = [
    '/libphonenumber-js/',
    '/prom-client/',
    '/pages/account/',
    '/pages/manager/',
    '/faces/rest/account/door.ts',
  ]
  for (const part of [...late, '/faces/on-premises/on-premises.ts']) {
    assert.deepEqual(
      [...loaded].filter(each => each.includes(part)),
      [],
    )
  }

  const asked = [
    ['/account/sign-in', 200],
    // As Hono reads a path: an escape is what it stands for.
    ['/%61ccount/sign-in', 200],
    ['/account', 303],
    ['/account/', 303],
    ['/accounts', 404],
    ['/api/v1/account', 401],
    ['/api/v1/sign-ins/none', 401],
    ['/links/none', 410],
    ['/manager/sign-in', 200],
    ['/manager/nothing', 404],
    ['/pages/0/style.css', 200],
    ['/v1/health', 401],
    ['/on-premises/1/v1/health', 401],
    ['/metrics', 200],
    ['//account/sign-in', 404],
  ] as const
  const answers = await Promise.all([...asked, ...asked].map(async ([path]) => [path, await statusOf(path)]))
  assert.deepEqual(
    answers,
    [...asked, ...asked].map(each => [...each]),
  )
  assert.deepEqual(written, [])
})
