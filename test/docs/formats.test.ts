// What the page of formats prints to verify a journal without our code: it holds where the journal does, and finds what was done.

import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { coverJournals } from '#records/checkpoint.ts'
import { changeNumber, idAt, inFolder, makeNumber, start } from '../cli/stored.ts'
import { blocksOf } from './blocks.ts'

const [block] = blocksOf('docs/formats/README.md').filter(({ language }) => language === 'js')

type Broken = (file: string, keys: Readonly<Record<string, string>>, receipts?: readonly string[]) => readonly string[]

test('the printed program finds nothing in a journal that holds, and each place of one that was changed', async () => {
  const { broken }: { broken: Broken } = await import(`data:text/javascript,${encodeURIComponent(block?.text ?? '')}`)
  const folder = mkdtempSync(join(tmpdir(), 'twostep-formats-'))
  try {
    const { store, secrets, records, file } = await inFolder(folder)
    const receipts: string[] = []
    for (let n = 1; n <= 2; n += 1) await makeNumber(records, n)
    for (let round = 0; round < 2; round += 1) {
      for (let n = 1; n <= 2; n += 1) await changeNumber(records, idAt(n))
      receipts.push(...(await coverJournals(store, secrets, start)).map(receipt => JSON.stringify(receipt)))
    }
    const keys = Object.fromEntries(secrets.publicKeys().map(({ keyId, pem }) => [keyId, pem]))
    await store.close()
    assert.deepEqual(broken(file, keys, receipts), [])

    const subject = idAt(1)
    const done: readonly (readonly [sql: string, first: string])[] = [
      [`UPDATE journal SET body = zeroblob(length(body)) WHERE id = '${subject}' AND sequence = 2`, `/${subject}/2`],
      [`UPDATE journal SET at = at + 1 WHERE id = '${subject}' AND sequence = 1`, `/${subject}/1`],
      [`DELETE FROM journal WHERE id = '${subject}' AND sequence = 2`, `/${subject}/3`],
      [`DELETE FROM journal WHERE id = '${subject}' AND sequence = 3`, `/${subject}/3`],
      ['DELETE FROM checkpoints WHERE number = 2', 'checkpoint 2'],
      ['DELETE FROM checkpoints WHERE number = 1', 'checkpoint 2'],
      [
        'UPDATE checkpoints SET body = CAST(replace(CAST(body AS TEXT), \'"at":\', \'"at":1\') AS BLOB) WHERE number = 1',
        'checkpoint 1',
      ],
    ]
    for (const [sql, first] of done) {
      const changed = join(folder, 'changed.db')
      copyFileSync(file, changed)
      const database = new DatabaseSync(changed)
      database.exec(sql)
      database.close()
      assert((broken(changed, keys, receipts)[0] ?? '').endsWith(first), `${sql}: ${broken(changed, keys, receipts)}`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
