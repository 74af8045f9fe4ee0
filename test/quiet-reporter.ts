// The test reporter: nothing while all is well, every failure in full, and how many at the end. Node decides the exit
// code; this only tells.
//
// Counted are leaves: a test that only holds others is neither passed nor failed, unless it fails by itself.

import { relative } from 'node:path'
import type { TestEvent } from 'node:test/reporters'
import { inspect } from 'node:util'
import { groupOfEntry } from './group-entry.js'

type Ended = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>

/** Reports on what `node --test` says, in lines for people and for whoever reads the last one: `3 passed, 0 failed`. */
export default async function* quietReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const count = { passed: 0, failed: 0, skipped: 0 }
  // Names of the tests that are open, outermost first, and how many have ended inside the one at each depth.
  const open: string[] = []
  const ended: number[] = []
  const printed = new Map<string, string>()
  const failedIn = new Set<string>()
  let milliseconds: number | undefined

  for await (const event of events) {
    if (event.type === 'test:start') {
      open.splice(event.data.nesting, Number.POSITIVE_INFINITY, event.data.name)
    } else if (event.type === 'test:stdout' || event.type === 'test:stderr') {
      const { file, message } = event.data
      printed.set(file, (printed.get(file) ?? '') + message)
    } else if (event.type === 'test:pass' || event.type === 'test:fail') {
      const { nesting } = event.data
      const holdsOthers = (ended[nesting + 1] ?? 0) > 0 || event.data.details.type === 'suite'
      ended[nesting + 1] = 0
      ended[nesting] = (ended[nesting] ?? 0) + 1
      const ending = endingOf(event, holdsOthers)
      if (ending !== undefined) count[ending] += 1
      if (ending === 'failed') {
        const names = [...open.slice(0, nesting), event.data.name]
        for (const file of [event.data.file, names[0]]) if (file !== undefined) failedIn.add(nameOf(file))
        yield failure(event, names)
      }
    } else if (event.type === 'test:summary' && event.data.file === undefined) {
      milliseconds = event.data.duration_ms
    }
  }
  // Last, because what a file prints may arrive after its failures.
  for (const [file, text] of printed) {
    const name = nameOf(file)
    if ([...failedIn].some(failed => failed === name || failed.startsWith(`${name}/`))) {
      yield `${name} printed:\n${indented(text.trimEnd())}\n\n`
    }
  }
  if (milliseconds !== undefined) yield `${(milliseconds / 1000).toFixed(1)} s\n`
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ''
  yield `${count.passed} passed, ${count.failed} failed${skipped}\n`
}

/** Files that share a process print as the group that they are in (see run.js), which has the name of their folder. */
const nameOf = (file: string): string => groupOfEntry(file) ?? relative('.', file)

function endingOf(event: Ended, holdsOthers: boolean): 'passed' | 'failed' | 'skipped' | undefined {
  const { skip, todo } = event.data
  if (isSaid(skip) || isSaid(todo)) return 'skipped'
  if (event.type === 'test:pass') return holdsOthers ? undefined : 'passed'
  return holdsOthers && kindOfFailure(event) === 'subtestsFailed' ? undefined : 'failed'
}

const isSaid = (mark: string | boolean | undefined): boolean => mark !== undefined && mark !== false

const kindOfFailure = (event: Ended): unknown =>
  event.type === 'test:fail' ? Reflect.get(event.data.details.error, 'failureType') : undefined

function failure(event: Ended, names: readonly string[]): string {
  const { file, line, column } = event.data
  const place = file === undefined ? '' : ` (${relative('.', file)}${line === undefined ? '' : `:${line}:${column}`})`
  return `FAILED ${names.filter(name => name !== '<anonymous>').join(' > ')}${place}\n${indented(reasonOf(event))}\n\n`
}

/** What was thrown, with Node's own frames left out: they say nothing about our code. */
function reasonOf(event: Ended): string {
  if (event.type !== 'test:fail') return ''
  const { error } = event.data.details
  const thrown: unknown = error.cause ?? error
  if (typeof thrown === 'string') return thrown
  // The message of an assertion has the difference in it; its properties would show all of it again.
  const isAssertion = thrown instanceof Error && Reflect.get(thrown, 'code') === 'ERR_ASSERTION'
  const text =
    isAssertion && thrown.stack !== undefined ? thrown.stack : inspect(thrown, { depth: 8, breakLength: 120 })
  return text.replace(/\n\s+at (?:.*\()?node:.*/g, '').replaceAll('file://', '')
}

const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ')
