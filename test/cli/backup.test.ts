import assert from 'node:assert/strict'
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { coverJournals } from '#records/checkpoint.ts'
import { call, newBusiness, startSandbox, verifiedNumber } from '#test/faces/sandbox.ts'
import { folderFor, twostep } from './command.ts'
import { changeNumber, idAt, inFolder, makeNumber, start } from './stored.ts'

/** A folder with three numbers, a checkpoint and its receipt. */
async function kept(t: TestContext): Promise<string> {
  const folder = folderFor(t)
  const { store, secrets, records } = await inFolder(folder)
  for (let n = 1; n <= 3; n += 1) await makeNumber(records, n)
  for (const receipt of await coverJournals(store, secrets, start)) {
    appendFileSync(join(folder, 'checkpoints.jsonl'), `${JSON.stringify(receipt)}\n`)
  }
  await store.close()
  return folder
}

/** An empty folder with the key ring of another. */
function folderWithRing(t: TestContext, of: string): string {
  const folder = folderFor(t)
  copyFileSync(join(of, 'keyring.json'), join(folder, 'keyring.json'))
  return folder
}

const filesIn = (folder: string) => readdirSync(folder).sort()

test('a backup made under load is restored into an empty folder, a server starts from it, and a PIN opens', async t => {
  const elsewhere = folderFor(t)
  const file = join(elsewhere, 'copy.db')
  let restored: string
  let id: string
  let account: { waba: string; token: string }
  {
    await using server = await startSandbox({ TWOSTEP_CHECKPOINT_INTERVAL: 'PT1S' })
    const { url, folder } = server
    account = await newBusiness(url)
    id = await verifiedNumber(url, account, '7700900123')
    const { token } = account
    const register = { messaging_product: 'whatsapp', pin: '271828' }
    assert.equal((await call(url, 'POST', `/v25.0/${id}/register`, { token, body: register })).status, 200)
    const busy = await verifiedNumber(url, account, '7700900124')
    const done = new AbortController()
    const load = async (): Promise<number> => {
      let calls = 0
      for (; !done.signal.aborted; calls += 1) {
        await call(url, 'POST', `/v25.0/${busy}`, { token, body: { pin: `${200_000 + calls}` } })
      }
      return calls
    }
    const loading = load()
    const { code, out, err } = await twostep(folder, ['backup', file]).finally(() => done.abort())
    assert((await loading) > 0, 'there was load')
    assert.deepEqual([code, err], [0, ''], out)
    assert.match(out, /Everything holds\.\nThe copy is .*copy\.db\. Each page of it was checked/)
    assert.match(out, /The key ring is NOT in it\. Keep a copy of .*keyring\.json too, in another place/)
    assert.deepEqual([filesIn(elsewhere), statSync(file).mode & 0o777], [['copy.db'], 0o600])
    restored = folderWithRing(t, folder)
  }
  const { code, out, err } = await twostep(restored, ['restore', file])
  assert.deepEqual([code, err], [0, ''], out)
  assert.match(out, /Everything holds\.\nRestored to .*twostep\.db\. Start the server\./)

  await using server = await startSandbox({}, { folder: restored })
  const attempt = (pin: string) => {
    const body = { messaging_product: 'whatsapp', pin }
    return call(server.url, 'POST', `/v25.0/${id}/register`, { token: account.token, body })
  }
  await call(server.url, 'POST', `/v25.0/${id}/deregister`, { token: account.token, body: {} })
  assert.equal((await attempt('314159')).status, 400)
  assert.equal((await attempt('271828')).status, 200)
})

test('neither a backup nor a restore writes over what is there', async t => {
  const folder = await kept(t)
  const file = join(folderFor(t), 'copy.db')
  writeFileSync(file, 'something else')
  const over = await twostep(folder, ['backup', file])
  assert.deepEqual([over.code, over.out], [2, ''])
  assert.match(over.err, /copy\.db is there already, and is not overwritten/)
  assert.equal(readFileSync(file, 'utf8'), 'something else')

  rmSync(file)
  assert.equal((await twostep(folder, ['backup', file])).code, 0)
  const before = readFileSync(join(folder, 'twostep.db'))
  const onto = await twostep(folder, ['restore', file])
  assert.deepEqual([onto.code, onto.out], [2, ''])
  assert.match(onto.err, /twostep\.db is there already, and is not overwritten\.\nStop the server and move it away/)
  assert.deepEqual(readFileSync(join(folder, 'twostep.db')), before)
})

test('a restore needs the key ring of the backup, and leaves nothing behind without it', async t => {
  const [folder, other] = [await kept(t), await kept(t)]
  const file = join(folderFor(t), 'copy.db')
  await twostep(folder, ['backup', file])
  const bare = folderFor(t)
  const none = await twostep(bare, ['restore', file])
  assert.match(none.err, /There is no key ring at/)
  const mistaken = folderWithRing(t, other)
  const wrong = await twostep(mistaken, ['restore', file])
  assert.match(wrong.err, /does not open .*copy\.db: .*It is the ring of another database/)
  assert.deepEqual([none.code, wrong.code], [2, 2])
  assert.deepEqual([filesIn(bare), filesIn(mistaken)], [[], ['keyring.json']])
})

test('what is no backup is not restored', async t => {
  const folder = await kept(t)
  const target = folderWithRing(t, folder)
  const letter = join(folderFor(t), 'letter.txt')
  writeFileSync(letter, 'Dear reader, '.repeat(99))
  const refused = async (file: string, words: RegExp) => {
    const { code, err } = await twostep(target, ['restore', file])
    assert.deepEqual([code, filesIn(target)], [2, ['keyring.json']])
    assert.match(err, words)
  }
  await refused(letter, /letter\.txt is not a database/)
  await refused(join(folder, 'none.db'), /There is no database at .*none\.db/)
  const short = join(folderFor(t), 'short.db')
  assert.equal((await twostep(folder, ['backup', short])).code, 0)
  writeFileSync(short, readFileSync(short).subarray(0, 16_384))
  await refused(short, /damaged|is not a database/)
})

test('a copy of a database that was tampered with says so, and is restored only by those who insist', async t => {
  const folder = await kept(t)
  const db = new DatabaseSync(join(folder, 'twostep.db'))
  db.prepare('DELETE FROM journal WHERE id = ?').run(idAt(2))
  db.close()
  const file = join(folderFor(t), 'copy.db')
  const copied = await twostep(folder, ['backup', file])
  assert.equal(copied.code, 1)
  assert.match(copied.out, new RegExp(`number ${idAt(2)}: everything from event 1 on was cut off`))
  assert.match(copied.out, /The copy is kept as evidence\. Do not restore it unseen/)

  const target = folderWithRing(t, folder)
  const refused = await twostep(target, ['restore', file])
  assert.equal(refused.code, 1)
  assert.match(refused.out, /cut off[\s\S]*Nothing was restored/)
  assert.deepEqual(filesIn(target), ['keyring.json'])
  const insisted = await twostep(target, ['restore', file, '--despite-findings'])
  assert.equal(insisted.code, 0)
  assert(existsSync(join(target, 'twostep.db')))
})

test('after a restore, receipts of what the backup does not have are kept aside, and the journal verifies as it goes on', async t => {
  const folder = await kept(t)
  const file = join(folderFor(t), 'copy.db')
  assert.equal((await twostep(folder, ['backup', file])).code, 0)
  const goOn = async () => {
    const { store, secrets, records } = await inFolder(folder)
    await changeNumber(records, idAt(1))
    for (const receipt of await coverJournals(store, secrets, start)) {
      appendFileSync(join(folder, 'checkpoints.jsonl'), `${JSON.stringify(receipt)}\n`)
    }
    await store.close()
  }
  await goOn()
  for (const name of filesIn(folder)) if (name.startsWith('twostep.db')) rmSync(join(folder, name))
  const { code, out, json } = await twostep(folder, ['restore', file, '--json'])
  assert.equal(code, 0, out)
  const aside = String(json().receiptsSetAside)
  assert.equal(readFileSync(aside, 'utf8').split('\n').length, 3)
  await goOn()
  const verified = await twostep(folder, ['journal', 'verify'])
  assert.equal(verified.code, 0, verified.out)
  assert.match(verified.out, /Held against 2 receipts/)
})
