// Loaded before a command (`node --import`), this ends its process at one step of what it writes and sends, the way that a
// power cut or `kill -9` does. The command itself knows nothing of it.
//
//     STEP=kill:<n>   dies at the n-th step          STEP=full:<n>   from the n-th step on the disk is full
//
// Steps are counted over: a file begun, half of it written, before and after its rename; before a request is sent, while it
// is on its way, and when its answer is there.

import fs, { type PathOrFileDescriptor, type WriteFileOptions } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import process from 'node:process'

const [kind, at] = (process.env.STEP ?? '').split(':')
const last = Number(at)
let steps = 0

function step(writes: boolean): void {
  steps += 1
  if (kind === 'kill' && steps === last) process.kill(process.pid, 'SIGKILL')
  if (kind === 'full' && steps >= last && writes) throw Object.assign(new Error('no room'), { code: 'ENOSPC' })
}

const { openSync, writeFileSync, renameSync } = fs

fs.openSync = (path, flags, mode) => {
  if (flags === 'wx' && !String(path).endsWith('.lock')) step(true)
  return openSync(path, flags, mode)
}

fs.writeFileSync = (file: PathOrFileDescriptor, data: string | NodeJS.ArrayBufferView, options?: WriteFileOptions) => {
  if (typeof file === 'number' && typeof data === 'string') {
    writeFileSync(file, data.slice(0, data.length / 2), options)
    step(true)
    writeFileSync(file, data.slice(data.length / 2), options)
    return
  }
  writeFileSync(file, data, options)
}

fs.renameSync = (from, to) => {
  step(true)
  renameSync(from, to)
  step(false)
}

syncBuiltinESMExports()

const { fetch } = globalThis
globalThis.fetch = async (...asked) => {
  step(false)
  const asking = fetch(...asked)
  asking.catch(() => {})
  for (let turn = 0; turn < 3; turn += 1) await new Promise(resolve => setImmediate(resolve))
  step(false)
  const answer = await asking
  step(false)
  return answer
}
