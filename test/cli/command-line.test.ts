import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { askLine } from '#cli/terminal.ts'
import { describeSettings } from '#config'
import { folderFor, start, twostep } from './command.ts'
import { tickingClock } from './stored.ts'

const nowhere = '.'

test('help names every command, what it exits with, and where settings come from', async () => {
  const { code, out, err } = await twostep(nowhere, ['--help'])
  assert.deepEqual([code, err], [0, ''])
  for (const command of [
    'serve',
    'init',
    'migrate',
    'journal',
    'keys',
    'backup',
    'restore',
    'copy',
    'settings',
    'deliver',
    'dead-letters',
    'doctor',
  ]) {
    assert.match(out, new RegExp(`^ {2}${command} `, 'm'))
  }
  assert.match(out, /Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 /)
  assert.match(out, /Settings come from the environment/)
})

test('the version is the one that the package says', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  for (const flag of ['--version', '-V']) {
    const { code, out, err } = await twostep(nowhere, [flag])
    assert.deepEqual([code, out, err], [0, `${version}\n`, ''])
  }
})

test('the help of each command has an example that can be typed, and its exit codes', async () => {
  for (const command of [
    ['journal', 'verify'],
    ['keys', 'rotate'],
    ['restore'],
    ['copy'],
    ['deliver', 'test'],
    ['dead-letters', 'list'],
    ['doctor'],
  ]) {
    const { code, out } = await twostep(nowhere, [...command, '--help'])
    assert.equal(code, 0)
    assert.match(out, new RegExp(`Examples:\n(?:.*\n)*.*twostep ${command.join(' ')}`))
    assert.match(out, /--json .*\n(?:.*\n)*Exit codes:/)
  }
})

test('a mistyped command is refused with a suggestion', async () => {
  const { code, out, err } = await twostep(nowhere, ['restor'])
  assert.deepEqual([code, out], [2, ''])
  assert.match(err, /unknown command 'restor'\n\(Did you mean restore\?\)\nAdd --help/)
})

test('settings that cannot be used are told, with where to read of them', async () => {
  const { code, err } = await twostep(nowhere, ['journal', 'verify'], { settings: { TWOSTEP_PROT: '1' } })
  assert.equal(code, 2)
  assert.match(err, /TWOSTEP_PROT: there is no such setting.*\ntwostep settings {2}lists every setting/)
})

test('the reference of the settings is printed as it is, and as JSON by name', async () => {
  const [plain, json] = await Promise.all([twostep(nowhere, ['settings']), twostep(nowhere, ['settings', '--json'])])
  assert.equal(plain.out, describeSettings())
  const { settings } = json.json() as { settings: { name: string; secret: boolean; reason: string }[] }
  assert.equal(settings.length, describeSettings().trimEnd().split('\n').length - 2)
  for (const { name, reason } of settings) assert(/^TWOSTEP_[A-Z_]+$/.test(name) && reason.length > 10, name)
  assert.deepEqual(
    settings.filter(({ secret }) => secret).map(({ name }) => name),
    ['DATABASE_URL', 'OPERATOR_TOKEN', 'METRICS_TOKEN', 'SMTP_URL', 'SMS_PROVIDERS', 'VOICE_PROVIDERS'].map(
      each => `TWOSTEP_${each}`,
    ),
  )
})

test('init makes one key ring, for its owner only, and never where one or a database is', async t => {
  const folder = folderFor(t)
  const made = await twostep(folder, ['init'])
  assert.equal(made.code, 0, made.err)
  assert.match(made.out, /Made the key ring .*keyring\.json with the key k\w{5}/)
  assert.equal(statSync(join(folder, 'keyring.json')).mode & 0o777, 0o600)
  const again = await twostep(folder, ['init'])
  assert.equal(again.code, 2)
  assert.match(again.err, /is there already, and is not overwritten/)
  const lost = {
    TWOSTEP_DATABASE_URL: `sqlite:${join(folder, 'keyring.json')}`,
    TWOSTEP_KEYRING: join(folder, 'new.json'),
  }
  const over = await twostep(folder, ['init'], { settings: lost })
  assert.equal(over.code, 2)
  assert.match(over.err, /There is a database .* A new one would not open it\.\nPut the key ring back/)
  assert.deepEqual(readdirSync(folder), ['keyring.json'])
})

test('serve starts the server that npm start does, and stops when told', async t => {
  const folder = folderFor(t)
  const running = start(folder, ['serve'], { settings: { TWOSTEP_PORT: '0' } })
  const [url = ''] = await running.said(/http:\/\/127\.0\.0\.1:\d+/)
  assert.equal((await fetch(`${url}/readyz`)).status, 200)
  running.kill('SIGTERM')
  const { code, out } = await running.ended
  assert.equal(code, 0)
  assert.match(out, /Stopped\.\n$/)
})

test('what is typed at a hidden prompt is not shown, and what is piped needs no prompt', async () => {
  const terminal = (isTTY: boolean) => {
    const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
    const rest = { env: {}, clock: tickingClock(), serve: async () => {} }
    return { ...rest, stdin: Object.assign(stdin, { isTTY }), stdout, stderr }
  }
  const typed = terminal(true)
  const secret = askLine(typed, 'Operator token', true)
  typed.stdin.write('sesame-12345\r')
  assert.equal(await secret, 'sesame-12345')
  const shown = String(typed.stderr.read())
  assert.match(shown, /^Operator token: /)
  assert(!shown.includes('sesame'))

  const piped = terminal(false)
  piped.stdin.end('  sesame-12345  \nmore\n')
  assert.equal(await askLine(piped, 'Operator token', true), 'sesame-12345')
  assert.equal(piped.stderr.read(), null)
})
