// The schemas of the contract as OpenAPI has them: objects under names of their own, what is smaller where it is used.

import { z } from 'zod'
import { assert } from '#core/kernel/outcome.ts'
import * as addresses from './account-addresses.ts'
import * as appPasswords from './account-app-passwords.ts'
import * as device from './account-device.ts'
import * as history from './account-history.ts'
import * as resets from './account-password-resets.ts'
import * as stepUp from './account-step-up.ts'
import * as twoStep from './account-two-step.ts'
import * as users from './account-users.ts'
import * as accounts from './accounts.ts'
import type { Answered } from './calls/call.ts'
import { groups } from './calls/calls.ts'
import * as operator from './operator.ts'
import * as registrations from './registrations.ts'
import * as upkeep from './upkeep.ts'

/** Any JSON object. */
export type Json = Readonly<Record<string, unknown>>

// Earlier names stand; one that comes twice is told apart by where it is from.
const modules = [
  ['', registrations],
  ['Account', accounts],
  ['Reset', resets],
  ['User', users],
  ['Address', addresses],
  ['History', history],
  ['StepUp', stepUp],
  ['Account', twoStep],
  ['Notified', device],
  ['AppPassword', appPasswords],
  ['Operator', operator],
  ['Upkeep', upkeep],
] as const

const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`

/** Objects get names of their own, and are shown once; what is smaller stands where it is used. */
function namedSchemas(): ReadonlyMap<z.ZodType, string> {
  const names = new Map<z.ZodType, string>()
  const taken = new Map<string, string>()
  for (const [from, module] of modules) {
    for (const [key, schema] of Object.entries(module)) {
      if (!(schema instanceof z.ZodObject || schema instanceof z.ZodUnion) || names.has(schema)) continue
      const text = JSON.stringify(written(schema, 'input'))
      const name = [capital(key), `${from}${capital(key)}`].find(each => [undefined, text].includes(taken.get(each)))
      assert(name !== undefined, 'no two schemas share a name')
      names.set(schema, name)
      taken.set(name, text)
    }
  }
  return names
}

const names = namedSchemas()
/** A reference to a schema, or itself where it has no name. */
export const refTo = (schema: z.ZodType): Json => {
  const name = names.get(schema)
  return name === undefined ? { ...written(schema, 'input') } : { $ref: `#/components/schemas/${name}` }
}

/** Written as one schema without references. */
export function written(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return readable(rest) as Json
}

// A moment's pattern says no more than its format, in three hundred signs.
function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable)
  if (typeof value !== 'object' || value === null) return value
  const object = value as Json
  const noise = object.format === undefined ? [] : ['pattern']
  if (object.maximum === Number.MAX_SAFE_INTEGER) noise.push('maximum')
  const kept = Object.entries(object).filter(([key]) => !noise.includes(key))
  return Object.fromEntries(kept.map(([key, each]) => [key, readable(each)]))
}

// Whoever reads our answers must be ready for fields that come later; whoever writes to us is told of each that is wrong.
const open = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(open)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key, each]) => !(key === 'additionalProperties' && each === false))
  return Object.fromEntries(kept.map(([key, each]) => [key, open(each)]))
}

/** All that calls take and answer, by name. */
export function schemas(): Json {
  const calls = groups.flatMap(group => group.calls)
  const isSchema = (answered: Answered): answered is z.ZodType => typeof answered === 'object'
  const taken = calls.flatMap(({ takes }) => (takes === undefined ? [] : [takes]))
  const answered = calls.flatMap(({ answers }) => Object.values(answers).filter(isSchema))
  const all = (list: readonly z.ZodType[], io: 'input' | 'output') =>
    [...new Set(list)].flatMap(schema => {
      const name = names.get(schema)
      const json = written(schema, io)
      return name === undefined ? [] : [[name, io === 'output' ? open(json) : json] as const]
    })
  return Object.fromEntries([...all(taken, 'input'), ...all(answered, 'output')])
}
