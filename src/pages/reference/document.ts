// openapi.json as the reference's pages show it: groups of calls, each with its fields and refusals laid out in rows.

import { readFileSync } from 'node:fs'
import { type Field, fieldsOf, type Schema } from './fields.ts'

const file = new URL('../../contract/openapi.json', import.meta.url)

/** The document as it is handed out. Read when it is first asked for: a start need not pay for it. */
export function documentText(): string {
  text ??= readFileSync(file, 'utf8')
  return text
}
let text: string | undefined

export type Refusal = { readonly status: string; readonly kind: string; readonly says: string }
export type Answer = {
  readonly status: string
  readonly says: string
  readonly fields: readonly Field[]
  readonly example: string | undefined
}

/** One call, as it is shown. */
export type Operation = {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly says: string
  readonly more: string | undefined
  /** What to show to be let in, in words; empty where anybody may ask. */
  readonly by: readonly string[]
  /** Which of the security schemes these are, for who tries it. */
  readonly schemes: readonly string[]
  readonly parameters: readonly (Field & { readonly in: string })[]
  readonly body: readonly Field[] | undefined
  readonly bodyExample: string | undefined
  readonly answers: readonly Answer[]
  readonly refusals: readonly Refusal[]
}

export type Group = {
  readonly name: string
  /** Its place in addresses. */
  readonly slug: string
  readonly says: string
  readonly operations: readonly Operation[]
}

export type Reference = {
  readonly version: string
  readonly about: string
  readonly groups: readonly Group[]
}

// What of the document is read here. It is ours: a test holds it to OpenAPI's own schema.
type Shown = { readonly schema: Schema; readonly example?: unknown }
type Content = Readonly<Record<string, Shown>>
type Reply = { readonly description: string; readonly content?: Content }
type Parameter = {
  readonly name: string
  readonly in: string
  readonly description?: string
  readonly required?: boolean
  readonly schema: Schema
}
type Ref = { readonly $ref: string }
type Written = {
  readonly operationId: string
  readonly tags: readonly [string]
  readonly summary: string
  readonly description?: string
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters?: readonly (Parameter | Ref)[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, Reply | Ref>>
}
type Document = {
  readonly info: { readonly version: string; readonly description: string }
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Written>>>>
  readonly components: {
    readonly securitySchemes: Readonly<Record<string, { readonly description: string }>>
    readonly parameters: Readonly<Record<string, Parameter>>
    readonly responses: Readonly<Record<string, Reply>>
    readonly schemas: Readonly<Record<string, Schema>>
  }
}

/** The reference, made once. */
export function reference(): Reference {
  made ??= referenceOf(JSON.parse(documentText()))
  return made
}
let made: Reference | undefined

function referenceOf(document: Document): Reference {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, written]) => ({
      tag: written.tags[0],
      operation: operationOf(document, method.toUpperCase(), path, written),
    })),
  )
  const groups = document.tags.map(({ name, description }) => ({
    name,
    slug: slugOf(name),
    says: description,
    operations: operations.filter(({ tag }) => tag === name).map(({ operation }) => operation),
  }))
  return { version: document.info.version, about: document.info.description, groups }
}

const slugOf = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]+/g, '-')
const pretty = (value: unknown): string | undefined =>
  value === undefined ? undefined : JSON.stringify(value, undefined, 2)
const nameOf = ({ $ref }: Ref): string => $ref.split('/').at(-1) ?? ''

function operationOf(document: Document, method: string, path: string, written: Written): Operation {
  const { components } = document
  const resolve = (schema: Schema): Schema =>
    schema.$ref === undefined ? schema : (components.schemas[nameOf({ $ref: schema.$ref })] ?? {})
  const rows = (schema: Schema): readonly Field[] => fieldsOf(schema, resolve)
  const schemes = [...new Set(written.security.flatMap(each => Object.keys(each)))]
  const replies = Object.entries(written.responses).map(([status, reply]) => {
    return { status, reply: '$ref' in reply ? components.responses[nameOf(reply)] : reply }
  })
  const parameters = (written.parameters ?? []).flatMap(each => {
    const parameter = '$ref' in each ? components.parameters[nameOf(each)] : each
    return parameter === undefined ? [] : [parameterOf(parameter)]
  })
  const body = written.requestBody?.content['application/json']
  return {
    id: written.operationId,
    method,
    path,
    says: written.summary,
    more: written.description,
    by: schemes.map(name => components.securitySchemes[name]?.description ?? ''),
    schemes,
    parameters,
    body: body === undefined ? undefined : rows(body.schema),
    bodyExample: pretty(body?.example),
    answers: replies
      .filter(({ status }) => status.startsWith('2'))
      .map(({ status, reply }) => {
        const shown = reply?.content?.['application/json']
        const fields = shown === undefined ? [] : rows(shown.schema)
        return { status, says: reply?.description ?? '', fields, example: pretty(shown?.example) }
      }),
    refusals: replies
      .filter(({ status }) => !status.startsWith('2'))
      .flatMap(({ status, reply }) => (reply?.description ?? '').split('\n').map(line => refusalOf(status, line))),
  }
}

// As `kind`: what it says.
function refusalOf(status: string, line: string): Refusal {
  const [, kind = '', says = ''] = /^`(\w+)`: (.*)$/.exec(line) ?? []
  return { status, kind, says }
}

function parameterOf(parameter: Parameter): Field & { readonly in: string } {
  const [row] = fieldsOf({ properties: { [parameter.name]: parameter.schema } }, schema => schema)
  return {
    name: parameter.name,
    in: parameter.in,
    kind: row?.kind ?? 'text',
    required: parameter.required ?? false,
    says: parameter.description ?? row?.says ?? '',
  }
}
