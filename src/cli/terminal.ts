// What a command is handed of the outside, and how it asks there. Results go to standard output; questions, progress and
// errors go to standard error, so that a result can be piped.

import { createInterface, type Interface } from 'node:readline'
import { type Readable, Writable } from 'node:stream'
import type { Clock } from '#core/kernel/clock.ts'
import { CannotRun, Interrupted } from './ending.ts'

export type Terminal = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable
  readonly stderr: Writable & { readonly isTTY?: boolean }
  readonly clock: Clock
  /** Starts the server, as npm start does. */
  readonly serve: () => Promise<unknown>
}

/** Whether a person sits there who can be asked again. */
export const isTyped = ({ stdin }: Terminal): boolean => stdin.isTTY === true

/** Longer than any token or number: what is longer is some other file by mistake. */
const longestLine = 4_096

/**
 * One line from standard input: typed at a prompt, or piped. `hidden` does not show what is typed. Secrets and personal
 * data come in here and never as arguments, which stay in the shell's history and show in every list of processes. What is
 * piped answers one question a line. Throws {@link CannotRun} when there is no line, {@link Interrupted} for Ctrl-C.
 */
export async function askLine(terminal: Terminal, question: string, hidden: boolean): Promise<string> {
  const line = isTyped(terminal) ? await typedLine(terminal, question, hidden) : await pipedLine(terminal.stdin)
  const answer = line?.trim() ?? ''
  if (answer === '') throw new CannotRun(`No answer: ${question}`, 'Type it at the prompt, or pipe it in.')
  if (answer.length > longestLine) throw new CannotRun(`That is too long: ${question}`, 'Was it the right file?')
  return answer
}

async function typedLine({ stdin, stderr }: Terminal, question: string, hidden: boolean): Promise<string | undefined> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  // Without a history: what was typed is kept nowhere.
  const reading = createInterface({ input: stdin, output: hidden ? nowhere : stderr, terminal: true, historySize: 0 })
  if (hidden) stderr.write(`${question}: `)
  else reading.setPrompt(`${question}: `)
  try {
    return await new Promise<string | undefined>((resolve, reject) => {
      reading.once('line', resolve)
      reading.once('SIGINT', () => reject(new Interrupted()))
      reading.once('close', () => resolve(undefined))
      reading.prompt()
    })
  } finally {
    reading.close()
    if (hidden) stderr.write('\n')
  }
}

type Piped = { readonly reading: Interface; readonly lines: string[]; ended: boolean }
const piped = new WeakMap<Readable, Piped>()

/** The next line of what is piped. One reader a stream: a second one would begin where the first one's chunk ended. */
async function pipedLine(stdin: Readable): Promise<string | undefined> {
  const from = piped.get(stdin) ?? openPipe(stdin)
  if (from.lines.length === 0 && !from.ended) {
    await new Promise<void>(resolve => {
      const heard = () => {
        from.reading.off('line', heard).off('close', heard)
        resolve()
      }
      from.reading.on('line', heard).on('close', heard)
      from.reading.resume()
    })
    // Nothing holds the process once it has what it asked for.
    if (!from.ended) from.reading.pause()
  }
  return from.lines.shift()
}

function openPipe(stdin: Readable): Piped {
  const reading = createInterface({ input: stdin, terminal: false })
  const from: Piped = { reading, lines: [], ended: false }
  reading.on('line', line => from.lines.push(line))
  reading.on('close', () => {
    from.ended = true
  })
  piped.set(stdin, from)
  return from
}
