// The guide to the registration lock, pasted into a shell as a newcomer would.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { test } from 'node:test'
import { registrationRoutes } from '#faces/rest/registrations.ts'
import { twoStepRoutes } from '#faces/rest/two-step.ts'
import { webhookRoutes } from '#faces/rest/webhook.ts'
import { dataFolder, operatorToken, spawnSandbox } from '../faces/sandbox.ts'

const guide = readFileSync('docs/guide/registration-lock.md', 'utf8')
const [askToken, ...blocks] = [...guide.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block ?? '')

test("the guide's blocks work when they are pasted one after the other, and answer what their comments say", async () => {
  assert.ok(askToken?.includes('read -rsp') && blocks.length === 7)
  const folder = dataFolder()
  const sandbox = await spawnSandbox(folder)
  try {
    const script = `OPERATOR=${operatorToken}\n${blocks.join('').replace('http://127.0.0.1:8022', sandbox.url)}`
    const printed = execFileSync('bash', ['-e'], { input: script, encoding: 'utf8' })
    const replies = printed.split('\n').filter(line => line !== '')
    const says = blocks
      .flatMap(block => block.split('\n'))
      .filter(line => line.startsWith('app registrations'))
      .map(line => [...(line.split(/ {2,}# /)[1] ?? '').matchAll(/"\w+":(?:"[^"]*"|\w+)/g)].map(([said]) => said))
    assert.equal(replies.length, says.length)
    for (const [at, said] of says.entries()) {
      for (const each of said) assert.ok(replies[at]?.includes(each), `${each} is not in ${replies[at]}`)
    }
  } finally {
    await sandbox.end('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
})

test('every call and every refusal of the door is in the guide', () => {
  const routes = [...registrationRoutes, ...twoStepRoutes, ...webhookRoutes]
  const paths = routes.map(({ path }) => path.slice(1).replace(':id', '{id}'))
  assert.ok(paths.length > 15)
  assert.deepEqual(
    paths.filter(path => !guide.includes(path)),
    [],
  )
  const kinds = ['problems', 'idempotent'].flatMap(each =>
    [...readFileSync(`src/faces/rest/${each}.ts`, 'utf8').matchAll(/ kind: '(\w+)',\n {2}title/g)].map(
      ([, kind]) => kind ?? '',
    ),
  )
  assert.ok(kinds.length > 20)
  // An answer that is shown once is the accounts' own: accounts.test.ts looks for it.
  const others = ['shown_once']
  assert.deepEqual(
    kinds.filter(kind => !guide.includes(`\`${kind}\``) && !others.includes(kind)),
    [],
  )
})
