// Run by `npm ci`: starts the server once with every door, and stops it, in a folder of its own, so that the first real start
// finds all that it loads compiled, on each of its threads.

import { mkdtempSync, rmSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useCompileCache } from './compile-cache.js'

useCompileCache()
// What a start does not load by itself; and its own file, which must not start anything here.
await import('./start.ts')
await import('#contract/operator.ts')
await import('#contract/sandbox.ts')
await import('#storage/postgres/postgres-store.ts')
const { plans } = await import('#numbering/plans.ts')
plans()
const { createMetrics } = await import('#observe/metrics.ts')
await createMetrics(true).exposition()
await import('./cli/command-line.ts')
try {
  await startOnce()
} catch {
  // Whatever is in the way, the first real start tells about it; an installation does not fail over a cache.
}
flushCompileCache()

async function startOnce(): Promise<void> {
  const { readConfig } = await import('#config')
  const { createLog } = await import('#observe/log.ts')
  const { serve } = await import('./serve.ts')
  const folder = mkdtempSync(join(tmpdir(), 'twostep-'))
  try {
    const log = createLog({ level: 'silent', now: () => 0, stacks: false })
    const { routes, stop } = await serve(readConfig({ TWOSTEP_DATA_DIR: folder, TWOSTEP_PORT: '0' }), log)
    await routes()
    await stop()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
