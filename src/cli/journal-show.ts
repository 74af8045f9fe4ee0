// `twostep journal show`: what happened to one phone number, when, and by which door. It reads only.

import { readConfig } from '#config'
import type { PhoneNumber } from '#core/registration-lock/phone-number.ts'
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

export async function journalShow(
  terminal: Terminal,
  options: { readonly phoneNumberId?: string },
): Promise<CommandEnding> {
  const config = readConfig(terminal.env)
  const name = await askedName(terminal, options.phoneNumberId)
  await using database = await openDatabase(config, terminal.clock)
  try {
    const found = await numberOf(database, name)
    if (found === undefined) return { code: 1, words: 'Nothing is kept about this number.', json: { found: false } }
    return shown(found.id, found.number, await journalOf(database, found.id))
  } catch (error) {
    if (!(error instanceof Unopenable)) throw error
    throw new CannotRun('What is kept about this number does not open.', 'Run  twostep journal verify  to see where.')
  }
}

async function askedName(terminal: Terminal, phoneNumberId: string | undefined): Promise<Name> {
  if (phoneNumberId !== undefined) return { purpose: 'claim', value: phoneNumberId }
  const line = await askLine(terminal, 'Phone number, with its country code (+44 …)', false)
  const parsed = parseNumber(line)
  if (parsed.kind === 'number') return { purpose: 'number', value: parsed.e164 }
  throw new CannotRun('That is no phone number.', 'Write it with + and its country code, such as +44 7700 900977.')
}

async function numberOf({ store, secrets }: Database, { purpose, value }: Name) {
  const key = await store.find(secrets.handles(purpose, value).map(handle => handle.index))
  const stored = key?.kind === 'number' ? await store.read(key) : undefined
  if (key === undefined || stored === undefined) return undefined
  return { id: key.id, number: open(secrets, 'number', key.id, stored).document }
}

async function journalOf({ store, secrets }: Database, id: string): Promise<readonly Entry<'number'>[]> {
  const subject = { kind: 'number', id }
  const entries: Entry<'number'>[] = []
  for (;;) {
    const rows = await store.journal(subject, entries.length + 1, eventsAtATime)
    if (rows.length === 0) return entries
    entries.push(...rows.map(row => readEntry<'number'>(secrets, subject, row)))
  }
}

function shown(id: string, number: PhoneNumber, entries: readonly Entry<'number'>[]): CommandEnding {
  // Whoever asked knows the number; whoever looks over their shoulder, or reads what was piped into a file, need not.
  const masked = maskNumber(number.number)
  const doors = Math.max(0, ...entries.map(({ door }) => door.length))
  const lines = entries.map(({ at, door, event }) => {
    const claim = 'claim' in event && event.claim !== undefined ? `  (${event.claim})` : ''
    return `  ${new Date(at).toISOString()}  ${door.padEnd(doors)}  ${describeEvent(event)}${claim}`
  })
  return {
    code: 0,
    words: [`${masked}, number ${id}: ${count(entries.length, 'event')}`, ...lines].join('\n'),
    json: {
      found: true,
      id,
      number: masked,
      events: entries.map(({ at, event, ...rest }) => {
        return { ...rest, at: new Date(at).toISOString(), event, words: describeEvent(event) }
      }),
    },
  }
}
