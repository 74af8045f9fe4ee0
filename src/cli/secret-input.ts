// Where a command's secrets come from: a file that is named, the environment, or the person. Never an argument.

import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { CannotRun } from './ending.ts'
import { askLine, type Terminal } from './terminal.ts'

/** A secret that a command needs. */
export type Wanted = {
  /** As it is asked for. */
  readonly question: string
  /** The file that was named, and the option that named it. */
  readonly file?: string | undefined
  readonly option?: string
  /** The variable that may hold it; with `_FILE` behind it, the file. */
  readonly variable?: string
}

const largestFile = 16_384

/** Reads a secret, from whichever was said. Throws {@link CannotRun}. */
export async function readSecret(terminal: Terminal, wanted: Wanted): Promise<string> {
  const { question, file, option = '--file', variable } = wanted
  if (file !== undefined && file !== '-') return secretIn(file, option)
  if (file === undefined && variable !== undefined) {
    const set = terminal.env[variable]
    if (set !== undefined && set !== '') return set
    const named = terminal.env[`${variable}_FILE`]
    if (named !== undefined && named !== '') return secretIn(named, `${variable}_FILE`)
  }
  return askLine(terminal, question, true)
}

// Opened once, so that what is looked at is what is read.
function secretIn(file: string, named: string): string {
  let opened: number
  try {
    opened = openSync(file, 'r')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CannotRun(`${named}: ${file} cannot be read (${code}).`, 'Name a file that holds it, or leave it out.')
  }
  try {
    const stat = fstatSync(opened)
    if (stat.isDirectory()) throw new CannotRun(`${named}: ${file} is a folder.`, 'Name a file that holds it.')
    if (stat.isFile() && (stat.mode & 0o007) !== 0) {
      throw new CannotRun(
        `${named}: every user of this machine can open ${file}. It was not read.`,
        `Run  chmod 600 ${file}  and, if others have accounts here, change what is in it.`,
      )
    }
    if (stat.size > largestFile) throw new CannotRun(`${named}: ${file} is too large.`, 'Was it the right file?')
    const text = readFileSync(opened, 'utf8').trim()
    if (text === '') throw new CannotRun(`${named}: ${file} is empty.`, 'Write it there, and nothing else.')
    if (/[\r\n]/.test(text))
      throw new CannotRun(`${named}: ${file} has several lines.`, 'It holds one, and nothing else.')
    return text
  } finally {
    closeSync(opened)
  }
}
