// The README's tour, pasted into a shell as a newcomer would.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { test } from 'node:test'
import { dataFolder, operatorToken, spawnSandbox } from '../faces/sandbox.ts'

const readme = readFileSync('README.md', 'utf8')
const blocks = [...readme.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block ?? '')

test("the README's tour works when it is pasted", async () => {
  const [askToken, tour] = blocks.filter(block => /OPERATOR/.test(block))
  assert.ok(askToken?.includes('read -rsp') && tour?.includes('URL=http://127.0.0.1:8022'))
  const folder = dataFolder()
  const sandbox = await spawnSandbox(folder)
  try {
    const script = `OPERATOR=${operatorToken}\n${(tour ?? '').replace('http://127.0.0.1:8022', sandbox.url)}`
    const printed = execFileSync('bash', ['-e'], { input: script, encoding: 'utf8' }).trim().split('\n')
    const [, , , , refused = '', , sent = '', ...outbox] = printed
    assert.equal(JSON.parse(refused).error.code, 133005)
    assert.equal(JSON.parse(sent).messaging_product, 'whatsapp')
    assert.deepEqual(outbox, ['whatsapp to +447700900456', 'email to owner@bakery.example', 'sms to +447700900123'])
    const rest = printed.filter(line => line !== refused && line !== sent && !outbox.includes(line))
    assert.ok(rest.length === 5 && rest.every(line => JSON.parse(line).success === true), rest.join('\n'))
  } finally {
    await sandbox.end('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
})

test('the two commands of the README are the ones that package.json and .ci/run know', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
  assert.ok(blocks.includes('npm ci && npm start\n') && blocks.includes('npm ci && npm test\n'))
  assert.ok(scripts.start !== undefined && scripts.test !== undefined)
  assert.match(readFileSync('.ci/run', 'utf8'), /^npm ci\nnpm test$/m)
})
