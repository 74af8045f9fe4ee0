// Several servers over one PostgreSQL, each a process of its own as `npm start` runs it.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createRecords } from '#records/records.ts'
import { systemDice } from '#secrets/dice.ts'
import { createHashingQueue } from '#secrets/hashing-queue.ts'
import { openKeyRing } from '#secrets/key-ring.ts'
import { owaspPinParameters } from '#secrets/pin-verifier.ts'
import { Secret } from '#secrets/secret.ts'
import { createSecrets } from '#secrets/secrets.ts'
import { openPostgresStore } from '#storage/postgres/postgres-store.ts'
import { twostep } from '#test/cli/command.ts'
import {
  addNumber,
  advance,
  call,
  dataFolder,
  newBusiness,
  operatorToken,
  type Settings,
  type Spawned,
  spawnSandbox,
  verifiedNumber,
} from '#test/faces/sandbox.ts'
import { postgresServer } from '#test/storage/postgres-server.ts'

const folder = dataFolder()
let database = ''
const alive: Spawned[] = []

before(async () => {
  const server = await postgresServer()
  const name = `nodes_${randomUUID().replaceAll('-', '')}`
  await server.admin(`CREATE DATABASE ${name}`)
  database = server.url(name).reveal()
})
after(async () => {
  await Promise.all(alive.map(node => node.end('SIGTERM')))
  rmSync(folder, { recursive: true, force: true })
})

/** One more node: a data folder of its own, the key ring and the database of all. */
async function node(settings: Settings = {}): Promise<Spawned> {
  const shared = { TWOSTEP_DATABASE_URL: database, TWOSTEP_KEYRING: join(folder, 'keyring.json') }
  const spawned = await spawnSandbox(join(folder, randomUUID()), { ...shared, ...settings })
  alive.push(spawned)
  return spawned
}

const anHourAhead = 'data:text/javascript,const now=Date.now;Date.now=()=>now()+3600000'
const register = (url: string, of: { id: string; token: string }, pin: string) =>
  call(url, 'POST', `/${of.id}/register`, { token: of.token, body: { messaging_product: 'whatsapp', pin } })
const codeOf = (reply: { body: Record<string, unknown> }) => (reply.body.error as { code?: number } | undefined)?.code

test('four nodes are one server: budgets, codes, tokens, keys and clocks hold across them', async t => {
  const first = await node()
  const nodes = [first, ...(await Promise.all([node(), node(), node({ NODE_OPTIONS: `--import "${anHourAhead}"` })]))]
  const urls = nodes.map(each => each.url)
  const at = (index: number): string => urls[index % urls.length] ?? ''
  const business = await newBusiness(at(0))

  await t.test(
    'a number is added on one node, its code asked on another, checked on a third, registered on the fourth',
    async () => {
      const id = await addNumber(at(0), business, '7700900351')
      const { token } = business
      const asked = await call(at(1), 'POST', `/${id}/request_code`, {
        token,
        body: { code_method: 'SMS', language: 'en' },
      })
      assert.equal(asked.status, 200)
      const { body } = await call(at(2), 'GET', '/sandbox/outbox?to=447700900351')
      const [message] = body.messages as { code: string }[]
      const verified = await call(at(2), 'POST', `/${id}/verify_code`, { token, body: { code: message?.code } })
      assert.equal(verified.status, 200)
      assert.equal((await register(at(3), { id, token }, '837465')).status, 200)
    },
  )

  await t.test('a request that comes to every node under one idempotency key is done once', async () => {
    const operator = { token: operatorToken, body: { name: 'App' } }
    const { body } = await call(at(0), 'POST', '/api/v1/operator/applications', operator)
    const asked = {
      token: String(body.api_key),
      body: { number: '+447700900359' },
      headers: { 'idempotency-key': randomUUID() },
    }
    const begin = (index: number) => call(at(index), 'POST', '/api/v1/registrations', asked)
    const replies = await Promise.all(Array.from({ length: 12 }, (_, index) => begin(index)))
    const made = replies.filter(({ status }) => status === 201)
    assert.ok(replies.every(({ status, body }) => status === 201 || body.kind === 'request_under_way'))
    const later = await Promise.all([begin(0), begin(1), begin(2), begin(3)])
    assert.equal(new Set([...made, ...later].map(each => each.body.id)).size, 1)
    const outbox = await call(at(1), 'GET', '/sandbox/outbox?to=447700900359')
    assert.equal((outbox.body.messages as unknown[]).length, 1)
  })

  await t.test('200 wrong PINs in parallel over four nodes: exactly the budget is looked at', async () => {
    const id = await verifiedNumber(at(0), business, '7700900352')
    const owner = { id, token: business.token }
    assert.equal((await register(at(0), owner, '837465')).status, 200)
    const replies = await Promise.all(Array.from({ length: 200 }, (_, index) => register(at(index), owner, '111111')))
    const codes = Map.groupBy(replies, codeOf)
    assert.equal(codes.get(133005)?.length, 5)
    // Ten attempts in 72 h, the registration before among them: four more were refused unseen, the rest not at all.
    assert.equal(codes.get(133009)?.length, 4)
    assert.equal(codes.get(133016)?.length, 191)

    const events = await journalOf(id)
    assert.equal(events.filter(kind => kind === 'pin.guess_spent').length, 5)
    assert.equal(events.filter(kind => kind === 'pin.wrong').length, 5)
  })

  await t.test('a node whose clock is an hour ahead neither ends a wait nor lengthens one', async () => {
    const id = await verifiedNumber(at(1), business, '7700900353')
    const owner = { id, token: business.token }
    await register(at(1), owner, '837465')
    for (let guess = 0; guess < 5; guess += 1) assert.equal(codeOf(await register(at(guess), owner, '111111')), 133005)
    const [ahead, right] = [await register(at(3), owner, '837465'), await register(at(0), owner, '837465')]
    for (const reply of [ahead, right]) {
      assert.equal(codeOf(reply), 133009)
      const wait = Number(reply.headers.get('retry-after'))
      assert.ok(wait > 30 && wait <= 60, `waits ${wait} s`)
    }
  })

  await t.test('time that one node moves has moved for all', async () => {
    const id = await verifiedNumber(at(2), business, '7700900354')
    const owner = { id, token: business.token }
    await register(at(2), owner, '837465')
    for (let guess = 0; guess < 5; guess += 1) await register(at(guess), owner, '111111')
    await advance(at(1), 'PT1M')
    // The number has seen the moved time on node 1; the others follow within moments, and none of them waits longer.
    assert.equal((await register(at(1), owner, '837465')).status, 200)
    for (const index of [0, 2, 3]) {
      assert.equal((await register(at(index), owner, '837465')).status, 200)
    }
  })

  await t.test('each message leaves once', async () => {
    const sentBefore = await sent(urls)
    const ids = await Promise.all(
      Array.from({ length: 24 }, (_, index) => addNumber(at(index), business, `77009004${10 + index}`)),
    )
    const body = { code_method: 'SMS', language: 'en' }
    await Promise.all(
      ids.map((id, index) => call(at(index), 'POST', `/${id}/request_code`, { token: business.token, body })),
    )
    await until(async () => (await sent(urls)) - sentBefore >= 24)
    assert.equal((await sent(urls)) - sentBefore, 24)
  })

  await t.test('the keys rotate on one node, and every node goes on', async () => {
    const operator = { token: 'operator-token-of-the-tests-0123456789' }
    const started = await call(at(0), 'POST', '/api/v1/operator/keys/rotation', operator)
    assert.equal(started.status, 202)
    await until(async () => {
      // Load goes on in the meantime, on every node.
      const reads = await Promise.all(
        urls.map(url => call(url, 'GET', `/${business.waba}/phone_numbers`, { token: business.token })),
      )
      assert.deepEqual(
        reads.map(each => each.status),
        [200, 200, 200, 200],
      )
      return (await call(at(0), 'GET', '/api/v1/operator/keys/rotation', operator)).body.state === 'idle'
    })
    const id = await verifiedNumber(at(3), business, '7700900355')
    assert.equal((await register(at(1), { id, token: business.token }, '837465')).status, 200)
  })

  await t.test(
    'the command line works beside them: verify, migrate, rotate; what is for files only says so',
    async () => {
      const settings = {
        TWOSTEP_DATABASE_URL: database,
        TWOSTEP_KEYRING: join(folder, 'keyring.json'),
        TWOSTEP_PORT: new URL(at(0)).port,
      }
      const verified = await twostep(folder, ['journal', 'verify', '--json'], { settings })
      assert.deepEqual([verified.code, (verified.json() as { holds?: boolean }).holds], [0, true], verified.err)
      const migrated = await twostep(folder, ['migrate'], { settings })
      assert.match(migrated.out, /^The schema is at version \d+ already\.\n$/)
      const backup = await twostep(folder, ['backup', join(folder, 'copy.db')], { settings })
      assert.equal(backup.code, 2)
      assert.match(backup.err, /pg_dump/)
    },
  )

  await t.test('a node that is killed costs nobody a try, and its messages leave from another', async () => {
    const id = await verifiedNumber(at(0), business, '7700900356')
    const owner = { id, token: business.token }
    await register(at(0), owner, '837465')
    const flood = Array.from({ length: 40 }, (_, index) => register(at(index), owner, '111111').catch(() => undefined))
    await Promise.race(flood)
    await nodes[1]?.end('SIGKILL')
    await Promise.all(flood)
    const rest = await Promise.all(Array.from({ length: 20 }, () => register(at(0), owner, '111111')))
    assert.ok(rest.every(reply => reply.status === 400))
    const events = await journalOf(id)
    assert.equal(events.filter(kind => kind === 'pin.guess_spent').length, 5)
    const { body } = await call(at(2), 'GET', '/readyz')
    assert.equal(body.status, 'ok')
  })
})

/** What happened to a number, read from the database itself. */
async function journalOf(claim: string): Promise<readonly string[]> {
  const store = await openPostgresStore({ url: Secret.of(database), migrate: false })
  const now = await store.now()
  const ring = openKeyRing({ file: join(folder, 'keyring.json'), create: false, dice: systemDice, now })
  const hashing = createHashingQueue({ parallel: 1, waiting: 0, now: () => now })
  const records = createRecords(
    store,
    createSecrets({ ring, dice: systemDice, pinParameters: owaspPinParameters, hashing }),
  )
  try {
    const number = await records.find('number', { purpose: 'claim', value: claim })
    return (await records.journal('number', number?.id ?? '')).map(entry => entry.event.kind)
  } finally {
    await store.close()
  }
}

/** How many messages left, by the nodes' own count. */
async function sent(urls: readonly string[]): Promise<number> {
  const counts = await Promise.all(
    urls.map(async url => {
      const text = await (await fetch(`${url}/metrics`)).text()
      return [...text.matchAll(/^twostep_outbox_sent_total\{.*\} (\d+)$/gm)].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      )
    }),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Asks until it is so; the test's own time limit ends what never is. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(resolve => setImmediate(resolve))
}
