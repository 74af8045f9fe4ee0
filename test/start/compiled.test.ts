// A start finds everything compiled. What takes types out is a large program in each thread that needs it: not one file
// without its compiled form may be left, or every server carries it for nothing.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

// Run in each thread before anything else: as it ends, says whether types were taken out in it.
const watch = `
  import { writeSync } from 'node:fs'
  import { isMainThread } from 'node:worker_threads'
  process.once('exit', () => {
    const stripped = process.moduleLoadList.some(name => name.includes('amaro'))
    writeSync(2, (isMainThread ? 'serving' : 'writing') + (stripped ? ' took types out. ' : ' found all compiled. '))
  })`

/** Starts the sandbox, stops it as soon as it listens, and answers what its threads said. */
async function startOnce(folder: string): Promise<string> {
  const watching = `data:text/javascript,${encodeURIComponent(watch)}`
  const child = spawn(process.execPath, ['--import', watching, 'src/main.js'], {
    env: { PATH: process.env.PATH, TWOSTEP_DATA_DIR: folder, TWOSTEP_PORT: '0', TWOSTEP_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', chunk => {
    said += chunk
  })
  child.stdout.on('data', chunk => {
    if (/Twostep sandbox/.test(String(chunk))) child.kill('SIGTERM')
  })
  return await new Promise(resolve => child.once('close', () => resolve(said)))
}

test('what one start compiled, no thread of the next takes types out of', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'twostep-test-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  await startOnce(folder)
  assert.equal(await startOnce(folder), 'writing found all compiled. serving found all compiled. ')
})
