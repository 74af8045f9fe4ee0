// The example of tests in CI: what its CI file says is done here, with this very Twostep.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { freePort } from '../free-port.ts'

type Step = { readonly name?: string; readonly run?: string }

const cwd = 'examples/whatsapp-ci'
const root = `${import.meta.dirname}/../..`
// The tests of an example are started from a test: they are a run of their own.
const { NODE_TEST_CONTEXT: _, ...own } = process.env
const env = { ...own, PATH: `${dirname(process.execPath)}:${process.env.PATH}`, TWOSTEP: root }

test("the CI file's own line runs the shop's tests against a sandbox, and all of them hold", async () => {
  const file = parse(readFileSync(`${cwd}/ci.yml`, 'utf8')) as { jobs: { test: { steps: readonly Step[] } } }
  const run = file.jobs.test.steps.find(({ name }) => name === 'test')?.run ?? ''
  assert.equal(run, './with-sandbox node --test')
  const options = { cwd, env: { ...env, PORT: String(await freePort()) } }
  const { stdout } = await promisify(execFile)('sh', ['-ec', `${run} --test-reporter=tap`], options)
  assert.match(stdout, /# pass 3\n# fail 0/)
})

test('a command that fails fails the run, and a sandbox that cannot start says why', async () => {
  const run = (command: string, more: object) =>
    promisify(execFile)('./with-sandbox', ['sh', '-c', command], { cwd, env: { ...env, ...more } }).then(
      () => ({ code: 0, stderr: '' }),
      (error: { code: number; stderr: string }) => error,
    )
  const broken = await run('exit 0', { PORT: '1', TWOSTEP_PROFILE: 'none' })
  assert.deepEqual([broken.code, /TWOSTEP_P/.test(broken.stderr)], [1, true])
  const failed = await run('curl -sf $WA_BASE_URL/healthz && exit 7', { PORT: String(await freePort()) })
  assert.equal(failed.code, 7)
})
