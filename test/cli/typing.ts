// A person at the command line, in this process: questions are answered as they come, and everything that is shown is kept.

import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { runCommandLine } from '#cli/command-line.ts'
import { tickingClock } from './stored.ts'

/** What is typed at a question that has these words; Ctrl-C is `\x03`. */
export type Answer = readonly [question: string, typed: string | (() => Promise<string>)]

export type Typing = {
  readonly env?: Readonly<Record<string, string>>
  readonly answers?: readonly Answer[]
  /** Instead of a person: what is piped in. */
  readonly piped?: string
}

/** Runs one command to its end. */
export async function type(args: readonly string[], { env = {}, answers = [], piped }: Typing = {}) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const shown = { out: '', err: '' }
  let next = 0
  let since = 0
  stdout.on('data', chunk => {
    shown.out += chunk
  })
  stderr.on('data', chunk => {
    shown.err += chunk
    const answer = answers[next]
    if (answer === undefined || !shown.err.includes(answer[0], since)) return
    next += 1
    since = shown.err.length
    void (typeof answer[1] === 'string' ? Promise.resolve(answer[1]) : answer[1]()).then(text =>
      stdin.write(`${text}\r`),
    )
  })
  if (piped !== undefined) stdin.end(piped)
  const terminal = { env, clock: tickingClock(), serve: async () => {}, stdout, stderr }
  const isTTY = piped === undefined
  const code = await runCommandLine(args, { ...terminal, stdin: Object.assign(stdin, { isTTY }) })
  stdin.end()
  await new Promise(setImmediate)
  assert.equal(next, answers.length, `asked: ${shown.err}`)
  return {
    ...{ code, ...shown },
    json: () => JSON.parse(shown.out),
    error: () => JSON.parse(shown.err).error,
  }
}
