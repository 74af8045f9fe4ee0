import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { keyRotation } from '#actions/key-rotation.ts'
import { createRecords } from '#records/records.ts'
import { systemDice } from '#secrets/dice.ts'
import { openKeyRing } from '#secrets/key-ring.ts'
import { openSqliteStore } from '#storage/sqlite/sqlite-store.ts'
import { call, newBusiness, operatorToken, spawnSandbox, startSandbox, verifiedNumber } from '#test/faces/sandbox.ts'
import { certificate } from '#test/http/wire.ts'
import { folderFor, type Running, start as startCommand, twostep } from './command.ts'
import { business, claimAt, idAt, inFolder, makeNumber, numberAt, secretsOver, start } from './stored.ts'

const rotate = ['keys', 'rotate', '--json']
const many = 1_500

type Row = { id: string; body: Uint8Array }

const full = mkdtempSync(join(tmpdir(), 'twostep-full-'))
after(() => rmSync(full, { recursive: true, force: true }))
before(async () => {
  const { store, records } = await inFolder(full)
  await Promise.all(Array.from({ length: many }, (_, n) => makeNumber(records, n)))
  await store.close()
})

const settingsFor = (url: string) => ({ TWOSTEP_PORT: new URL(url).port, TWOSTEP_OPERATOR_TOKEN: operatorToken })

/** The states of the keys in a folder's ring, in order of their making. */
const keysIn = (folder: string): readonly string[] =>
  [...readFileSync(join(folder, 'keyring.json'), 'utf8').matchAll(/"state":"(\w+)"/g)].map(([, state = '']) => state)

/** Until the new key has taken over and the sweep begins, or the command ended. */
async function untilSweeping(folder: string, { ended }: Running): Promise<void> {
  let over = false
  void ended.then(() => {
    over = true
  })
  while (!over && !keysIn(folder).includes('leaving')) await new Promise(setImmediate)
}

/** Everything in the folder is under the active key, is found, and is listed. */
async function assertRotated(folder: string, keys: readonly string[]): Promise<void> {
  assert.deepEqual(keysIn(folder), keys)
  const ring = openKeyRing({ file: join(folder, 'keyring.json'), create: false, dice: systemDice, now: start })
  const store = await openSqliteStore({ file: join(folder, 'twostep.db') })
  try {
    const secrets = secretsOver(ring, systemDice)
    const records = createRecords(store, secrets)
    const { active } = secrets.keyIds()
    assert.deepEqual(await store.count(active), { documents: many, underOtherKeys: 0 })
    for (let n = 0; n < many; n += 97) {
      assert.equal((await records.find('number', { purpose: 'number', value: numberAt(n) }))?.id, idAt(n))
      assert.equal((await records.find('number', { purpose: 'claim', value: claimAt(n) }))?.id, idAt(n))
    }
    const { listed, more } = await records.page('number', { purpose: 'business', value: business }, { limit: 100 })
    assert.deepEqual([listed.length, more], [100, true])
    assert.equal(await store.dropHandles([active], 9), 0, 'nothing is found by an older key')
  } finally {
    await store.close()
  }
}

test('with no server running it rotates by itself, and says what still stands under the old key', async t => {
  const folder = folderFor(t, full)
  const { code, out, err } = await twostep(folder, ['keys', 'rotate'])
  assert.deepEqual([code, err], [0, ''])
  assert.match(
    out,
    /^Rotated .*twostep\.db: the active key is k\w{5}; every document is sealed and indexed under it\.\n/,
  )
  assert.match(
    out,
    /Still under older keys \(k\w{5}\):\n {2}0 PINs not entered since.*\n {2}1500 journal events: they are never rewritten/,
  )
  assert.match(out, /So keep the older keys: .*\nMake a backup of .*keyring\.json now/)
  await assertRotated(folder, ['retired', 'active'])
})

test('killed in the middle, it is gone on with by the next run, and makes no further key', async t => {
  const folder = folderFor(t, full)
  const running = startCommand(folder, rotate)
  await untilSweeping(folder, running)
  running.kill()
  assert.equal((await running.ended).code, 'SIGKILL')
  assert.deepEqual(keysIn(folder), ['leaving', 'active'])

  const { code, json } = await twostep(folder, rotate)
  assert.equal(code, 0)
  const { resumed, by } = json() as { resumed: boolean; by: string }
  assert.deepEqual([resumed, by], [true, 'command'])
  await assertRotated(folder, ['retired', 'active'])
})

test('through a server under load: all is there before, during and after, and PINs move as they are entered', async () => {
  await using server = await startSandbox()
  const { url, folder, world } = server
  const account = await newBusiness(url)
  const [id, busy] = [
    await verifiedNumber(url, account, '7700900123'),
    await verifiedNumber(url, account, '7700900124'),
  ]
  const post = (path: string, body: object) => call(url, 'POST', `/v25.0/${path}`, { token: account.token, body })
  const register = (pin: string) => post(`${id}/register`, { messaging_product: 'whatsapp', pin })
  assert.equal((await register('271828')).status, 200)
  const verifierOf = async () => {
    const found = await world.records.find('number', { purpose: 'claim', value: id })
    return found?.document.lock.kind === 'set' ? found.document.lock.verifier : ''
  }
  const old = world.secrets.keyIds().active
  assert((await verifierOf()).includes(`$${old}$`))

  const done = new AbortController()
  const load = async (): Promise<number> => {
    let calls = 0
    for (; !done.signal.aborted; calls += 1) {
      const [read, changed, listed] = await Promise.all([
        call(url, 'GET', `/v25.0/${id}`, { token: account.token }),
        post(busy, { pin: `${200_000 + calls}` }),
        call(url, 'GET', `/v25.0/${account.waba}/phone_numbers`, { token: account.token }),
      ])
      assert.deepEqual([read.status, changed.status, listed.status], [200, 200, 200])
      assert.equal((listed.body.data as unknown[]).length, 2)
    }
    return calls
  }
  const loading = load()
  const { code, json, err } = await twostep(folder, rotate, { settings: settingsFor(url) }).finally(() => done.abort())
  assert((await loading) > 0, 'there was load')
  assert.equal(code, 0, err)
  const { by, active, underOlderKeys } = json() as {
    by: string
    active: string
    underOlderKeys: Record<string, unknown>
  }
  assert.deepEqual([by, active], ['server', world.secrets.keyIds().active])
  assert.notEqual(active, old)
  assert.deepEqual([underOlderKeys.keys, underOlderKeys.documents], [[old], 0])
  assert((underOlderKeys.pins as number) >= 1, 'the PIN that nobody entered since')
  assert.equal((await world.records.store.count(active)).underOtherKeys, 0)
  assert.equal(await world.records.store.dropHandles([active], 9), 0)

  await post(`${id}/deregister`, {})
  assert.equal((await register('314159')).status, 400, 'another PIN does not open')
  assert((await verifierOf()).includes(`$${old}$`))
  assert.equal((await register('271828')).status, 200)
  assert((await verifierOf()).includes(`$${active}$`), 'entered right, it is kept under the new key')
})

test('a server that is killed in the middle goes on with it when it starts again', async t => {
  const folder = folderFor(t, full)
  const first = await spawnSandbox(folder)
  const running = startCommand(folder, rotate, { settings: settingsFor(first.url) })
  await untilSweeping(folder, running)
  await first.end('SIGKILL')
  const { code, err } = await running.ended
  assert.equal(code, 2)
  assert.match(err, /server is gone|could not be asked/)
  const second = await spawnSandbox(folder)
  const state = () => call(second.url, 'GET', '/api/v1/operator/keys/rotation', { token: operatorToken })
  while ((await state()).body.state === 'rotating');
  assert.equal(await second.end('SIGTERM'), 0)
  assert.deepEqual(keysIn(folder), ['retired', 'active'])
})

test('the operator token can be typed; one that is wrong is refused, and none shows', async () => {
  await using server = await startSandbox()
  const { folder } = server
  const { TWOSTEP_PORT } = settingsFor(server.url)
  const ask = (stdin: string) => twostep(folder, rotate, { stdin, settings: { TWOSTEP_PORT } })
  const [wrong, none] = await Promise.all([ask('a-wrong-token\n'), ask('')])
  assert.deepEqual([wrong.code, none.code], [2, 2])
  assert.match(wrong.err, /does not take this operator token.*Set TWOSTEP_OPERATOR_TOKEN/)
  assert(!wrong.err.includes('a-wrong-token'))
  assert.match(none.err, /No answer: Operator token/)
  assert.deepEqual(keysIn(folder), ['active'])
  const right = await ask(`${operatorToken}\n`)
  assert.equal(right.code, 0, right.err)
  assert(!`${right.out}${right.err}`.includes(operatorToken))
  assert.deepEqual(keysIn(folder), ['retired', 'active'])
})

test('over TLS the token goes to the server whose certificate is in the settings, and to no other', async t => {
  const files = folderFor(t)
  const written = (name: string) => {
    const { cert, key } = certificate()
    const [TWOSTEP_TLS_CERT, TWOSTEP_TLS_KEY] = [join(files, `${name}.crt`), join(files, `${name}.key`)]
    writeFileSync(TWOSTEP_TLS_CERT, cert)
    writeFileSync(TWOSTEP_TLS_KEY, key.reveal())
    return { TWOSTEP_TLS_CERT, TWOSTEP_TLS_KEY }
  }
  const [own, other] = [written('own'), written('other')]
  await using server = await startSandbox(own)
  const said = (tls: typeof own) => twostep(server.folder, rotate, { settings: { ...settingsFor(server.url), ...tls } })
  const refused = await said(other)
  assert.equal(refused.code, 2)
  assert.match(refused.err, /could not be asked/)
  assert.deepEqual(keysIn(server.folder), ['active'])
  const rotated = await said(own)
  assert.equal(rotated.code, 0, rotated.err)
})

test('a document that does not open keeps the old key, is named, and once mended lets the rotation end', async () => {
  const lines: string[] = []
  await using server = await startSandbox({}, { onLog: line => lines.push(line) })
  const { folder, url } = server
  await verifiedNumber(url, await newBusiness(url), '7700900123')
  const db = new DatabaseSync(join(folder, 'twostep.db'))
  const { id, body } = db.prepare("SELECT id, body FROM documents WHERE kind = 'number'").get() as Row
  const put = db.prepare('UPDATE documents SET body = ? WHERE id = ?')
  put.run(body.toReversed(), id)
  const settings = settingsFor(url)
  const broken = await twostep(folder, rotate, { settings })
  assert.deepEqual([broken.code, keysIn(folder)], [2, ['leaving', 'active']])
  assert.match(broken.err, new RegExp(`document number/${id} does not open.*Run {2}twostep journal verify`))
  assert(lines.some(line => line.includes('upkeep broke') && line.includes(id)))
  put.run(body, id)
  db.close()
  const mended = await twostep(folder, rotate, { settings })
  assert.deepEqual([mended.code, keysIn(folder)], [0, ['retired', 'active']], mended.err)
})

test('what an interrupted rotation left of the old indexes goes when the server resumes, and a rotation asked for meanwhile is not lost', async () => {
  await using server = await startSandbox()
  const { store, world, folder } = server
  const { ring } = world.secrets
  const { active } = world.secrets.keyIds()
  ring.promote(ring.addJoining(start))
  ring.retire(active)
  const broke: Error[] = []
  const rotation = keyRotation(world, { now: () => start }, error => broke.push(error))
  rotation.resume()
  assert.equal(rotation.start().kind, 'rotating')
  while (rotation.state().kind === 'rotating') await new Promise(setImmediate)
  assert.deepEqual([rotation.state(), broke], [{ kind: 'idle', active: world.secrets.keyIds().active }, []])
  assert.deepEqual(keysIn(folder), ['retired', 'retired', 'active'])
  assert.equal(await store.dropHandles([world.secrets.keyIds().active], 9), 0)
})

test('a rotation that a stop cuts short does not pass for one that is over', async () => {
  await using server = await startSandbox()
  const rotation = keyRotation(server.world, { now: () => start }, () => {})
  rotation.start()
  await rotation.stop()
  assert.equal(rotation.state().kind, 'rotating')
})

test('a server that uses another database is not passed by, and not sent the token', async t => {
  const folder = folderFor(t)
  await (await inFolder(folder)).store.close()
  await using server = await startSandbox()
  const { code, err } = await twostep(folder, rotate, { settings: settingsFor(server.url) })
  assert.equal(code, 2)
  assert.match(err, /A Twostep server answers at .*, but it does not use .*twostep\.db\. Nothing was changed/)
  assert.deepEqual([keysIn(folder), keysIn(server.folder)], [['active'], ['active']])
})

test('a database in use whose server does not answer is left alone', async t => {
  const folder = folderFor(t)
  const { store } = await inFolder(folder)
  t.after(() => store.close())
  const { code, err } = await twostep(folder, rotate, { stdin: operatorToken })
  assert.equal(code, 2)
  assert.match(err, /Nobody answers at http:\/\/127\.0\.0\.1:9\..*Check TWOSTEP_HOST and TWOSTEP_PORT/)
  assert.deepEqual(keysIn(folder), ['active'])
})

test('without its database, or with the key ring of another, nothing is made or changed', async t => {
  const [folder, other] = [folderFor(t), folderFor(t)]
  for (const each of [folder, other]) {
    const { store, records } = await inFolder(each)
    await makeNumber(records, 1)
    await store.close()
  }
  copyFileSync(join(other, 'keyring.json'), join(folder, 'keyring.json'))
  const wrong = await twostep(folder, ['keys', 'rotate'])
  assert.deepEqual([wrong.code, keysIn(folder)], [2, ['active']])
  assert.match(wrong.err, /does not open .*It is the ring of another database/)
  rmSync(join(other, 'twostep.db'))
  const none = await twostep(other, ['keys', 'rotate'])
  assert.deepEqual([none.code, keysIn(other)], [2, ['active']])
  assert.match(none.err, /There is no database at/)
})
