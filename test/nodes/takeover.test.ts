// Messages over several servers, each a process of its own over one PostgreSQL: they leave once while all is well, and at
// least once when a server dies in the middle of handing them over. Two of the four have clocks that are an hour off.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { after as later, minute } from '#core/kernel/instant.ts'
import { createRecords } from '#records/records.ts'
import { systemDice } from '#secrets/dice.ts'
import { createHashingQueue } from '#secrets/hashing-queue.ts'
import { openKeyRing } from '#secrets/key-ring.ts'
import { owaspPinParameters } from '#secrets/pin-verifier.ts'
import { Secret } from '#secrets/secret.ts'
import { createSecrets } from '#secrets/secrets.ts'
import { openPostgresStore } from '#storage/postgres/postgres-store.ts'
import { addNumber, advance, call, dataFolder, newBusiness, operatorToken, type Settings } from '#test/faces/sandbox.ts'
import { type PostgresServer, postgresServer } from '#test/storage/postgres-server.ts'
import type { Asked, Told } from './courier-node.ts'

type CourierNode = {
  readonly url: string
  /** The ids of what its couriers were handed, in order. */
  readonly handed: readonly string[]
  /** Settles when it was heard. */
  readonly say: (asked: Asked) => Promise<void>
  /** Sends a signal; settles when the process is gone and all it told was heard. */
  readonly end: (signal: NodeJS.Signals) => Promise<void>
}

const folder = dataFolder()
const name = `takeover_${randomUUID().replaceAll('-', '')}`
const news = new EventTarget()
const alive = new Set<CourierNode>()
let server: PostgresServer

before(async () => {
  server = await postgresServer()
  await server.admin(`CREATE DATABASE ${name}`)
})
after(async () => {
  await Promise.all([...alive].map(node => node.end('SIGKILL')))
  rmSync(folder, { recursive: true, force: true })
})

async function courierNode(settings: Settings = {}): Promise<CourierNode> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'courier-node.ts')], {
    env: {
      PATH: process.env.PATH,
      TWOSTEP_PORT: '0',
      TWOSTEP_DATA_DIR: join(folder, randomUUID()),
      TWOSTEP_KEYRING: join(folder, 'keyring.json'),
      TWOSTEP_DATABASE_URL: server.url(name).reveal(),
      TWOSTEP_OPERATOR_TOKEN: operatorToken,
      TWOSTEP_GRAPH_CALLS_PER_HOUR: '0',
      ...settings,
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const gone = Promise.all([once(child, 'exit'), once(child, 'disconnect')])
  const handed: string[] = []
  let last: Asked | undefined
  const url = await new Promise<string>((resolve, reject) => {
    child.on('message', (told: Told) => {
      if ('listens' in told) resolve(told.listens)
      if ('logged' in told) process.stderr.write(told.logged)
      if ('heard' in told) last = told.heard
      if ('handed' in told) handed.push(told.handed)
      news.dispatchEvent(new Event('news'))
    })
    child.once('exit', code => reject(new Error(`it ended with ${code}`)))
  })
  const node: CourierNode = {
    url,
    handed,
    async say(asked) {
      child.send(asked)
      await heard(() => last === asked)
    },
    async end(signal) {
      alive.delete(node)
      child.kill(signal)
      await gone
    },
  }
  alive.add(node)
  return node
}

const offBy = (milliseconds: number): Settings => ({
  NODE_OPTIONS: `--import "data:text/javascript,const now=Date.now;Date.now=()=>now()+${milliseconds}"`,
})

test('messages leave once while all is well, and from another node when theirs dies', async t => {
  const first = await courierNode()
  const nodes = [
    first,
    ...(await Promise.all([courierNode(), courierNode(offBy(60 * minute)), courierNode(offBy(-60 * minute))])),
  ] as const
  const [one, other, ahead, behind] = nodes as [CourierNode, CourierNode, CourierNode, CourierNode]
  const business = await newBusiness(one.url)
  const all = () => nodes.flatMap(node => node.handed)
  let numbers = 100

  /** Asks for the code of a new number: one message. */
  async function ask(node: CourierNode): Promise<void> {
    numbers += 1
    const id = await addNumber(node.url, business, `7700900${numbers}`)
    const body = { code_method: 'SMS', language: 'en' }
    const asked = await call(node.url, 'POST', `/${id}/request_code`, { token: business.token, body })
    assert.equal(asked.status, 200)
  }

  /** Asks until the node itself is handed `count` more: others may be quicker. Whatever was free before, it has passed. */
  async function takes(node: CourierNode, count: number): Promise<readonly string[]> {
    const before = node.handed.length
    while (node.handed.length < before + count) {
      const known = all().length
      await ask(node)
      await heard(() => all().length > known)
    }
    return node.handed.slice(before)
  }

  await t.test(
    'a node whose clock is an hour ahead, or behind, takes no lease of another, and keeps its own',
    async () => {
      await Promise.all(nodes.map(node => node.say('hold')))
      await Promise.all(Array.from({ length: 24 }, (_, index) => ask(nodes[index % nodes.length] ?? one)))
      await heard(() => new Set(all()).size >= 24)
      for (const node of nodes) await takes(node, 1)
      for (const node of nodes) await takes(node, 1)
      assert.deepEqual(twice(all()), [])
    },
  )

  await t.test('each message leaves once, from whichever node', async () => {
    await Promise.all(nodes.map(node => node.say('release')))
    await settled()
    assert.deepEqual(twice(all()), [])
    assert.deepEqual(await ids('sent'), all().sort())
  })

  await t.test(
    'what a killed node was handing over leaves from another when the lease is over, not before',
    async () => {
      await behind.say('hold')
      const held = await takes(behind, 3)
      await behind.end('SIGKILL')
      for (const node of [one, other, ahead]) await takes(node, 1)
      // Whoever moves the clock ends leases: what is in somebody's hands is settled first.
      await settled(held)
      assert.deepEqual(twice(all()), [])
      await move(one, 'PT30S')
      await heard(() => held.every(id => twice(all()).includes(id)))
      await settled()
      assert.deepEqual(twice(all()), held.toSorted())
    },
  )

  await t.test('what a node committed and did not live to take leaves from another, in moments', async () => {
    const id = await commitAndDie()
    await heard(() => all().includes(id))
    await settled()
    assert.ok((await ids('sent')).includes(id))
  })

  await t.test('what expired while a killed node had it never leaves late', async () => {
    const before = twice(all())
    await ahead.say('hold')
    const held = await takes(ahead, 3)
    await ahead.end('SIGKILL')
    await settled(held)
    await move(other, 'PT10M')
    await settled()
    assert.deepEqual(twice(all()), before)
    assert.deepEqual(await ids('dead'), held.toSorted())
  })

  await t.test('a node that is told to stop finishes what it was handing over, and that leaves once', async () => {
    const before = twice(all())
    await other.say('hold')
    const held = await takes(other, 3)
    const stopped = other.end('SIGTERM')
    await refused(other.url)
    await other.say('release')
    await stopped
    const sent = await ids('sent')
    assert.ok(held.every(id => sent.includes(id)))
    await one.end('SIGTERM')
    assert.deepEqual(await ids('waiting'), [])
    assert.deepEqual(twice(all()), before)
    assert.deepEqual([...(await ids('sent')), ...(await ids('dead'))].sort(), [...new Set(all())].sort())
  })
})

// ——— what is seen

/** Those that were handed over more than once, in order. */
function twice(handed: readonly string[]): readonly string[] {
  return [...new Set(handed.filter((id, at) => handed.indexOf(id) !== at))].sort()
}

const deadline = 10_000

/** Waits until the nodes have told enough. */
async function heard(holds: () => boolean): Promise<void> {
  const signal = AbortSignal.timeout(deadline)
  while (!holds()) await once(news, 'news', { signal })
}

async function ids(state: 'waiting' | 'sent' | 'dead'): Promise<readonly string[]> {
  const from = state === 'waiting' ? 'twostep.waiting_messages' : `twostep.settled_messages WHERE state = '${state}'`
  return (await server.admin(`SELECT id FROM ${from}`, name)).map(row => String(row.id)).sort()
}

/** Waits until no message waits but these. */
async function settled(but: readonly string[] = []): Promise<void> {
  const signal = AbortSignal.timeout(deadline)
  while ((await ids('waiting')).some(id => !but.includes(id))) signal.throwIfAborted()
}

/** Waits until a node takes no more connections. */
async function refused(url: string): Promise<void> {
  const signal = AbortSignal.timeout(deadline)
  const answers = () =>
    fetch(`${url}/healthz`, { headers: { connection: 'close' } }).then(
      reply => reply.ok,
      () => false,
    )
  while (await answers()) signal.throwIfAborted()
}

/** Moves the clock on one node, and waits until the others went along: a lease counts by the clock of who took it. */
async function move(node: CourierNode, by: string): Promise<void> {
  const nowOf = async (on: CourierNode, by: string) => String((await advance(on.url, by)).body.now)
  const moved = await nowOf(node, by)
  const signal = AbortSignal.timeout(deadline)
  for (const each of alive) while ((await nowOf(each, 'PT0S')) < moved) signal.throwIfAborted()
}

/** What a node does that dies right after its commit: one message waits, and nobody was told. Answers its id. */
async function commitAndDie(): Promise<string> {
  const store = await openPostgresStore({ url: Secret.of(server.url(name).reveal()), migrate: false })
  try {
    const now = await store.now()
    const ring = openKeyRing({ file: join(folder, 'keyring.json'), create: false, dice: systemDice, now })
    const hashing = createHashingQueue({ parallel: 1, waiting: 0, now: () => now })
    const secrets = createSecrets({ ring, dice: systemDice, pinParameters: owaspPinParameters, hashing })
    const records = createRecords(store, secrets)
    const id = secrets.newHexId()
    const application = { name: 'x', createdAt: now, seen: now, keyVerifier: '' }
    const subject = records.unborn('application', secrets.newHexId(), application)
    const message = { channel: 'sms', to: '+447700900999', text: 'left behind' } as const
    const messages = [{ id, message, due: now, expires: later(now, 60 * minute) }]
    await records.commit(
      subject,
      { document: subject.document, events: [], messages },
      { at: now, door: 'rest', requestId: undefined },
    )
    return id
  } finally {
    await store.close()
  }
}
