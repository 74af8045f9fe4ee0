// The guide to accounts, pasted into a shell as a newcomer would; and all that the door does is in it.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { test } from 'node:test'
import { accountRoutes } from '#faces/rest/account/door.ts'
import { dataFolder, operatorToken, spawnSandbox } from '../faces/sandbox.ts'

const guide = readFileSync('docs/guide/accounts.md', 'utf8')
const [askToken, ...blocks] = [...guide.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block ?? '')

/** Whether a line of the guide prints something. */
const prints = (line: string): boolean => /^(?:api|echo) /.test(line) && !line.includes('>/dev/null')

test("the guide's blocks work when they are pasted one after the other, and answer what their comments say", async () => {
  assert.ok(askToken?.includes('read -rsp') && blocks.length === 8)
  const folder = dataFolder()
  const sandbox = await spawnSandbox(folder)
  try {
    const script = `OPERATOR=${operatorToken}\n${blocks.join('').replace('http://127.0.0.1:8022', sandbox.url)}`
    const printed = execFileSync('bash', ['-e'], { input: script, encoding: 'utf8' })
    const replies = printed.split('\n').filter(line => line !== '')
    const says = blocks
      .flatMap(block => block.split('\n'))
      .filter(prints)
      .map(line => [...(line.split(/ {1,}# /)[1] ?? '').matchAll(/"\w+":(?:"[^"]*"|\w+)/g)].map(([said]) => said))
    assert.equal(replies.length, says.length, printed)
    for (const [at, said] of says.entries()) {
      for (const each of said) assert.ok(replies[at]?.includes(each), `${each} is not in ${replies[at]}`)
    }
  } finally {
    await sandbox.end('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
})

test('every call of the door is in the guide', () => {
  const calls = accountRoutes
    .filter(({ method }) => method !== 'HEAD')
    .map(({ method, path }) => `\`${method} ${path.slice(1).replace(/:(\w+)/g, '{$1}')}\``)
  assert.ok(calls.length > 60)
  assert.deepEqual(
    calls.filter(call => !guide.includes(call)),
    [],
  )
})

test('every refusal of the door is in the guide', () => {
  const folder = 'src/faces/rest/account'
  const files = readdirSync(folder).filter(name => !name.endsWith('.test.ts'))
  const texts = [...files.map(name => `${folder}/${name}`), 'src/faces/rest/idempotent.ts'].map(path =>
    readFileSync(path, 'utf8'),
  )
  const kinds = [...texts.join('').matchAll(/ kind: '(\w+)',\n\s+title/g)].map(([, kind]) => kind ?? '')
  assert.ok(kinds.length > 50)
  assert.deepEqual(
    kinds.filter(kind => !guide.includes(`\`${kind}\``)),
    [],
  )
})
