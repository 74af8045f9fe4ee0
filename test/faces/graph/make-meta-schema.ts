// Makes meta-schema.json, the digest that replies are held against, from Meta's OpenAPI description:
//
//     node test/faces/graph/make-meta-schema.ts <the description, as YAML>
//
// Only facts are taken over: types, what is required, enums, patterns, bounds, and which error code comes with which HTTP
// status. No sentence of the description is.

import { readFileSync, writeFileSync } from 'node:fs'
import { parse } from 'yaml'

type Node = Readonly<Record<string, unknown>>

const facts = new Set([
  ...['type', 'required', 'enum', 'pattern', 'properties', 'items', 'oneOf', 'allOf', '$ref'],
  ...['minLength', 'maxLength', 'minimum', 'maximum', 'nullable'],
])

const [path = ''] = process.argv.slice(2)
const source = parse(readFileSync(path, 'utf8')) as Node

const node = (value: unknown): Node => (typeof value === 'object' && value !== null ? (value as Node) : {})
const at = (value: unknown, ...names: readonly string[]): unknown =>
  names.reduce<unknown>((inner, name) => node(inner)[name], value)

/** The schema with its facts only. */
function digest(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(digest)
  if (typeof schema !== 'object' || schema === null) return schema
  const kept = Object.entries(schema).filter(([name]) => facts.has(name))
  return Object.fromEntries(kept.map(([name, value]) => [name, name === 'properties' ? named(value) : digest(value)]))
}
const named = (properties: unknown): unknown =>
  Object.fromEntries(Object.entries(node(properties)).map(([name, schema]) => [name, digest(schema)]))

/** Code, subcode and type of the errors that are shown for a status. */
function errorsOf(media: unknown): readonly unknown[] {
  const shown = [at(media, 'example'), ...Object.values(node(at(media, 'examples'))).map(each => at(each, 'value'))]
  const errors = shown.map(each => node(at(each, 'error'))).filter(error => error.code !== undefined)
  const read = errors.map(error => [error.code, error.error_subcode ?? null, error.type])
  return [...new Set(read.map(each => JSON.stringify(each)))].sort().map(each => JSON.parse(each))
}

function operationOf(operation: Node): Node {
  const media = (value: unknown) => at(value, 'content', 'application/json')
  const request = at(media(operation.requestBody), 'schema')
  const answers = Object.entries(node(operation.responses)).map(([status, answer]) => {
    const errors = errorsOf(media(answer))
    return [status, { schema: digest(at(media(answer), 'schema')), ...(errors.length === 0 ? {} : { errors }) }]
  })
  return { ...(request === undefined ? {} : { request: digest(request) }), responses: Object.fromEntries(answers) }
}

const methods = ['get', 'post', 'delete']
const operations = Object.entries(node(source.paths)).flatMap(([route, of]) =>
  methods.flatMap(method => {
    const operation = at(of, method)
    if (operation === undefined) return []
    const { request, ...rest } = operationOf(node(operation))
    const takesMessages = route.endsWith('/messages')
    return [[`${method.toUpperCase()} ${route}`, takesMessages || request === undefined ? rest : { request, ...rest }]]
  }),
)

// The schemas that are referred to, and those that they refer to.
const schemas: Record<string, unknown> = {}
const gather = (value: unknown): void => {
  for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    if (schemas[name] !== undefined) continue
    schemas[name] = digest(at(source, 'components', 'schemas', name))
    gather(schemas[name])
  }
}
gather(operations)

const agent = String(at(source, 'components', 'parameters', 'UserAgent', 'schema', 'default') ?? '')
const made = {
  source: "Meta's business messaging OpenAPI description",
  version: at(source, 'info', 'version'),
  spec: /spec=([0-9-]+)/.exec(agent)?.[1],
  operations: Object.fromEntries(operations),
  schemas: Object.fromEntries(Object.entries(schemas).toSorted(([one], [other]) => one.localeCompare(other))),
}
const text = JSON.stringify(made).replaceAll('#/components/schemas/', '#/schemas/')
writeFileSync(new URL('meta-schema.json', import.meta.url), text)
