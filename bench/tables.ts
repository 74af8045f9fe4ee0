// Figures as a person reads them: the median, and in brackets how far the rounds lay apart.

import type { GrowthRow } from './growth.ts'
import type { Figure } from './measure.ts'
import type { OperationsReport, Row } from './operations.ts'
import type { Starts } from './start.ts'

const figure = (of: Figure | undefined, digits = 0): string => {
  if (of === undefined || Number.isNaN(of.median)) return ''
  const [median, least, most] = [of.median, of.least, of.most].map(value => value.toFixed(digits))
  return `${median} (${least}–${most})`
}

/** Lines with columns as wide as what is in them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, at) => Math.max(...all.map(row => row[at]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row.map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ')
  return ['', line(head), widths.map(width => '─'.repeat(width)).join('  '), ...rows.map(line), ''].join('\n')
}

export function operationsTable({ rows, residentAtLoad }: OperationsReport): string {
  const waits = ['p50 ms', 'p99 ms', 'even: p50', 'p99']
  const head = ['operation', 'on', 'a second', 'CPU µs each', 'bytes written', 'commits', ...waits]
  const lines = rows.map(({ what, on, perSecond, cost, wait }) => [
    what,
    on,
    figure(perSecond),
    figure(cost?.cpuMicros),
    figure(cost?.writtenBytes),
    cost === undefined ? '' : cost.commits.median.toFixed(2),
    figure(wait?.random.p50, 2),
    figure(wait?.random.p99, 2),
    figure(wait?.even.p50, 2),
    figure(wait?.even.p99, 2),
  ])
  const resident = Object.entries(residentAtLoad).map(([on, bytes]) => `${on} ${(bytes / 1e6).toFixed(0)} MB`)
  return `${table(head, lines)}\nresident memory after the load: ${resident.join(', ')}\n`
}

/** Each goal with what was seen. */
export function goalsOf({ rows }: OperationsReport): string {
  const seen = (what: string, on: string): Row | undefined => rows.find(row => row.what === what && row.on === on)
  const pace = (what: string, on: string): number => seen(what, on)?.perSecond.median ?? Number.NaN
  const pair = 'request and check a code'
  const ofLimit = (share: number) => `${(share * 100).toFixed(1)} %`
  const ofBare = (share: number, goal: number) => `${ofLimit(share)} (goal: at least ${goal} %)`
  const tail = ({ what, on, wait }: Row) => {
    if (wait === undefined) return []
    const [random, even] = [wait.random, wait.even].map(({ p50, p99 }) => (p99.median / p50.median).toFixed(1))
    return [[`${what} · ${on}`, `p99 is ${random} × p50, of those that come evenly ${even} × (goal: under 4)`]]
  }
  const lines = [
    ['pairs of bare HTTP', ofBare(pace(pair, 'SQLite') / pace(pair, 'bare HTTP'), 15)],
    ['pairs of bare rows, sealed', ofLimit(pace(pair, 'SQLite') / pace(pair, 'bare rows, sealed'))],
    ['bare rows, sealed, of bare HTTP', ofLimit(pace(pair, 'bare rows, sealed') / pace(pair, 'bare HTTP'))],
    ['PIN checks of bare argon2id', ofBare(pace('right PIN', 'SQLite') / pace('PIN hash', 'bare argon2id'), 90)],
    [
      'bare rows, sealed, of argon2id',
      ofLimit(pace('right PIN', 'bare rows, sealed') / pace('PIN hash', 'bare argon2id')),
    ],
    [
      'PostgreSQL commits of bare',
      ofBare(pace('commit', 'store on PostgreSQL') / pace('commit', 'bare PostgreSQL'), 50),
    ],
    ...rows.flatMap(tail),
  ]
  return table(['goal', 'seen'], lines)
}

export function growthTable(rows: readonly GrowthRow[]): string {
  const head = ['engine', 'numbers', 'bytes each', 'read, ms', 'times the smallest', 'pair, ms', 'times the smallest']
  const lines = rows.map(row => {
    const smallest = rows.find(each => each.engine === row.engine)
    const times = (of: 'read' | 'pair') => (row[of].median / (smallest?.[of].median ?? Number.NaN)).toFixed(2)
    return [
      row.engine,
      row.numbers.toLocaleString('en'),
      row.bytesPerNumber.toFixed(0),
      figure(row.read, 3),
      times('read'),
      figure(row.pair, 3),
      times('pair'),
    ]
  })
  return table(head, lines)
}

export function startTable({ firstAnswerMs, idleBytes, overNew }: Starts): string {
  const megabytes = ({ median, least, most, rounds }: Figure): Figure => {
    return { median: median / 1e6, least: least / 1e6, most: most / 1e6, rounds }
  }
  return table(
    ['start, on one core', '', 'first answer, ms', 'idle, MB'],
    [
      ['over a database that is there', '', figure(firstAnswerMs), figure(megabytes(idleBytes))],
      ['over a new one', '', figure(overNew.firstAnswerMs), figure(megabytes(overNew.idleBytes))],
      ['goal', '', 'under 400', 'under 110'],
    ],
  )
}
