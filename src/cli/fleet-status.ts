// `twostep fleet status`: what a vault knows of its numbers, and what needs a person. Asks no server, waits for nobody.

import type { Instant } from '#core/kernel/instant.ts'
import { describeNeed, isPassing, type Need } from '#fleet/needs.ts'
import { type FleetNumber, isAhead, registrationsLeft } from '#fleet/number.ts'
import { ageInDays } from '#fleet/pin-state.ts'
import type { CommandEnding } from './ending.ts'
import { count } from './findings.ts'
import { askingAt, askPassphrase, type FleetPlace, readFleetVault, withVault } from './fleet-place.ts'
import { called, moment } from './fleet-words.ts'
import type { Terminal } from './terminal.ts'

const pinWords = {
  unknown: 'not known',
  kept: 'kept',
  changing: 'being changed',
  contradicted: 'changed by somebody else',
} as const

export const fleetStatus = (terminal: Terminal, options: FleetPlace): Promise<CommandEnding> =>
  withVault(async () => {
    const { server, numbers, round } = await readFleetVault(options, await askPassphrase(askingAt(terminal), options))
    const now = terminal.clock.now()
    const rows = [...numbers.values()]
    const persons = rows.filter(number => standing(number, now) === 'person').length
    const unsettled = rows.filter(({ pin }) => pin.kind === 'changing').length
    const words = [
      `${count(rows.length, 'number')} on ${server}`,
      ...table(rows, now),
      ...rows.flatMap(number => needLines(number, now)),
      ...(round?.isOpen === true
        ? ['A rotation was interrupted. It goes on with the same  twostep fleet rotate.']
        : []),
      ...(rows.some(number => isAhead(number, now))
        ? ['Some of this is from later than now: this machine’s clock is behind. Ages and waits are not to be trusted.']
        : []),
      persons + unsettled === 0
        ? 'Nothing needs a person.'
        : `${count(persons, 'number')} of ${rows.length} need a person.`,
    ]
    const json = { server, rotating: round?.isOpen === true, numbers: rows.map(number => plain(number, now)) }
    return { code: persons + unsettled === 0 ? 0 : 1, words: words.join('\n'), json }
  })

/** Whether something stands in the way of a number, and whether that goes away by itself. */
function standing({ need }: FleetNumber, now: Instant): 'nothing' | 'time' | 'person' {
  if (need === undefined || isOver(need, now)) return 'nothing'
  return isPassing(need) ? 'time' : 'person'
}

const isOver = (need: Need, now: Instant): boolean => need.until !== undefined && need.until <= now

function needLines(number: FleetNumber, now: Instant): readonly string[] {
  const { need } = number
  if (need === undefined || standing(number, now) === 'nothing') return []
  const { what, todo } = describeNeed(need)
  const until = need.until === undefined ? '' : `, until ${moment(need.until)}`
  return [`${called(number)}: ${what}${until}.`, `  ${todo}`]
}

const head = ['id', 'name', 'PIN', 'days', 'proved', 'registrations left']

function table(numbers: readonly FleetNumber[], now: Instant): readonly string[] {
  if (numbers.length === 0) return []
  const rows = numbers.map(number => {
    const { id, name, number: digits, pin } = number
    const proved = pin.kind === 'kept' && pin.proved !== undefined ? moment(pin.proved)?.slice(0, 10) : undefined
    const days = ageInDays(pin, now)
    const left = String(registrationsLeft(number, now))
    return [
      id,
      name ?? digits ?? '',
      pinWords[pin.kind],
      days === undefined ? '?' : String(days),
      proved ?? 'never',
      left,
    ]
  })
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map(row => [...(row[at] ?? '')].length)))
  const padded = (row: readonly string[]) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')
  return [head, ...rows].map(row => `  ${padded(row).trimEnd()}`)
}

function plain(number: FleetNumber, now: Instant): object {
  const { id, name, number: digits, pin, need } = number
  const kept = pin.kind === 'kept' ? pin : undefined
  const stands = standing(number, now)
  return {
    ...{ id, name, number: digits },
    pin: {
      ...{ state: pin.kind, from: kept?.from, since: moment(kept?.since), ageDays: ageInDays(pin, now) },
      proved: moment(kept?.proved),
    },
    registrationsLeft: registrationsLeft(number, now),
    needsPerson: stands === 'person',
    ...(need === undefined || stands === 'nothing'
      ? {}
      : { need: { kind: need.kind, code: need.code, until: moment(need.until), ...describeNeed(need) } }),
  }
}
