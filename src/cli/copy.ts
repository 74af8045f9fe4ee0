// `twostep copy`: moving house. Everything a database holds goes into another one, byte for byte, and back.
//
//     the key ring opens the source ─▶ both ends taken ─▶ copied, compared, named (see transfer.ts) ─▶ its journal holds

import process from 'node:process'
import { type Config, type DatabaseConfig, readConfig } from '#config'
import { StoreAway, StoreUnusable } from '#storage/store.ts'
import type { TableSum } from '#storage/transfer/checksum.ts'
import type { RowSink, RowSource } from '#storage/transfer/rows.ts'
import {
  type TableDifference,
  type TransferEnding,
  type TransferProgress,
  transfer,
} from '#storage/transfer/transfer.ts'
import { isSameFile, openSink, openSource, placeOf, readPlace, settingFor } from './database-place.ts'
import { CannotRun, type CommandEnding } from './ending.ts'
import { verifiedEnding } from './findings.ts'
import { verifyShown } from './journal-verify.ts'
import { openDatabase } from './open-database.ts'
import { startProgress } from './progress.ts'
import { readReceipts } from './receipts.ts'
import type { Terminal } from './terminal.ts'

export type CopyOptions = { readonly from?: string; readonly to: string; readonly receipts?: string }

export async function copy(terminal: Terminal, options: CopyOptions): Promise<CommandEnding> {
  const config = readConfig(terminal.env)
  const from = options.from === undefined ? config.database : readPlace(terminal.env, '--from', options.from)
  const to = readPlace(terminal.env, '--to', options.to)
  if (isSameFile(from, to)) throw twiceTheSame(await placeOf(from))
  const receipts = readReceipts(config, options.receipts)
  await assertRingOpens(terminal, { ...config, database: from })
  const { ending, removal } = await carryOver(terminal, from, to)
  const [source, target] = [await placeOf(from), await placeOf(to)]
  switch (ending.kind) {
    case 'stopped':
      throw new CannotRun(
        'Stopped, as it was told to. The half-made copy stays, and no server starts over it.',
        'Run the same command again: it goes on where it was.',
      )
    case 'other_source':
      throw otherSource(source, target, ending.from, removal)
    case 'differs':
      return differing(source, target, ending.tables, removal)
    case 'copied': {
      await using copied = await openDatabase({ ...config, database: to }, terminal.clock, target)
      const verified = await verifyShown(terminal, copied, receipts)
      const { kind: _, ...json } = ending
      return verifiedEnding(verified, receipts, {
        words: movingWords(source, target, to, ending.tables),
        json: { copied: true, from: source, to: target, ...json },
      })
    }
  }
}

/** With another ring nothing would open at the new place either, and nobody would know before the old one is gone. */
async function assertRingOpens({ clock }: Terminal, config: Config): Promise<void> {
  await using _ = await openDatabase(config, clock, await placeOf(config.database))
}

async function carryOver(
  terminal: Terminal,
  from: DatabaseConfig,
  to: DatabaseConfig,
): Promise<{ readonly ending: TransferEnding; readonly removal: string }> {
  const source = await openSource(from)
  try {
    const sink = await openSink(to)
    try {
      if (source.identity === sink.identity) throw twiceTheSame(source.place)
      return { ending: await transferShown(terminal, source, sink), removal: sink.removal }
    } finally {
      await sink.close()
    }
  } finally {
    await source.close()
  }
}

/** Copies with a progress bar, until it is told to stop. */
async function transferShown(terminal: Terminal, source: RowSource, sink: RowSink): Promise<TransferEnding> {
  const progress = startProgress(terminal)
  const stopping = new AbortController()
  const stop = (): void => {
    progress.end()
    terminal.stderr.write('Stopping after this step. A second time stops at once; either way it can be gone on with.\n')
    stopping.abort()
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.once(signal, stop)
  try {
    const onProgress = ({ stage, table, done, total }: TransferProgress): void =>
      progress.show(`${labels[stage]} ${table}`, done, total)
    return await transfer(source, sink, { onProgress, signal: stopping.signal })
  } catch (error) {
    throw goesOn(error)
  } finally {
    for (const signal of signals) process.removeListener(signal, stop)
    progress.end()
  }
}

const labels: Readonly<Record<TransferProgress['stage'], string>> = {
  reading: 'Reading',
  checking: 'Checking what is there of',
  copying: 'Copying',
  indexing: 'Making',
  verifying: 'Verifying',
}

/** Troubles that pass: what a person is told of them ends with how it goes on. */
function goesOn(error: unknown): unknown {
  const words = (message: string): string =>
    `${message} What was copied stays: run the same command again, and it goes on.`
  if (error instanceof StoreAway) return new StoreAway(words(error.message))
  const passes = error instanceof StoreUnusable && ['full', 'unreachable'].includes(error.reason)
  return passes ? new StoreUnusable(error.reason, words(error.message)) : error
}

const twiceTheSame = (place: string): CannotRun =>
  new CannotRun(`${place} was given twice: there is nothing to copy.`, 'Name two databases.')

const otherSource = (source: string, target: string, begun: string, removal: string): CannotRun =>
  new CannotRun(
    begun === source
      ? `${target} is a half-made copy of ${source} as it was: it has changed since, and the two are not mixed.`
      : `${target} is a half-made copy of ${begun}, and not of ${source}. The two are not mixed.`,
    `Finish that one first, or be rid of it and begin anew:  ${removal}`,
  )

function differing(source: string, target: string, tables: readonly TableDifference[], removal: string): CommandEnding {
  const lines = tables.map(({ source: read, target: written }) =>
    written === undefined
      ? `  ${read.table}: a row that an earlier run left there is not the one in the source`
      : `  ${read.table}: ${sumOf(read)} in the source, ${sumOf(written)} in the copy`,
  )
  const words = [
    `NOT copied: what is in the copy is not what is in ${source}.`,
    ...lines,
    `The copy stays marked as half-made in ${target}, and no server starts over it. Somebody changed it, or a disk or ` +
      'memory is at fault.',
    `Be rid of it and begin anew:  ${removal}`,
  ]
  return { code: 1, words: words.join('\n'), json: { copied: false, from: source, to: target, differs: tables } }
}

const sumOf = ({ rows, sha256 }: TableSum): string => `${rows} rows (sha256 ${sha256})`

function movingWords(
  source: string,
  target: string,
  to: DatabaseConfig,
  tables: readonly TableSum[],
): readonly string[] {
  return [
    `Copied ${source} to ${target}: the same rows to the byte, counted and summed up on both sides.`,
    ...tables.map(({ table, rows, sha256 }) => `  ${table.padEnd(16)} ${String(rows).padStart(10)}  sha256 ${sha256}`),
    `To move: set ${settingFor(to)}, and start the server. The key ring and checkpoints.jsonl stay where they are.`,
    `Nothing was changed in ${source}. Keep it until you are sure, and NEVER run servers over both: each would grant every ` +
      'guess again, and what one learns of a theft the other does not know.',
  ]
}
