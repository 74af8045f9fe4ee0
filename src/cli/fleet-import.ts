// `twostep fleet import`: takes a CSV of numbers into the vault, whole or not at all.

import { readFileSync, statSync } from 'node:fs'
import { type Mistake, readCsv } from '#fleet/csv.ts'
import { merge } from '#fleet/merge.ts'
import { CannotRun, type CommandEnding } from './ending.ts'
import { count } from './findings.ts'
import { askingAt, askPassphrase, type FleetPlace, openFleetVault, withVault } from './fleet-place.ts'
import type { Terminal } from './terminal.ts'

const largest = 32 * 1024 * 1024

export const fleetImport = (terminal: Terminal, file: string, options: FleetPlace): Promise<CommandEnding> =>
  withVault(async () => {
    const read = readCsv(readList(file))
    if (read.kind === 'wrong') return wrongList(file, read.mistakes)
    using vault = await openFleetVault(options, await askPassphrase(askingAt(terminal), options))
    const merged = merge(vault.contents().numbers, read.rows, terminal.clock.now())
    if (merged.kind === 'wrong') return wrongList(file, merged.mistakes)
    if (merged.changed.length > 0) vault.save(...merged.changed)
    const { added, updated, unchanged, pinsKept } = merged
    const words = [
      `Took in ${count(read.rows.length, 'number')}: ${added} new, ${updated} changed, ${unchanged} as they were.`,
      ...(pinsKept.length === 0
        ? []
        : [
            `${count(pinsKept.length, 'PIN')} of the file ${pinsKept.length === 1 ? 'is' : 'are'} not what the vault knows, and the vault’s stayed: it is newer.`,
            ...pinsKept.map(id => `  ${id}`),
          ]),
      ...(read.rows.some(({ token, pin }) => token !== undefined || pin !== undefined)
        ? [`Delete ${file} now, and its copies: tokens and PINs are in it for anyone to read.`]
        : []),
    ]
    return { code: 0, words: words.join('\n'), json: { added, updated, unchanged, pinsKept } }
  })

function readList(file: string): Uint8Array {
  try {
    if (statSync(file).size > largest) throw new CannotRun(`${file} is larger than 32 MiB.`, 'Was it the right file?')
    return readFileSync(file)
  } catch (error) {
    if (error instanceof CannotRun) throw error
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new CannotRun(`${file} cannot be read (${why}).`, 'Check its name and owner.')
  }
}

const mostShown = 20

const describe = (file: string, { line, column, says }: Mistake): string =>
  `${file}:${line}: ${column === undefined ? 'the line' : column} ${says}.`

function wrongList(file: string, mistakes: readonly Mistake[]): CommandEnding {
  const shown = mistakes.slice(0, mostShown).map(mistake => describe(file, mistake))
  const more = mistakes.length - shown.length
  const words = [
    ...shown,
    ...(more > 0 ? [`… and ${more} more.`] : []),
    'Nothing was imported. Mend the file and import it again.',
  ]
  return { code: 1, words: words.join('\n'), json: { imported: false, mistakes } }
}
