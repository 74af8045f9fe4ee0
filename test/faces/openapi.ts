// Holds what the server really answers at /api/v1 to openapi.json: the status is documented, the body fits its schema and has
// nothing beside it, and a refusal is of a kind that this call may be refused with.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'

type Json = Readonly<Record<string, unknown>>
type Reply = { readonly content?: Readonly<Record<string, { readonly schema: Json }>> }
type Operation = {
  readonly operationId: string
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Json; readonly example?: unknown }>>
  }
  readonly responses: Readonly<Record<string, Reply & { readonly $ref?: string }>>
}

/** As much of the document as tests read. */
export type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly responses: Readonly<Record<string, Reply>>
    readonly schemas: Readonly<Record<string, Json>>
  }
}

export const document: Document = JSON.parse(readFileSync('src/contract/openapi.json', 'utf8'))

/** Every call: what it is made by, and what its address looks like. Those that name everything come first. */
export const operations = Object.entries(document.paths)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...{ method: method.toUpperCase(), path, operation },
      address: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`),
    })),
  )
  .toSorted((one, other) => one.path.split('{').length - other.path.split('{').length)

// Answers may have new fields at any time, so the document does not forbid them. Here each has to be written down.
const closed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(closed)
  if (typeof value !== 'object' || value === null) return value
  const object = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, closed(each)]))
  return 'properties' in object && !('additionalProperties' in object)
    ? { ...object, additionalProperties: false }
    : object
}

let ajv: Ajv | undefined
const compiled = new Map<string, ValidateFunction>()

/** What is wrong with a value by a named schema of the document; nothing when it fits. */
export function misfit(name: string, value: unknown): string | undefined {
  if (ajv === undefined) {
    ajv = new Ajv({ strict: false, allErrors: true })
    formats.default(ajv)
  }
  const validate = compiled.get(name) ?? ajv.compile(closed(document.components.schemas[name]) as Json)
  compiled.set(name, validate)
  return validate(value) ? undefined : ajv.errorsText(validate.errors)
}

export const schemaName = (schema: Json | undefined): string =>
  String(schema?.$ref ?? '')
    .split('/')
    .at(-1) ?? ''

type Told = {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly text: string
  readonly type: string
}

// What was held to it before needs no second look: some tests say the same a thousand times.
const held = new Set<string>()

/** Throws where an answer is not as the document says. Answers to what it does not know are none of its business. */
export function holdToOpenapi({ method, path, status, text, type }: Told): void {
  if (!path.startsWith('/api/v1/')) return
  const [pathname = ''] = path.split('?')
  const told = `${method} ${pathname} ${status} ${type} ${text.replace(/urn:uuid:[0-9a-f-]{36}/, '')}`
  if (held.has(told)) return
  held.add(told)
  const found = operations.find(each => each.method === method && each.address.test(pathname))
  // A head section comes alone, and whatever another method is refused with is no call's.
  if (found === undefined || status === 405) return
  const { operation } = found
  const where = `openapi.json: ${operation.operationId} ${method} ${path} → ${status} ${text}`
  const written = operation.responses[String(status)]
  const reply =
    written?.$ref === undefined ? written : document.components.responses[written.$ref.split('/').at(-1) ?? '']
  assert(reply !== undefined, where)
  const schema = reply.content?.[type.split(';')[0] ?? '']?.schema
  if (reply.content === undefined) assert.equal(text, '', where)
  else assert(schema !== undefined, `${where}: ${type}`)
  if (schema === undefined || !/json/.test(type)) return
  const body = JSON.parse(text)
  if (status >= 400) {
    const [, { properties }] = schema.allOf as [unknown, { properties: { kind: { enum: readonly string[] } } }]
    assert(properties.kind.enum.includes(body.kind), where)
  }
  assert.equal(misfit(status < 400 ? schemaName(schema) : 'Problem', body), undefined, where)
}
