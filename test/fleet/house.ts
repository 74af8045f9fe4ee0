// A vault of a fleet for tests: cheap to open, in a folder of its own.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { runCommandLine } from '#cli/command-line.ts'
import type { Terminal } from '#cli/terminal.ts'
import { systemClock } from '#clock'
import { createVault } from '#fleet/vault.ts'
import { systemDice } from '#secrets/dice.ts'
import { Secret } from '#secrets/secret.ts'

export const passphrase = Secret.of('velvet cactus drum harbor nine')

/** The least that argon2 takes: what is tested here is not how dear a guess is. */
export const cheap = { memoryKiB: 8, passes: 1, lanes: 1 }

/** A folder for one file's vaults, gone when its tests are over. */
export function fleetFolder(after: (end: () => void) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'twostep-fleet-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** An empty vault. */
export async function newVault(file: string, server: string): Promise<string> {
  await createVault(file, passphrase, { server, cost: cheap, dice: systemDice })
  return file
}

export type Said = { readonly code: number | undefined; readonly out: string; readonly err: string }

/** Runs `twostep` in this process, as a person would whose input is piped: the passphrase, then `lines`. */
export async function fleet(
  args: readonly string[],
  {
    lines = [],
    env = {},
    isWatched = false,
  }: { lines?: readonly string[]; env?: Terminal['env']; isWatched?: boolean } = {},
): Promise<Said> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  stdin.end(`${[passphrase.reveal(), ...lines].join('\n')}\n`)
  const screen = Object.assign(stderr, { isTTY: isWatched })
  const terminal = { env, stdin, stdout, stderr: screen, clock: systemClock(), serve: async () => {} }
  const code = await runCommandLine(['fleet', ...args], terminal)
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') }
}
