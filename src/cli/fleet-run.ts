// `twostep fleet register`, `rotate` and `prove`: work on many numbers, with what came of each.

import { day, minute } from '#core/kernel/instant.ts'
import { rotatePin } from '#fleet/change-pin.ts'
import { describeNeed, type Need } from '#fleet/needs.ts'
import type { FleetNumber } from '#fleet/number.ts'
import { provePin, registerNumber } from '#fleet/register.ts'
import { chosenNumbers, dueNumbers, isOver, type Selection } from '#fleet/round.ts'
import { goThrough, type Result } from '#fleet/run.ts'
import type { Ending, Fleet } from '#fleet/work.ts'
import { CannotRun, type CommandEnding } from './ending.ts'
import { count } from './findings.ts'
import { askingAt, askPassphrase, type FleetPlace, openFleet, openFleetVault, withVault } from './fleet-place.ts'
import { called, moment } from './fleet-words.ts'
import { startProgress } from './progress.ts'
import type { Terminal } from './terminal.ts'

export type FleetRunOptions = FleetPlace & { readonly only?: readonly string[] }
export type RotateOptions = FleetRunOptions & {
  readonly olderThan?: string
  readonly resume?: boolean
  readonly takeOver?: boolean
  readonly dryRun?: boolean
}

type OpenFleet = ReturnType<typeof openFleet>

/** Opens the vault, finds the numbers that were named, and does something with them. */
const onNumbers = (
  terminal: Terminal,
  options: FleetRunOptions,
  work: (
    fleet: OpenFleet,
    numbers: readonly FleetNumber[],
    only: readonly string[] | undefined,
  ) => Promise<CommandEnding>,
): Promise<CommandEnding> =>
  withVault(async () => {
    const only = options.only?.flatMap(ids => ids.split(',')).filter(id => id !== '')
    using vault = await openFleetVault(options, await askPassphrase(askingAt(terminal), options))
    const { numbers, unknown } = chosenNumbers(vault.contents().numbers, only)
    if (unknown.length > 0) {
      const hint = 'twostep fleet status  lists those that are.'
      throw new CannotRun(`Not in the vault ${options.vault}: ${unknown.join(', ')}. Nothing was sent.`, hint)
    }
    // Awaited here: until it is over, the lock is held.
    return await work(openFleet(terminal, vault), numbers, only)
  })

export const fleetRegister = (terminal: Terminal, options: FleetRunOptions): Promise<CommandEnding> =>
  onNumbers(terminal, options, async (fleet, numbers) => {
    const ids = numbers.map(({ id }) => id)
    const results = await watched(terminal, fleet, ids, ['Registering', id => registerNumber(fleet, id)])
    return endingOf(fleet, results, 'Registered')
  })

export const fleetProve = (terminal: Terminal, options: FleetRunOptions): Promise<CommandEnding> =>
  onNumbers(terminal, options, async (fleet, numbers) => {
    const ids = numbers.map(({ id }) => id)
    const results = await watched(terminal, fleet, ids, ['Proving', id => provePin(fleet, id)])
    return endingOf(fleet, results, 'Proved the PIN of')
  })

export const fleetRotate = (terminal: Terminal, options: RotateOptions): Promise<CommandEnding> => {
  const selection = selectionOf(options)
  return onNumbers(terminal, options, async (fleet, numbers, only) => {
    const { vault, time } = fleet
    const { round: last } = vault.contents()
    const { ids, round, goesOn } = dueNumbers(numbers, only, { selection, round: last, now: time.now() })
    if (options.dryRun === true) return listed(numbers, ids)
    if (round !== undefined && !goesOn && ids.length > 0) vault.saveRound(round)
    const takesOver = options.takeOver === true || only !== undefined
    const results = await watched(terminal, fleet, ids, ['Rotating PINs', id => rotatePin(fleet, id, takesOver)])
    if (round !== undefined && isOver(results) && (goesOn || ids.length > 0))
      vault.saveRound({ ...round, isOpen: false })
    const note = goesOn ? ['Went on with the rotation that was interrupted.'] : []
    return endingOf(fleet, results, 'Gave a new PIN to', note)
  })
}

function selectionOf({ olderThan, resume }: RotateOptions): Selection {
  if (resume === true && olderThan !== undefined) {
    throw new CannotRun('--resume and --older-than say two different things.', 'Take one of them.')
  }
  if (resume === true) return { kind: 'resume' }
  if (olderThan === undefined) return { kind: 'round' }
  const days = /^([0-9]{1,4})d?$/.exec(olderThan)?.[1]
  if (days === undefined) throw new CannotRun('--older-than cannot be read.', 'Write days, such as 90d.')
  return { kind: 'older', than: Number(days) * day }
}

function listed(numbers: readonly FleetNumber[], ids: readonly string[]): CommandEnding {
  const due = numbers.filter(({ id }) => ids.includes(id))
  const words = [
    `${count(due.length, 'number')} would get a new PIN. Nothing was sent.`,
    ...due.map(number => `  ${called(number)}`),
  ]
  return { code: 0, words: words.join('\n'), json: { dryRun: true, ids } }
}

async function watched(
  terminal: Terminal,
  fleet: Fleet,
  ids: readonly string[],
  [label, work]: readonly [label: string, work: (id: string) => Promise<Ending>],
): Promise<readonly Result[]> {
  const progress = startProgress(terminal)
  try {
    progress.show(label, 0, ids.length)
    return await goThrough(fleet, ids, work, done => progress.show(label, done, ids.length))
  } finally {
    progress.end()
  }
}

const done = { rotated: 1, settled: 1, registered: 1, proved: 1, already: 1 } as const
const isDone = ({ ending }: Result): boolean => ending.kind in done

function endingOf(
  { vault, time }: OpenFleet,
  results: readonly Result[],
  did: string,
  notes: readonly string[] = [],
): CommandEnding {
  const of = (kind: Result['ending']['kind']) => results.filter(({ ending }) => ending.kind === kind).length
  const all = results.filter(isDone).length
  const already = of('already')
  const lines = [
    ...notes,
    `${did} ${count(all - already, 'number')}${already === 0 ? '' : `; ${already} had it already`}.`,
    ...(of('settled') === 0
      ? []
      : [`Of these, ${of('settled')} had been interrupted: the PIN that was sent then is in force.`]),
    ...results.flatMap(({ id, ending }) =>
      ending.kind === 'needs' ? [`  ${called(vault.number(id))}: ${sentence(ending.need)}`] : [],
    ),
    ...skippedLines(results),
    ...clockLines(time),
  ]
  const json = results.map(({ id, ending }) =>
    ending.kind === 'needs'
      ? { id, ending: ending.kind, need: ending.need.kind, code: ending.need.code, until: moment(ending.need.until) }
      : { id, ending: ending.kind, ...(ending.kind === 'skipped' ? { because: ending.because } : {}) },
  )
  return { code: all === results.length ? 0 : 1, words: lines.join('\n'), json: { numbers: json } }
}

const sentence = (need: Need): string => {
  const { what, todo } = describeNeed(need)
  return `${what}${need.until === undefined ? '' : `, until ${moment(need.until)}`}. ${todo}`
}

function skippedLines(results: readonly Result[]): readonly string[] {
  const skipped = results.flatMap(({ ending }) => (ending.kind === 'skipped' ? [ending.because] : []))
  return [...new Set(skipped)].map(because => {
    const many = skipped.filter(each => each === because).length
    const { what } = describeNeed({ kind: because })
    return `  ${count(many, 'more number')} ${many === 1 ? 'was' : 'were'} left alone, for the same reason: ${what}.`
  })
}

function clockLines(time: OpenFleet['time']): readonly string[] {
  const offset = time.offset() ?? 0
  if (Math.abs(offset) < 5 * minute) return []
  const minutes = Math.round(Math.abs(offset) / minute)
  return [
    `This machine’s clock is ${minutes} minutes ${offset > 0 ? 'behind' : 'ahead of'} the server’s. The server’s was used.`,
  ]
}
