// What a command is handed of the outside, and how it asks there. Results go to standard output; questions, progress and
// errors go to standard error, so that a result can be piped.

import { createInterface } from 'node:readline'
import { type Readable, Writable } from 'node:stream'
import type { Clock } from '#core/kernel/clock.ts'
import { CannotRun } from './ending.ts'

export type Terminal = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable
  readonly stderr: Writable & { readonly isTTY?: boolean }
  readonly clock: Clock
  /** Starts the server, as npm start does. */
  readonly serve: () => Promise<unknown>
}

/** Longer than any token or number: what is longer is some other file by mistake. */
const longestLine = 4_096

/**
 * One line from standard input: typed at a prompt, or piped. `hidden` does not show what is typed. Secrets and personal
 * data come in here and never as arguments, which stay in the shell's history and show in every list of processes.
 * Throws {@link CannotRun} when there is no line.
 */
export async function askLine(terminal: Terminal, question: string, hidden: boolean): Promise<string> {
  const { stdin, stderr } = terminal
  const typed = stdin.isTTY === true
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reading = createInterface({ input: stdin, output: typed && !hidden ? stderr : nowhere, terminal: typed })
  if (typed && hidden) stderr.write(`${question}: `)
  else if (typed) reading.setPrompt(`${question}: `)
  try {
    const line = await new Promise<string | undefined>(resolve => {
      reading.once('line', resolve)
      reading.once('SIGINT', () => resolve(undefined))
      reading.once('close', () => resolve(undefined))
      if (typed) reading.prompt()
    })
    const answer = line?.trim() ?? ''
    if (answer === '') throw new CannotRun(`No answer: ${question}`, 'Type it at the prompt, or pipe it in.')
    if (answer.length > longestLine) throw new CannotRun(`That is too long: ${question}`, 'Was it the right file?')
    return answer
  } finally {
    reading.close()
    if (typed && hidden) stderr.write('\n')
  }
}
