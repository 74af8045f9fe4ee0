// Runs the tests as `npm test` does: each folder in a process of its own, its files one after another, three folders at once.
//
//     node test/run.js [files or globs]      all of them when none is named
//
// Three things make them quick and change nothing that they show. The files of a folder share a process, which loads the
// program once and has it warm from then on. Compiled modules are kept between the processes, as they are between starts of the
// server. And folders of tests lie in memory where the machine has room: what a power cut does to a disk no test can show; what
// a killed process leaves behind is the same in both.
//
// JavaScript, like the other files that programs begin with: see src/compile-cache.js.

import { spawn } from 'node:child_process'
import { chmodSync, globSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { writeEntry } from './group-entry.js'

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

const named = process.argv.slice(2)
const patterns = named.length > 0 ? named : ['src/**/*.test.ts', 'test/**/*.test.ts']
/** @type {Set<string>} */
const files = new Set()
for (const pattern of patterns) {
  const found = globSync(pattern, { cwd: root })
  if (found.length === 0) {
    process.stderr.write(`There is no test file ${pattern}. Name them as seen from the folder with package.json.\n`)
    process.exit(1)
  }
  for (const file of found) files.add(relative(root, resolve(root, file)))
}

const folder = mkdtempSync(join(roomInMemory() ? memory : tmpdir(), 'twostep-tests-'))
// PostgreSQL serves as a user of its own, and has to get through to its folder.
chmodSync(folder, 0o711)

/**
 * A folder of tests; of the program, one of its parts with all that is in it: tests beside the code are small.
 * @param {string} file
 */
function groupOf(file) {
  const folders = dirname(file).split('/')
  return (file.startsWith('src/') ? folders.slice(0, 2) : folders).join('/')
}

// What takes longest begins first, or one process would work on alone at the end: these, and then by size.
const longest = ['test/pages/account', 'test/simulation', 'test/storage']
/** @param {[string, string[]]} group */
const weightOf = ([name, files]) =>
  longest.includes(name)
    ? Number.MAX_SAFE_INTEGER
    : files.reduce((sum, file) => sum + statSync(join(root, file)).size, 0)

const groups = [...Map.groupBy([...files].sort(), groupOf)].sort((one, other) => weightOf(other) - weightOf(one))
const entries = groups.map(([name, files], at) => {
  const absolute = files.map(file => resolve(root, file))
  return writeEntry(folder, at, name, absolute)
})
const reporter = join(root, 'test', 'quiet-reporter.ts')
const child = spawn(process.execPath, ['--test', '--test-concurrency=3', `--test-reporter=${reporter}`, ...entries], {
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
