// The commands of a fleet, from the list to the PIN, against a running sandbox: what people do, and what goes wrong.

import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openVault, readVault } from '#fleet/vault.ts'
import { systemDice } from '#secrets/dice.ts'
import { Secret } from '#secrets/secret.ts'
import { call, newBusiness, startSandbox, verifiedNumber } from '#test/faces/sandbox.ts'
import { fleet, fleetFolder, newVault, passphrase } from './house.ts'

const folder = fleetFolder(after)
const sandbox = await startSandbox()
after(() => sandbox[Symbol.asyncDispose]())
const { url } = sandbox
const bakery = await newBusiness(url)
const old = '058227'
let made = 0

/** Ids of numbers whose ownership is proved. */
async function proved(many: number): Promise<readonly string[]> {
  const ids: string[] = []
  for (let at = 0; at < many; at += 1) {
    made += 1
    ids.push(await verifiedNumber(url, bakery, String(7_700_900_500 + made)))
  }
  return ids
}

const post = (id: string, edge: string, body: object) =>
  call(url, 'POST', `/v25.0/${id}${edge}`, { token: bakery.token, body })
const register = (id: string, pin: string) => post(id, '/register', { messaging_product: 'whatsapp', pin })

/** A list in a file, one number a line. */
function list(name: string, ids: readonly string[], { token = bakery.token, pin = '' } = {}): string {
  const file = join(folder, name)
  const rows = ids.map((id, at) => `${id},${token},${pin},Shop ${at + 1}`)
  writeFileSync(file, `phone_number_id,access_token,pin,name\n${rows.join('\n')}\n`)
  return file
}

/** A vault with these numbers, and its commands. */
async function house(name: string, ids: readonly string[], of: { token?: string; pin?: string } = {}) {
  const vault = await newVault(join(folder, `${name}.vault`), `${url}/`)
  const run = (args: readonly string[], options: Parameters<typeof fleet>[1] = {}) =>
    fleet([...args, '--vault', vault], options)
  assert.equal((await run(['import', list(`${name}.csv`, ids, of)])).code, 0)
  const number = async (id: string) => {
    const number = (await readVault(vault, passphrase)).numbers.get(id)
    assert.ok(number !== undefined)
    return number
  }
  const pin = async (id: string): Promise<string> => {
    const { pin } = await number(id)
    assert.ok(pin.kind === 'kept', pin.kind)
    return pin.pin.reveal()
  }
  return { vault, run, number, pin }
}

test('from a list to PINs that are registered, rotated and proved, with nothing secret on the screen or on the disk', async () => {
  const ids = await proved(3)
  const [first = ''] = ids
  const { vault, run, pin } = await house('life', ids, { pin: old })
  assert.equal(statSync(vault).mode & 0o777, 0o600)
  const said = [
    await run(['register']),
    await run(['rotate']),
    await run(['rotate', '--dry-run', '--older-than', '1d']),
    await run(['prove', '--json']),
    await run(['register']),
    await run(['status']),
    await run(['status', '--json']),
  ]
  assert.deepEqual(
    said.map(({ code, err }) => [code, err]),
    said.map(() => [0, '']),
  )
  const [registered, rotated, dry, provedThem, again, status] = said.map(({ out }) => out)
  assert.match(registered ?? '', /^Registered 3 numbers\.$/m)
  assert.match(rotated ?? '', /^Gave a new PIN to 3 numbers\.$/m)
  assert.match(dry ?? '', /^0 numbers would get a new PIN\. Nothing was sent\.$/m)
  assert.deepEqual(JSON.parse(provedThem ?? ''), { numbers: ids.map(id => ({ id, ending: 'proved' })) })
  assert.match(again ?? '', /^Registered 0 numbers; 3 had it already\.$/m)
  assert.match(status ?? '', new RegExp(`${first} +Shop 1 +kept +0 +20\\d\\d-\\d\\d-\\d\\d +8$`, 'm'))
  const pins = await Promise.all(ids.map(pin))
  assert.equal((await register(first, pins[0] ?? '')).status, 200)
  assert.equal(new Set([old, ...pins]).size, 4)
  const shown = said.map(({ out, err }) => out + err).join('') + readFileSync(vault, 'utf8')
  for (const secret of [old, bakery.token, passphrase.reveal(), ...pins]) assert.ok(!shown.includes(secret))
})

test('the same list twice changes nothing, and an old list undoes no rotation', async () => {
  const ids = await proved(2)
  const [first = ''] = ids
  const { run, vault, pin } = await house('lists', ids, { pin: old })
  const file = join(folder, 'lists.csv')
  const before = readFileSync(vault, 'utf8')
  assert.match((await run(['import', file])).out, /0 new, 0 changed, 2 as they were\.\nDelete .*lists\.csv now/)
  assert.equal(readFileSync(vault, 'utf8'), before)
  assert.equal((await run(['register'])).code, 0)
  assert.equal((await run(['rotate'])).code, 0)
  const rotated = await pin(first)
  const late = await run(['import', file])
  assert.match(late.out, /2 PINs of the file are not what the vault knows, and the vault’s stayed/)
  assert.equal(await pin(first), rotated)
  writeFileSync(file, 'phone_number_id,access_token,pin\n7,EAAG,12345\n8,,\n')
  const wrong = await run(['import', file])
  assert.equal(wrong.code, 1)
  assert.match(wrong.out, /lists\.csv:2: pin has fewer than six digits.*\nNothing was imported\./)
  writeFileSync(file, 'phone_number_id,access_token\n7,EAAG\n8,\n')
  assert.match(
    (await run(['import', file])).out,
    /lists\.csv:3: access_token is empty, and this number is not in the vault/,
  )
  assert.equal((await readVault(vault, passphrase)).numbers.size, 2)
})

test('a PIN that somebody else changed is found out by one registration, never guessed at again, and replaced when a person says so', async () => {
  const [id = ''] = await proved(1)
  const { run, number, pin } = await house('elsewhere', [id], { pin: old })
  assert.equal((await run(['register'])).code, 0)
  assert.equal((await post(id, '', { pin: '604188' })).status, 200)
  const found = await run(['prove'])
  assert.equal(found.code, 1)
  assert.match(found.out, /somebody else changed its PIN \(133005\)/)
  const spent = (await number(id)).registrations.length
  for (const args of [['prove'], ['rotate'], ['import', join(folder, 'elsewhere.csv')]]) {
    await run(args)
    assert.equal((await number(id)).pin.kind, 'contradicted', args.join())
  }
  assert.equal((await number(id)).registrations.length, spent)
  const status = await run(['status'])
  assert.equal(status.code, 1)
  assert.match(status.out, /somebody else changed its PIN.*\n {2}Find out who\..*\n1 number of 1 need a person/)
  // It was still the other one's until now.
  assert.equal((await register(id, '604188')).status, 200)
  assert.equal((await run(['rotate', '--only', id])).code, 0)
  assert.equal((await run(['prove'])).code, 0)
  assert.equal((await register(id, await pin(id))).status, 200)
})

test('a number with a PIN that the vault does not know is not registered on a guess', async () => {
  const [id = ''] = await proved(1)
  assert.equal((await register(id, '604188')).status, 200)
  await post(id, '/deregister', {})
  const { run, number } = await house('unknown', [id])
  for (const args of [['register'], ['rotate'], ['prove']]) {
    const { code, out } = await run(args)
    assert.deepEqual([code, /it has a PIN that this vault does not know/.test(out)], [1, true], args.join())
  }
  assert.deepEqual((await number(id)).registrations, [])
  writeFileSync(join(folder, 'unknown.csv'), `phone_number_id,pin\n${id},604188\n`)
  assert.equal((await run(['import', join(folder, 'unknown.csv')])).code, 0)
  assert.equal((await run(['register'])).code, 0)
})

test('a number that was registered too often is left alone until the server takes it again', async () => {
  const [id = ''] = await proved(1)
  const { run, number, pin } = await house('limit', [id])
  assert.equal((await run(['register'])).code, 0)
  const right = await pin(id)
  for (let time = 2; time <= 10; time += 1) assert.equal((await register(id, right)).status, 200)
  const first = await run(['prove', '--json'])
  assert.equal(first.code, 1)
  const { numbers } = JSON.parse(first.out) as { numbers: { need: string; code: number; until: string }[] }
  const [refused] = numbers
  assert.deepEqual([refused?.need, refused?.code], ['registration_limit', 133016])
  const wait = Date.parse(refused?.until ?? '') - Date.now()
  assert.ok(Math.abs(wait / 3_600_000 - 72) < 0.1, refused?.until)
  const sent = (await number(id)).registrations.length
  const second = await run(['prove'])
  assert.match(second.out, /registered ten times in 72 hours.*\(133016\), until 20\d\d-/)
  assert.equal((await number(id)).registrations.length, sent, 'nothing was sent')
  assert.match((await run(['status'])).out, / 0$/m)
  assert.equal((await run(['rotate'])).code, 0, 'a new PIN costs no registration')
})

test('a token that is not accepted any more stops its numbers and no others, and a new one in a list mends it', async () => {
  const ids = await proved(3)
  const { run, vault } = await house('token', ids.slice(0, 2), { token: 'EAAGvoid' })
  assert.equal((await run(['import', list('good.csv', ids.slice(2))])).code, 0)
  const { code, out } = await run(['register'])
  assert.equal(code, 1)
  assert.match(
    out,
    /Registered 1 number\.\n.*access token is not accepted any more \(190\).*import that again\.\n {2}1 more number was left alone/,
  )
  assert.equal((await run(['import', list('mended.csv', ids.slice(0, 2))])).code, 0)
  assert.equal((await run(['register'])).code, 0)
  assert.equal((await run(['status'])).code, 0)
  assert.equal([...(await readVault(vault, passphrase)).numbers.values()].filter(({ need }) => need).length, 0)
})

test('of two runs at once one works and the other says so, and status looks on', async () => {
  const [id = ''] = await proved(1)
  const { run, vault } = await house('twice', [id], { pin: old })
  {
    using _ = await openVault(vault, passphrase, systemDice)
    assert.match((await run(['rotate'])).err, /Another run works on the vault/)
    assert.equal((await run(['status'])).code, 0)
  }
  assert.equal((await run(['register'])).code, 0)
  const both = await Promise.all([run(['rotate']), run(['rotate'])])
  assert.deepEqual(both.map(({ code }) => code).sort(), [0, 2], both.map(({ out, err }) => out + err).join())
})

test('a vault that is torn, changed, open to others, of another passphrase or not to be written is refused with the way out', async () => {
  const [id = ''] = await proved(1)
  const { run, vault } = await house('torn', [id], { pin: old })
  const whole = readFileSync(vault, 'utf8')
  const refused = async (words: RegExp, args = ['status']) => {
    const { code, out, err } = await run(args)
    assert.deepEqual([code, out], [2, ''])
    assert.match(err, words)
  }
  const damaged = /is damaged: .*\nPut the file back from your backup/
  for (const torn of [
    '',
    whole.slice(0, whole.length / 2),
    whole.replace(/"box":"..../, '"box":"AAAA'),
    '{"format":1}',
  ]) {
    writeFileSync(vault, torn)
    await refused(damaged)
  }
  const file = JSON.parse(whole) as { key: { memoryKiB: number } }
  for (const memoryKiB of [9, 1e9]) {
    writeFileSync(vault, JSON.stringify({ ...file, key: { ...file.key, memoryKiB } }))
    await refused(memoryKiB === 9 ? /does not open/ : damaged)
  }
  writeFileSync(vault, whole)
  chmodSync(vault, 0o644)
  await refused(/open to other users.*\nClose it: {2}chmod 600/)
  chmodSync(vault, 0o600)
  const other = join(folder, 'other-passphrase')
  writeFileSync(other, 'copper lantern orbit mango seven\n')
  await refused(/This passphrase does not open/, ['status', '--passphrase-file', other])
  // Where its next version would be written, nothing can be.
  mkdirSync(`${vault}.new`)
  await refused(/cannot be written .*\nIts folder must be yours/, ['rotate'])
  rmSync(`${vault}.new`, { recursive: true })
  assert.equal((await run(['register'])).code, 0)
  rmSync(vault)
  await refused(/There is no vault at .*\nMake one: {2}twostep fleet init/)
})

test('init makes a vault for its owner only, over nothing that is there, and takes no passphrase that is guessed at first', async () => {
  const vault = join(folder, 'new.vault')
  const init = (server: string, phrase = passphrase.reveal()) => {
    const file = join(folder, 'phrase')
    writeFileSync(file, `${phrase}\n`)
    return fleet(['init', '--vault', vault, '--server', server, '--passphrase-file', file])
  }
  for (const weak of ['short', 'password password', '123456789012345678', 'aaaaaaaaaaaaaaaaaaaa']) {
    const { code, err } = await init(url, weak)
    assert.deepEqual([code, /^This passphrase .*\nTake five or more words/.test(err)], [2, true], err)
  }
  assert.match((await init('http://graph.example.com')).err, /would go to graph\.example\.com unencrypted/)
  assert.match((await init('https://name:word@graph.example.com')).err, /address cannot be read/)
  assert.ok(!existsSync(vault))
  const { code, out } = await init(url)
  assert.equal(code, 0)
  assert.match(out, /Made the vault .*new\.vault for numbers on http:\/\/127\.0\.0\.1:\d+\/\./)
  assert.equal(statSync(vault).mode & 0o777, 0o600)
  assert.match(readFileSync(vault, 'utf8'), /"name":"argon2id","memoryKiB":65536,"passes":3,"lanes":4/)
  assert.match((await init(url)).err, /There is a file at .* already/)
})

test('tokens go to the server of the vault, whatever the environment says', async () => {
  const [id = ''] = await proved(1)
  const { run } = await house('server', [id], { pin: old })
  const { code, err } = await run(['register'], { env: { WA_BASE_URL: 'https://graph.facebook.com' } })
  assert.equal(code, 2)
  assert.match(
    err,
    /on http:\/\/127\.0\.0\.1:\d+\/, and WA_BASE_URL says https:\/\/graph\.facebook\.com\/\. Nothing was sent\./,
  )
  assert.equal((await run(['register'], { env: { WA_BASE_URL: url } })).code, 0)
})

test('a setting of the client that is none stops a run before anything is written down', async t => {
  const [id = ''] = await proved(1)
  const { run, vault } = await house('environment', [id], { pin: old })
  const before = readFileSync(vault, 'utf8')
  process.env.CLOUD_API_VERSION = 'latest'
  t.after(() => delete process.env.CLOUD_API_VERSION)
  const { code, err } = await run(['register'])
  assert.equal(code, 2)
  assert.match(err, /^version: write a version of the Graph API.*\nIt was read from the environment/)
  assert.equal(readFileSync(vault, 'utf8'), before)
})

test('a PIN is shown to who types the end of its id, and a new passphrase is the only one that opens from then on', async () => {
  const [id = ''] = await proved(1)
  const { run, vault } = await house('export', [id], { pin: old })
  const shown = await run(['export', id], { lines: [id.slice(-4)] })
  assert.deepEqual([shown.code, shown.out], [0, `${old}\n`])
  for (const lines of [['0000'], []]) {
    const { code, out } = await run(['export', id], { lines })
    assert.deepEqual([code, out], [2, ''])
  }
  const next = 'copper lantern orbit mango seven'
  assert.equal((await run(['passphrase'], { lines: ['password'] })).code, 2)
  assert.equal((await run(['passphrase'], { lines: [next] })).code, 0)
  assert.equal((await run(['status'])).code, 2)
  assert.equal((await readVault(vault, Secret.of(next))).numbers.size, 1)
})

test('whoever watches sees a bar, and a server that asks to slow down is left alone', async () => {
  const graph = createServer((_, reply) => {
    reply.writeHead(429, { 'content-type': 'application/json', 'retry-after': '3600' })
    reply.end('{"error":{"message":"(#80007) Rate limit","type":"OAuthException","code":80007,"fbtrace_id":"A"}}')
  })
  let asked = 0
  graph.on('request', () => {
    asked += 1
  })
  await new Promise<void>(resolve => graph.listen(0, '127.0.0.1', resolve))
  try {
    const vault = await newVault(
      join(folder, 'slow.vault'),
      `http://127.0.0.1:${(graph.address() as AddressInfo).port}/`,
    )
    const ids = Array.from({ length: 50 }, (_, at) => String(1_000 + at))
    assert.equal((await fleet(['import', list('slow.csv', ids), '--vault', vault])).code, 0)
    const { code, out, err } = await fleet(['rotate', '--take-over', '--vault', vault], { isWatched: true })
    assert.equal(code, 1)
    assert.match(err, /Rotating PINs \[#{30}\] 100 % {2}50\/50/)
    assert.match(out, /the server asks to slow down \(80007\), until 20\d\d-.*\n {2}49 more numbers were left alone/)
    assert.equal(asked, 1)
    assert.match((await fleet(['status', '--vault', vault])).out, /A rotation was interrupted\./)
  } finally {
    graph.close()
  }
})

test('ids that are not in the vault, and words that cannot be read, stop a run before anything is sent', async () => {
  const [id = ''] = await proved(1)
  const { run } = await house('words', [id], { pin: old })
  for (const [args, words] of [
    [['rotate', '--only', '7', id], /Not in the vault .*: 7\. Nothing was sent\./],
    [['rotate', '--older-than', 'soon'], /Write days, such as 90d\./],
    [['rotate', '--older-than', '9d', '--resume'], /Take one of them\./],
    [['import', join(folder, 'nowhere.csv')], /cannot be read \(ENOENT\)/],
  ] as const) {
    const { code, err } = await run(args)
    assert.equal(code, 2)
    assert.match(err, words)
  }
})

test('the help of each command has an example that can be typed, and its exit codes', async () => {
  const { out } = await fleet(['--help'])
  for (const command of ['init', 'import', 'register', 'rotate', 'prove', 'status', 'export', 'passphrase']) {
    assert.match(out, new RegExp(`^ {2}${command} `, 'm'))
    const help = await fleet([command, '--help'])
    assert.equal(help.code, 0)
    assert.match(help.out, new RegExp(`Examples:\n(?:.*\n)*.*twostep fleet ${command}(?:.*\n)*Exit codes:`))
    assert.match(help.out, /--json .*\n(?:.*\n)*.*--vault/)
  }
})
