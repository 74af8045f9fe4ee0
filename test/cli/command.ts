// The command as a person types it: a process of its own, over a real data folder.

import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, type Readable } from 'node:stream'
import type { TestContext } from 'node:test'
import { runCommandLine } from '#cli/command-line.ts'
import { systemClock } from '#clock'
import type { Clock } from '#core/kernel/clock.ts'

export type Said = {
  readonly code: number | NodeJS.Signals | null
  readonly out: string
  readonly err: string
  /** Standard output as JSON, for runs with `--json`. */
  readonly json: () => Record<string, unknown>
}

export type Running = {
  readonly kill: (signal?: NodeJS.Signals) => void
  readonly ended: Promise<Said>
  /** Waits until standard output has these words. */
  readonly said: (words: RegExp) => Promise<RegExpExecArray>
  /** Waits until standard error has these words. */
  readonly complained: (words: RegExp) => Promise<RegExpExecArray>
}

type Options = { readonly stdin?: string; readonly settings?: Readonly<Record<string, string>> }

/** Starts `twostep` over a data folder. Port 9 (discard) is where nobody answers, unless a setting says otherwise. */
export function start(folder: string, args: readonly string[], { stdin = '', settings = {} }: Options = {}): Running {
  const child = spawn(process.execPath, ['src/cli/twostep.js', ...args], {
    env: { PATH: process.env.PATH, TWOSTEP_DATA_DIR: folder, TWOSTEP_PORT: '9', ...settings },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
  })
  // A command that reads nothing may be gone before it is written to.
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  const ended = new Promise<Said>(resolve => {
    child.once('close', (code, signal) => resolve({ code: code ?? signal, out, err, json: () => JSON.parse(out) }))
  })
  const heard = (stream: Readable, text: () => string, words: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = words.exec(text())
        if (found !== null) resolve(found)
      }
      stream.on('data', look)
      look()
      void ended.then(({ code }) => reject(new Error(`it ended with ${code}: ${out}${err}`)))
    })
  return {
    kill: (signal = 'SIGKILL') => void child.kill(signal),
    ended,
    said: words => heard(child.stdout, () => out, words),
    complained: words => heard(child.stderr, () => err, words),
  }
}

/** Runs `twostep` to its end. */
export const twostep = (folder: string, args: readonly string[], options?: Options): Promise<Said> =>
  start(folder, args, options).ended

/** A folder for one test, a copy of `like` when that is given. */
export function folderFor(t: Pick<TestContext, 'after'>, like?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'twostep-cli-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  if (like !== undefined) cpSync(like, folder, { recursive: true })
  return folder
}

/**
 * Runs a command in this process: nothing is loaded anew, and servers of the test answer it. Only what is in `env` is set.
 */
export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { stdin = '', clock = systemClock() }: { readonly stdin?: string; readonly clock?: Clock } = {},
): Promise<Said> {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()]
  input.end(stdin)
  const terminal = { env, stdin: input, stdout: output, stderr: errors, clock, serve: async () => {} }
  const code = (await runCommandLine(args, terminal)) ?? null
  const [out, err] = [output, errors].map(stream => String(stream.read() ?? ''))
  return { code, out: out ?? '', err: err ?? '', json: () => JSON.parse(out ?? '') }
}
