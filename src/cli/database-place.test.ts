import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readPlace } from './database-place.ts'
import { CannotRun } from './ending.ts'

/** What a place is read as: its path, or its whole URL. */
function read(given: string, env: Record<string, string> = {}): string {
  const place = readPlace(env, '--to', given)
  return place.kind === 'sqlite' ? place.path : place.url.reveal()
}

function refuses(given: string, words: RegExp, env: Record<string, string> = {}): void {
  assert.throws(
    () => read(given, env),
    error => {
      assert.ok(error instanceof CannotRun, `${error}`)
      const said = `${error.message}\n${error.hint}`
      assert.match(said, words)
      assert.ok(!/hunter2|s3same/.test(said), said)
      return true
    },
  )
}

test('a place is named as in the settings; a password comes from PGPASSWORD, and is what it is', () => {
  assert.equal(read('sqlite:/x/y.db'), '/x/y.db')
  assert.equal(read('postgres://me@db/name'), 'postgres://me@db/name')
  const url = new URL(read('postgresql://me@db:5433/name?sslmode=require', { PGPASSWORD: 's3same @:/%?#ü' }))
  assert.equal(decodeURIComponent(url.password), 's3same @:/%?#ü')
  assert.deepEqual([url.username, url.host, url.search], ['me', 'db:5433', '?sslmode=require'])
})

test('a whole URL comes from a variable, or from the file that another one names; not from both', t => {
  const folder = mkdtempSync(join(tmpdir(), 'twostep-place-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'url')
  writeFileSync(file, 'postgres://me:s3same@db/name\n')
  assert.equal(read('env:URL', { URL: 'postgres://me:s3same@db/name' }), 'postgres://me:s3same@db/name')
  assert.equal(read('env:URL', { URL_FILE: file }), 'postgres://me:s3same@db/name')
  assert.equal(read('env:TWOSTEP_DATABASE_URL', { TWOSTEP_DATABASE_URL: 'sqlite:/x' }), '/x')
  assert.equal(read('sqlite:/y', { TWOSTEP_DATABASE_URL_FILE: file }), '/y', 'the settings have no say in it')
  refuses('env:URL', /--to: neither the variable URL nor URL_FILE is set/)
  refuses('env:', /--to: neither/)
  refuses('env:URL', /not in both/, { URL: 'sqlite:/x', URL_FILE: file })
  refuses('env:URL', /there is no such file/, { URL_FILE: `${file}.missing` })
  refuses('env:URL', /write sqlite:path/, { URL: 'postgres://me:s3same@/' })
})

test('a password in what was given is refused however it is written, and not repeated', () => {
  for (const given of [
    'postgres://me:hunter2@db/name',
    'postgresql://:hunter2@db/name',
    'postgres://me:hunter2@db:x/name',
    'postgres://me:hunt@er2:hunter2@db/name',
    'postgres://me:@db/name',
  ]) {
    refuses(given, /--to has a password in it\. It was not used[\s\S]*PGPASSWORD; or .*--to env:NAME[\s\S]*change it/)
  }
  refuses('mysql://me:hunter2@db/name', /--to: write sqlite:path/)
  refuses('hunter2', /--to: write sqlite:path/)
})
