// A program that opens a store and says how that ended: `open`, or the reason why not. It stays open until it is killed.
// Usage: node open-and-say.ts <file> [unprivileged]

import { argv, getuid, setegid, seteuid, stdout } from 'node:process'
import { openSqliteStore } from '#storage/sqlite/sqlite-store.ts'
import { StoreUnusable } from '#storage/store.ts'

// File modes do not bind root: it becomes nobody in particular.
if (argv[3] === 'unprivileged' && getuid?.() === 0) {
  setegid?.(65_534)
  seteuid?.(65_534)
}
try {
  await openSqliteStore({ file: argv[2] ?? '' })
  stdout.write('open\n')
} catch (error) {
  stdout.write(`${error instanceof StoreUnusable ? error.reason : error}\n`)
}
