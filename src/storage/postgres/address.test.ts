import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { StoreUnusable } from '../store.ts'
import { readAddress } from './address.ts'

const read = (url: string) => readAddress({ reveal: () => url })
const isVerified = (url: string): boolean | undefined => {
  const { ssl } = read(url).config
  return typeof ssl === 'object' ? ssl.rejectUnauthorized : undefined
}

test('host, port, user, database and password are read, with their escapes', async () => {
  const { config, place } = read('postgres://two%20step:p%40ss%2Fword@db.example:6543/two%2Dstep')
  assert.equal(config.host, 'db.example')
  assert.equal(config.port, 6543)
  assert.equal(config.user, 'two step')
  assert.equal(config.database, 'two-step')
  assert.equal(typeof config.password === 'function' && (await config.password()), 'p@ss/word')
  assert.equal(place, 'PostgreSQL at db.example:6543, database two-step')
})

test('a folder with a Unix socket, and an IPv6 address, are hosts', () => {
  assert.equal(read('postgres://u@localhost/db?host=/var/run/postgresql').config.host, '/var/run/postgresql')
  assert.equal(read('postgres://u@%2Fvar%2Frun%2Fpostgresql/db').config.host, '/var/run/postgresql')
  assert.equal(read('postgres://u@[::1]:5433/db').config.host, '::1')
})

test('the password is in nothing that is printed, and is taken out of others’ words', () => {
  const address = read('postgres://u:hunter-2@host/db')
  assert.ok(!inspect(address, { depth: 9 }).includes('hunter-2'))
  assert.ok(!JSON.stringify(address).includes('hunter-2'))
  assert.equal(address.scrub('no: hunter-2 is wrong'), 'no: [sealed] is wrong')
})

test('away from the own machine TLS with a proven name is the default; what is weaker has to be written', () => {
  for (const local of ['localhost', '127.0.0.1', '127.8.8.8', '[::1]']) {
    assert.equal(isVerified(`postgres://u@${local}/db`), undefined, local)
  }
  for (const away of ['db.example', '10.0.0.7', '127.0.0.1.example', 'localhost.example']) {
    assert.equal(isVerified(`postgres://u@${away}/db`), true, away)
  }
  assert.equal(isVerified('postgres://u@db.example/db?sslmode=disable'), undefined)
  assert.equal(isVerified('postgres://u@db.example/db?sslmode=require'), false)
  assert.equal(isVerified('postgres://u@db.example/db?sslmode=verify-ca'), true)
  assert.equal(isVerified('postgres://u@localhost/db?sslmode=verify-full'), true)
})

test('what is not understood is refused, in words without the password', () => {
  const wrong = {
    'mysql://u:hunter-2@host/db': /no URL/,
    'postgres://u:hunter-2@ho st/db': /no URL/,
    'postgres://u:hunter-2@host/': /no database or no user/,
    'postgres://:hunter-2@host/db': /no database or no user/,
    'postgres://u:hunter-2@one,two/db': /several hosts/,
    'postgres://u:hunter-2%zz@host/db': /no escape/,
    'postgres://u:hunter-2@host/db?sslmode=prefer': /sslmode is none of disable, require, verify-ca, verify-full/,
    'postgres://u:hunter-2@host/db?sslMode=disable': /"sslMode", of which/,
    'postgres://u:hunter-2@host/db?sslrootcert=/nowhere/ca.crt':
      /sslrootcert, \/nowhere\/ca\.crt, cannot be read \(ENOENT\)/,
  }
  for (const [url, words] of Object.entries(wrong)) {
    assert.throws(
      () => read(url),
      error => {
        assert.ok(error instanceof StoreUnusable)
        assert.match(error.message, words)
        assert.ok(!error.message.includes('hunter-2'))
        return true
      },
    )
  }
})
