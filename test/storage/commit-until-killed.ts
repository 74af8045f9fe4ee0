// A program that commits on 32 lanes until it is killed. Once a commit is answered it says so: `lane version`.
// Usage: node commit-until-killed.ts <file>

import { argv, stdout } from 'node:process'
import { openSqliteStore } from '#storage/sqlite/sqlite-store.ts'
import { commitOf, event, handle, message } from './samples.ts'

const store = await openSqliteStore({ file: argv[2] ?? '' })
await Promise.all(Array.from({ length: 32 }, (_, lane) => commitForEver(`lane-${lane}`)))

async function commitForEver(lane: string): Promise<void> {
  for (let version = 1; ; version += 1) {
    await store.commit(
      commitOf(lane, version - 1, {
        body: `${version}`.padEnd(500),
        claims: [handle(`${lane} ${version}`)],
        releases: [handle(`${lane} ${version - 1}`)],
        events: [event(version)],
        messages: [message(`${lane} ${version}`, version)],
      }),
    )
    stdout.write(`${lane} ${version}\n`)
  }
}
