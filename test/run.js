// Runs the tests as `npm test` does: each file in a process of its own, three at once.
//
//     node test/run.js [files or globs]      all of them when none is named
//
// Two things make them quick and change nothing that they show. Compiled modules are kept between the files, as they are
// between starts of the server. And folders of tests lie in memory where the machine has room: what a power cut does to a disk
// no test can show; what a killed process leaves behind is the same in both.
//
// JavaScript, like the other files that programs begin with: see src/compile-cache.js.

import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const memory = '/dev/shm'
const room = 2 * 1024 ** 3

function roomInMemory() {
  try {
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize >= room
  } catch {
    return false
  }
}

const folder = mkdtempSync(join(roomInMemory() ? memory : tmpdir(), 'twostep-tests-'))
// PostgreSQL serves as a user of its own, and has to get through to its folder.
chmodSync(folder, 0o711)
const named = process.argv.slice(2)
const files = named.length > 0 ? named : ['src/**/*.test.ts', 'test/**/*.test.ts']
const reporter = join(root, 'test', 'quiet-reporter.ts')
const child = spawn(process.execPath, ['--test', '--test-concurrency=3', `--test-reporter=${reporter}`, ...files], {
  cwd: root,
  stdio: 'inherit',
  env: {
    ...process.env,
    TMPDIR: folder,
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'twostep-tests'),
  },
})
// Ctrl-C goes to both: this one waits, so that the folder is removed after the last test let go of it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {})
child.on('exit', code => {
  rmSync(folder, { recursive: true, force: true })
  process.exitCode = code ?? 1
})
