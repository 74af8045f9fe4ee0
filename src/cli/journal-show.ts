// `twostep journal show`: what happened to one phone number or one account, when, and by which door. It reads only.

import { readConfig } from '#config'
import { describeActivity } from '#core/account/activity.ts'
import { addressOf } from '#core/business/admin.ts'
import { maskNumber } from '#numbering/display.ts'
import { parseNumber } from '#numbering/number.ts'
import { type Entry, readEntry } from '#records/journal.ts'
import type { Name } from '#records/kinds.ts'
import { open } from '#records/records.ts'
import { Unopenable } from '#secrets/sealed-box.ts'
import { CannotRun, type CommandEnding } from './ending.ts'
import { describeEvent } from './event-words.ts'
import { count } from './findings.ts'
import { type Database, openDatabase } from './open-database.ts'
import { askLine, type Terminal } from './terminal.ts'

const eventsAtATime = 1_000

export type JournalShowOptions = {
  readonly phoneNumberId?: string
  /** An account's, whose address is asked for. */
  readonly account?: boolean
  readonly accountId?: string
}

export async function journalShow(terminal: Terminal, options: JournalShowOptions): Promise<CommandEnding> {
  const config = readConfig(terminal.env)
  const wanted = await askedFor(terminal, options)
  await using database = await openDatabase(config, terminal.clock)
  try {
    const told = await (wanted.kind === 'number' ? aboutNumber(database, wanted.name) : aboutAccount(database, wanted))
    if (told !== undefined) return told
    return { code: 1, words: `Nothing is kept about this ${wanted.kind}.`, json: { found: false } }
  } catch (error) {
    if (!(error instanceof Unopenable)) throw error
    const what = `What is kept about this ${wanted.kind} does not open.`
    throw new CannotRun(what, 'Run  twostep journal verify  to see where.')
  }
}

// ——— which one

type Wanted = { readonly kind: 'number'; readonly name: Name } | WantedAccount
type WantedAccount = { readonly kind: 'account' } & ({ readonly name: Name } | { readonly id: string })

async function askedFor(terminal: Terminal, options: JournalShowOptions): Promise<Wanted> {
  const { phoneNumberId, accountId } = options
  if (accountId !== undefined) return { kind: 'account', id: accountId }
  if (phoneNumberId !== undefined) return { kind: 'number', name: { purpose: 'claim', value: phoneNumberId } }
  if (options.account === true) {
    const address = addressOf(await askLine(terminal, 'E-mail address of the account', false))
    if (address.includes('@')) return { kind: 'account', name: { purpose: 'account-address', value: address } }
    throw new CannotRun('That is no e-mail address.', 'Write it whole, such as ada@example.com.')
  }
  const line = await askLine(terminal, 'Phone number, with its country code (+44 …)', false)
  const parsed = parseNumber(line)
  if (parsed.kind === 'number') return { kind: 'number', name: { purpose: 'number', value: parsed.e164 } }
  throw new CannotRun('That is no phone number.', 'Write it with + and its country code, such as +44 7700 900977.')
}

async function found({ store, secrets }: Database, kind: 'number' | 'account', { purpose, value }: Name) {
  const key = await store.find(secrets.handles(purpose, value).map(handle => handle.index))
  return key?.kind === kind ? key.id : undefined
}

// ——— what is told

async function aboutNumber(database: Database, name: Name): Promise<CommandEnding | undefined> {
  const id = await found(database, 'number', name)
  const stored = id === undefined ? undefined : await database.store.read({ kind: 'number', id })
  if (id === undefined || stored === undefined) return undefined
  // Whoever asked knows the number; whoever looks over their shoulder, or reads what was piped into a file, need not.
  const number = maskNumber(open(database.secrets, 'number', id, stored).document.number)
  const entries = await journalOf(database, 'number', id)
  const told = entries.map(({ event }) => {
    const claim = 'claim' in event && event.claim !== undefined ? `  (${event.claim})` : ''
    return { words: describeEvent(event), behind: claim }
  })
  return shown(`${number}, number ${id}`, { id, number }, entries, told)
}

async function aboutAccount(database: Database, wanted: WantedAccount): Promise<CommandEnding | undefined> {
  const id = 'id' in wanted ? wanted.id : await found(database, 'account', wanted.name)
  const stored = id === undefined ? undefined : await database.store.read({ kind: 'account', id })
  if (id === undefined || stored === undefined) return undefined
  const { eventKey } = open(database.secrets, 'account', id, stored)
  const entries = await journalOf(database, 'account', id, eventKey)
  const told = entries.map(({ event }) => ({
    words: event.kind === 'forgotten' ? 'Forgotten: the account was closed.' : describeActivity(event),
    behind: '',
  }))
  return shown(`account ${id}`, { id }, entries, told)
}

async function journalOf<K extends 'number' | 'account'>(
  { store, secrets }: Database,
  kind: K,
  id: string,
  eventKey?: string,
): Promise<readonly Entry<K>[]> {
  const subject = { kind, id }
  const entries: Entry<K>[] = []
  for (;;) {
    const rows = await store.journal(subject, entries.length + 1, eventsAtATime)
    if (rows.length === 0) return entries
    entries.push(...rows.map(row => readEntry<K>(secrets, subject, row, eventKey)))
  }
}

function shown<K extends 'number' | 'account'>(
  head: string,
  members: Readonly<Record<string, string>>,
  entries: readonly Entry<K>[],
  told: readonly { readonly words: string; readonly behind: string }[],
): CommandEnding {
  const doors = Math.max(0, ...entries.map(({ door }) => door.length))
  const lines = entries.map(({ at, door }, index) => {
    const { words = '', behind = '' } = told[index] ?? {}
    return `  ${new Date(at).toISOString()}  ${door.padEnd(doors)}  ${words}${behind}`
  })
  return {
    code: 0,
    words: [`${head}: ${count(entries.length, 'event')}`, ...lines].join('\n'),
    json: {
      found: true,
      ...members,
      events: entries.map(({ at, event, ...rest }, index) => {
        return { ...rest, at: new Date(at).toISOString(), event, words: told[index]?.words }
      }),
    },
  }
}
