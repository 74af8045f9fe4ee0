// The example of operating: its programs beside a real server, its settings as the server reads them, and its nginx by nginx.

import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { readConfig } from '#config'
import { newBusiness, operatorToken, startSandbox } from '../faces/sandbox.ts'

const from = 'examples/operate'

function folderOf(t: { after(clear: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'twostep-operate-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

test('each night is backed up, the copy is restored in a drill, and a year’s new key opens what comes after it', async t => {
  const folder = folderOf(t)
  const [backups, keys] = [join(folder, 'backups'), join(folder, 'keys')]
  await using sandbox = await startSandbox()
  await newBusiness(sandbox.url)
  const env = {
    ...{ PATH: process.env.PATH, TWOSTEP: process.cwd(), BACKUPS: backups, KEYS: keys },
    ...{ TWOSTEP_DATA_DIR: sandbox.folder, TWOSTEP_PORT: new URL(sandbox.url).port },
    TWOSTEP_OPERATOR_TOKEN: operatorToken,
  }
  const run = (name: string) =>
    promisify(execFile)(join(from, name), { env }).then(
      ({ stdout }) => stdout,
      ({ stderr }: { stderr: string }) => stderr,
    )

  assert.match(await run('drill'), /No such file|There is no backup/)
  assert.match(await run('nightly'), /The key ring is NOT in it/)
  assert.match(await run('drill'), /opens with /)
  assert.match(await run('yearly'), /sealed and indexed under it/)
  assert.match(await run('drill'), /opens with /)

  for (let day = 0; day < 15; day += 1) writeFileSync(join(backups, `twostep-2020-01-${day + 10}T000000Z.db`), 'old')
  assert.match(await run('nightly'), /hold/)
  const kept = readdirSync(backups).filter(name => name.endsWith('.db'))
  assert.equal(kept.length, 14)
  const stamps = kept.filter(name => !name.includes('2020')).map(name => name.slice('twostep-'.length, -'.db'.length))
  assert.deepEqual(
    readdirSync(keys).sort(),
    stamps.sort().map(stamp => `keyring-${stamp}.json`),
    'each with the ring of its day',
  )
})

test('the settings are what a production starts with', t => {
  const folder = folderOf(t)
  const secrets: Record<string, string> = {
    TWOSTEP_OPERATOR_TOKEN_FILE: 'k'.repeat(40),
    TWOSTEP_SMS_PROVIDERS_FILE: 'smpps://user:password@smsc.example.com?from=Example',
    TWOSTEP_SMTP_URL_FILE: 'smtps://user:password@mail.example.com',
  }
  const written = readFileSync(`${from}/twostep.env`, 'utf8').matchAll(/^(TWOSTEP_\w+)="?(.*?)"?$/gm)
  const env = Object.fromEntries([...written].map(([, name = '', value = '']) => [name, value]))
  for (const [name, secret] of Object.entries(secrets)) {
    assert.equal(env[name]?.startsWith('/etc/twostep/'), true, name)
    env[name] = join(folder, name)
    writeFileSync(join(folder, name), secret)
  }
  const { mode, profile, mail, smsProviders } = readConfig(env)
  assert.deepEqual([mode, profile, mail?.from.name, smsProviders.length], ['production', 'strict', 'Example', 1])
})

test('nginx takes its part', t => {
  const folder = folderOf(t)
  chmodSync(folder, 0o755)
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=x']
  execFileSync('openssl', [...request, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  const server = readFileSync(`${from}/nginx.conf`, 'utf8')
    .replace('/etc/ssl/verify.example.com.pem', cert)
    .replace('/etc/ssl/private/verify.example.com.key', key)
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, `pid ${folder}/nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${server}}\n`)
  const nginx = execFileSync('scripts/nginx', { encoding: 'utf8' }).trim()
  const checked = () => execFileSync(nginx, ['-t', '-c', file, '-p', folder], { stdio: 'pipe' })
  assert.doesNotThrow(checked)
  writeFileSync(file, readFileSync(file, 'utf8').replace('proxy_buffering off', 'proxy_bufering off'))
  assert.throws(checked, /proxy_bufering/)
})
