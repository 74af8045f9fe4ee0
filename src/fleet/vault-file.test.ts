import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Secret } from '#secrets/secret.ts'
import { candidates } from './pin-state.ts'
import { readVault } from './vault.ts'

const passphrase = Secret.of('velvet cactus drum harbor nine')
const box = [
  'AdxAs9sXa5of3T/j9Sz/zxIV18MJeUrnTx08WOO2SyCukkVU+UdKTPz2pFU+Mvof48v/sutuYl8MkhYQvFyilbr1qF6ZvE71tr5f',
  'W5RJLtTn1Kc59JV7ckCEgxf9nO6O2m7TYlB4TWCr2IgEi/PtHfy1F3QIDMLOGYnmk4EN87Rh+rb6UzQ6T/q7Y8F42tKvtnfFzsKh',
  'NB2wxxG3I8jn+nBY+7R9J2Yx6xG1FpNXFV7Rto2HrI2UCbjkwrNhP2P2wV8dsruMVdnE43MUieEAdELqZp5I4itusPd6kE3unPna',
  'o06ZrGT767NnzsZpf14ufwLoQGSoAxAgGqL2wp4v6eVadxdH',
].join('')
const file = {
  format: 'twostep-fleet-vault',
  version: 1,
  key: { name: 'argon2id', memoryKiB: 8, passes: 1, lanes: 1, salt: 'dVZ1SD4paq2YQQjJmbqwLQ==' },
  box,
  sha256: 'iQD+5ASzk9RNLBUyYIDNsKadR8nTXQ1FmhiQX1TaPq0=',
}

test('a vault of version 1 opens for as long as there is this program, and one of a later version is told apart', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'twostep-vault-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const name = join(folder, 'fleet.vault')
  writeFileSync(name, JSON.stringify(file), { mode: 0o600 })
  const { server, numbers } = await readVault(name, passphrase)
  const number = numbers.get('7')
  assert.ok(number !== undefined)
  assert.deepEqual([server, number.token.reveal()], ['https://graph.facebook.com/', 'EAAG'])
  assert.deepEqual(
    candidates(number.pin).map(pin => pin.reveal()),
    ['604188', '058227'],
  )
  writeFileSync(name, JSON.stringify({ ...file, version: 2 }))
  await assert.rejects(readVault(name, passphrase), { reason: 'newer' })
})
