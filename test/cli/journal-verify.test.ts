// Whoever can write to the database's file can do all of this to it. Each is found, and the place is named.

import assert from 'node:assert/strict'
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { coverJournals } from '#records/checkpoint.ts'
import { hashOf } from '#records/journal.ts'
import type { JournalRow } from '#storage/store.ts'
import { call, newBusiness, operatorToken, startSandbox, verifiedNumber } from '#test/faces/sandbox.ts'
import { folderFor, twostep } from './command.ts'
import { changeNumber, idAt, inFolder, makeNumber, start } from './stored.ts'

type Row = Record<string, SQLInputValue>

const whole = mkdtempSync(join(tmpdir(), 'twostep-whole-'))
after(() => rmSync(whole, { recursive: true, force: true }))

/** The document of the first number as it was after its second event, when checkpoint 1 was made. */
let older: Row = {}

before(async () => {
  const { store, secrets, records, file } = await inFolder(whole)
  const receipts: object[] = []
  for (let n = 1; n <= 3; n += 1) await makeNumber(records, n)
  for (let round = 0; round < 3; round += 1) {
    for (let n = 1; n <= 3; n += 1) await changeNumber(records, idAt(n))
    receipts.push(...(await coverJournals(store, secrets, start)))
    if (round === 0) older = edit(file, db => db.prepare('SELECT * FROM documents WHERE id = ?').get(idAt(1)) ?? {})
  }
  await store.close()
  writeFileSync(join(whole, 'checkpoints.jsonl'), receipts.map(receipt => `${JSON.stringify(receipt)}\n`).join(''))
})

function edit<Answer>(file: string, work: (db: DatabaseSync) => Answer): Answer {
  const db = new DatabaseSync(file)
  try {
    return work(db)
  } finally {
    db.close()
  }
}

const run =
  (sql: string, ...values: SQLInputValue[]) =>
  (db: DatabaseSync) =>
    db.prepare(sql).run(...values)
const event = 'WHERE id = ? AND sequence = ?'
const subject = { kind: 'number', id: idAt(1) }

function flipBody(db: DatabaseSync): void {
  const row = db.prepare(`SELECT body FROM journal ${event}`).get(idAt(1), 2) as { body: Uint8Array }
  const body = Uint8Array.from(row.body, (byte, at) => (at === 30 ? byte ^ 1 : byte))
  run(`UPDATE journal SET body = ? ${event}`, body, idAt(1), 2)(db)
}

function swap(db: DatabaseSync): void {
  for (const [from, to] of [
    [2, 99],
    [3, 2],
    [99, 3],
  ] as const) {
    run(`UPDATE journal SET sequence = ? ${event}`, to, idAt(1), from)(db)
  }
}

/** Moves an event to another day, and recomputes every hash from there on, as anybody can. */
function moveInTime(db: DatabaseSync): void {
  run(`UPDATE journal SET at = at + 86400000 ${event}`, idAt(1), 2)(db)
  const sql = 'SELECT sequence, at, key_id AS keyId, body, hash FROM journal WHERE id = ? ORDER BY sequence'
  const rows = db.prepare(sql).all(idAt(1)) as unknown as JournalRow[]
  let hash: Uint8Array = new Uint8Array(32)
  for (const row of rows) {
    hash = hashOf(subject, hash, row)
    run(`UPDATE journal SET hash = ? ${event}`, hash, idAt(1), row.sequence)(db)
  }
}

function setDocumentBack(db: DatabaseSync): void {
  const { version = 0, commit_id = '', key_id = '', body = '' } = older
  const sql = 'UPDATE documents SET version = ?, commit_id = ?, key_id = ?, body = ? WHERE id = ?'
  run(sql, version, commit_id, key_id, body, idAt(1))(db)
}

function setSubjectBack(db: DatabaseSync): void {
  setDocumentBack(db)
  run('DELETE FROM journal WHERE id = ? AND sequence > 2', idAt(1))(db)
}

const from2 = '(SELECT body FROM journal WHERE id = ? AND sequence = 2)'
const documentOf2 = '(SELECT body FROM documents WHERE id = ?)'

const tamperings: readonly (readonly [what: string, (db: DatabaseSync) => unknown, finding: object, words: RegExp])[] =
  [
    ['a byte of an event is edited', flipBody, { kind: 'edited', subject, sequence: 2 }, /event 2 was edited/],
    [
      'an event is deleted',
      run(`DELETE FROM journal ${event}`, idAt(1), 2),
      { kind: 'removed', subject, sequence: 2 },
      /event 2 was removed/,
    ],
    ['two events are swapped', swap, { kind: 'reordered', subject, sequence: 2 }, /event 2 was reordered/],
    [
      'the tail is cut off',
      run('DELETE FROM journal WHERE id = ? AND sequence > 2', idAt(1)),
      { kind: 'cut_off', subject, sequence: 3 },
      /everything from event 3 on was cut off/,
    ],
    [
      'an event is moved in time, and all hashes recomputed',
      moveInTime,
      { kind: 'unreadable', subject, sequence: 2 },
      /event 2 was replaced/,
    ],
    [
      'an event is copied over another subject’s',
      run(`UPDATE journal SET body = ${from2} ${event}`, idAt(2), idAt(1), 2),
      { kind: 'edited', subject, sequence: 2 },
      /event 2 was edited/,
    ],
    [
      'a document is copied over another subject’s',
      run(`UPDATE documents SET body = ${documentOf2} WHERE id = ?`, idAt(2), idAt(1)),
      { kind: 'document_unreadable', subject },
      /its document does not open/,
    ],
    [
      'a look-up is deleted, so that the number looks new',
      run('DELETE FROM handles WHERE id = ?', idAt(1)),
      { kind: 'lookup_removed', subject },
      /is not found any more/,
    ],
    [
      'a look-up is led to another subject',
      run('UPDATE handles SET id = ? WHERE id = ?', idAt(2), idAt(1)),
      { kind: 'lookup_removed', subject },
      /is not found any more/,
    ],
    [
      'a document is deleted',
      run('UPDATE documents SET body = NULL, key_id = NULL WHERE id = ?', idAt(1)),
      { kind: 'document_missing', subject },
      /its document was removed/,
    ],
    [
      'a document is set back, and its journal left',
      setDocumentBack,
      { kind: 'document_set_back', subject, sequence: 3 },
      /its document was set back to one that knows nothing of event 3/,
    ],
    [
      'a document is set back together with its journal',
      setSubjectBack,
      { kind: 'rewritten', subject, sequence: 3, number: 2 },
      /rewritten from event 3 on, .* checkpoint 2 signed another one/,
    ],
    [
      'the newest checkpoints are deleted',
      run('DELETE FROM checkpoints WHERE number > 1'),
      { kind: 'checkpoint_removed', number: 2 },
      /Checkpoint 2 was removed/,
    ],
    [
      'a checkpoint in the middle is deleted',
      run('DELETE FROM checkpoints WHERE number = 2'),
      { kind: 'checkpoint_removed', number: 2 },
      /Checkpoint 2 was removed/,
    ],
    [
      'a checkpoint is edited',
      run("UPDATE checkpoints SET body = CAST(replace(CAST(body AS TEXT), ',2,', ',1,') AS BLOB) WHERE number = 1"),
      { kind: 'checkpoint_edited', number: 1 },
      /Checkpoint 1 was edited/,
    ],
  ]

for (const [what, tamper, finding, words] of tamperings) {
  test(`found and named: ${what}`, async t => {
    const folder = folderFor(t, whole)
    edit(join(folder, 'twostep.db'), tamper)
    const { code, json } = await twostep(folder, ['journal', 'verify', '--json'])
    const { holds, findings } = json() as { holds: boolean; findings: { words: string }[] }
    assert.deepEqual(
      findings.map(({ words: _, ...rest }) => rest),
      [finding],
    )
    assert.match(findings[0]?.words ?? '', words)
    assert.deepEqual([code, holds], [1, false])
  })
}

test('an untouched store holds, and the command says what it read', async t => {
  const folder = folderFor(t, whole)
  const { code, out, err } = await twostep(folder, ['journal', 'verify'])
  assert.deepEqual([code, err], [0, ''])
  assert.match(out, /^Read 3 subjects, 12 events, 3 checkpoints\.\nHeld against 3 receipts of .*checkpoints\.jsonl\.\n/)
  assert.match(out, /Everything holds\.\n$/)
})

test('what does not hold is told in words, with the subject', async t => {
  const folder = folderFor(t, whole)
  edit(join(folder, 'twostep.db'), flipBody)
  const { code, out } = await twostep(folder, ['journal', 'verify'])
  assert.equal(code, 1)
  assert.match(out, new RegExp(`This does not hold:\n  number ${idAt(1)}: event 2 was edited\\.\n$`))
})

test('deleted checkpoints show by receipts kept elsewhere; without any, the command says that it cannot tell', async t => {
  const folder = folderFor(t, whole)
  const elsewhere = join(folderFor(t), 'kept.jsonl')
  copyFileSync(join(folder, 'checkpoints.jsonl'), elsewhere)
  rmSync(join(folder, 'checkpoints.jsonl'))
  edit(join(folder, 'twostep.db'), run('DELETE FROM checkpoints WHERE number = 3'))
  const blind = await twostep(folder, ['journal', 'verify'])
  assert.match(blind.out, /No receipts were at hand: .* cannot be told/)
  const { code, out } = await twostep(folder, ['journal', 'verify', '--receipts', elsewhere])
  assert.equal(code, 1)
  assert.match(out, /Checkpoint 3 was removed/)
})

test('a receipt that a crash cut short is passed over, and told', async t => {
  const folder = folderFor(t, whole)
  writeFileSync(join(folder, 'checkpoints.jsonl'), '{"number":4,"ha', { flag: 'a' })
  const { code, out } = await twostep(folder, ['journal', 'verify'])
  assert.equal(code, 0)
  assert.match(out, /1 line of it cannot be read/)
})

test('what keeps it from running is said with what to do, and is no finding', async t => {
  const refused = async (prepare: (folder: string) => void, words: RegExp, ...args: string[]) => {
    const folder = folderFor(t, whole)
    prepare(folder)
    const { code, out, err } = await twostep(folder, ['journal', 'verify', ...args])
    assert.deepEqual([code, out], [2, ''], err)
    assert.match(err, words)
  }
  const other = folderFor(t)
  await (await inFolder(other)).store.close()
  await Promise.all([
    refused(folder => rmSync(join(folder, 'twostep.db')), /There is no database at .*twostep\.db\. Check the path/),
    refused(folder => writeFileSync(join(folder, 'twostep.db'), 'Dear reader, '.repeat(99)), /is not a database/),
    refused(folder => rmSync(join(folder, 'keyring.json')), /There is no key ring at .*keyring\.json/),
    refused(folder => chmodSync(join(folder, 'keyring.json'), 0o644), /open to other users .*chmod 600/),
  ])
  await Promise.all([
    refused(
      folder => copyFileSync(join(other, 'keyring.json'), join(folder, 'keyring.json')),
      /keyring\.json does not open .*twostep\.db: .* It is the ring of another database.*\nName the right one/,
    ),
    refused(
      () => {},
      /receipts .*none\.jsonl cannot be read \(ENOENT\)\.\nName the file with --receipts/,
      '--receipts',
      'none.jsonl',
    ),
    refused(() => {}, /unknown option '--quick'/, '--quick'),
  ])
})

test('with --json, what keeps it from running is JSON too', async t => {
  const { code, err } = await twostep(folderFor(t), ['journal', 'verify', '--json'])
  assert.equal(code, 2)
  assert.equal(JSON.parse(err).error.reason, 'key_ring_missing')
})

test('beside a server under load, whose keys rotate meanwhile, there is no false alarm', async () => {
  await using server = await startSandbox({ TWOSTEP_CHECKPOINT_INTERVAL: 'PT1S' })
  const { url, folder } = server
  const account = await newBusiness(url)
  const id = await verifiedNumber(url, account, '7700900123')
  const done = new AbortController()
  const load = async (): Promise<number> => {
    let calls = 0
    for (; !done.signal.aborted; calls += 1) {
      const body = calls % 2 === 0 ? { pin: '271828' } : { pin: `${100_000 + calls}` }
      await call(url, 'POST', `/v25.0/${id}`, { token: account.token, body })
    }
    return calls
  }
  const loads = [load(), load()]
  try {
    for (let round = 0; round < 3; round += 1) {
      const [said] = await Promise.all([
        twostep(folder, ['journal', 'verify', '--json']),
        call(url, 'POST', '/api/v1/operator/keys/rotation', { token: operatorToken }),
      ])
      assert.deepEqual([said.code, said.err], [0, ''], said.out)
    }
  } finally {
    done.abort()
  }
  assert(
    (await Promise.all(loads)).every(calls => calls > 0),
    'there was load',
  )
})
