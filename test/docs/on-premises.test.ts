// The tour of the On-Premises guide, pasted into a shell as a newcomer would.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { test } from 'node:test'
import { dataFolder, spawnSandbox } from '../faces/sandbox.ts'

const guide = readFileSync('docs/guide/on-premises.md', 'utf8')
const blocks = [...guide.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block ?? '')

test('the tour of the On-Premises guide works when it is pasted', async () => {
  const tour = blocks.find(block => block.includes('URL=http://127.0.0.1:8022')) ?? ''
  const folder = dataFolder()
  const sandbox = await spawnSandbox(folder)
  try {
    const input = tour.replace('http://127.0.0.1:8022', sandbox.url)
    const printed = execFileSync('bash', ['-e'], { input, encoding: 'utf8' }).trim().split('\n')
    const meta = { version: 'v2.45.1', api_status: 'stable' }
    assert.deepEqual(
      printed.map(line => JSON.parse(line)),
      [
        { account: [{ vname: 'Corner Bakery' }], meta },
        { meta },
        { health: { gateway_status: 'connected' } },
        ...[{}, {}, { meta }],
      ],
    )
    // What a newcomer needs for it is printed when the sandbox starts.
    assert.match(sandbox.printed(), /On-Premises client {3}http:\S+\/v1 {3}\(admin, secret;/)
    assert.match(sandbox.printed(), /health key {11}twh_[0-9A-Za-z]{40,}/)
  } finally {
    await sandbox.end('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
})
