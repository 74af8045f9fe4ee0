// A run of small test files inside a test, with our reporter.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'

const head = "import assert from 'node:assert/strict'\nimport { after, before, describe, it, test } from 'node:test'\n"

/** The environment without what says that this is a test: a run inside a run would report to the outer one. */
export function outerEnvironment(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  return env
}

/**
 * Writes `files` into a folder of their own, each behind the same two lines of imports, and has them run. `entriesOf`: what the
 * runner is given in their place.
 */
export function innerRun(
  t: TestContext,
  files: Readonly<Record<string, string>>,
  entriesOf: (folder: string) => readonly string[] = () => Object.keys(files),
): { out: string; exit: number | null } {
  const folder = mkdtempSync(join(tmpdir(), 'inner-run-'))
  t.after(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), head + text)
  }
  const reporter = join(import.meta.dirname, 'quiet-reporter.ts')
  const args = ['--test', `--test-reporter=${reporter}`, ...entriesOf(folder)]
  const env = outerEnvironment()
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' })
  return { out: stdout + stderr, exit: status }
}
