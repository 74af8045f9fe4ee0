// A JSON Schema as rows that people read: one row a field, with what it may be in words.

/** As much of JSON Schema as our own document has. */
export type Schema = {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly description?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
}

export type Field = {
  /** With the names of what it is in: `session.token`, `devices[].id`. */
  readonly name: string
  /** What it may be. */
  readonly kind: string
  readonly required: boolean
  readonly says: string
}

/** The rows of an object; those of its parts follow it. `resolve` follows a reference. */
export function fieldsOf(schema: Schema, resolve: (schema: Schema) => Schema, within = ''): readonly Field[] {
  const object = resolve(schema)
  if (object.anyOf !== undefined) return variants(object.anyOf, resolve, within)
  return Object.entries(object.properties ?? {}).flatMap(([name, each]) => {
    const field = resolve(each)
    const full = `${within}${name}`
    const said = each.description ?? field.description ?? ''
    const byDefault = field.default === undefined ? '' : `Left out: ${JSON.stringify(field.default)}.`
    return [
      {
        name: full,
        kind: kindOf(field, resolve),
        required: object.required?.includes(name) ?? false,
        says: [said, byDefault].filter(text => text !== '').join(' '),
      },
      ...inside(field, resolve, full),
    ]
  })
}

// Rows that several ways of writing it share stand once, and are needed where all of them need it.
function variants(of: readonly Schema[], resolve: (schema: Schema) => Schema, within: string): readonly Field[] {
  const ways = of.map(each => fieldsOf(each, resolve, within))
  const names = [...new Set(ways.flatMap(way => way.map(({ name }) => name)))]
  return names.flatMap(name => {
    const rows = ways.flatMap(way => way.filter(row => row.name === name))
    const [first] = rows
    if (first === undefined) return []
    const kind = [...new Set(rows.map(row => row.kind))].join(' or ')
    return [{ ...first, kind, required: rows.length === ways.length && rows.every(row => row.required) }]
  })
}

function inside(field: Schema, resolve: (schema: Schema) => Schema, name: string): readonly Field[] {
  const one = resolve(field.anyOf?.find(each => each.type !== 'null') ?? field)
  if (one.properties !== undefined) return fieldsOf(one, resolve, `${name}.`)
  const items = one.items === undefined ? undefined : resolve(one.items)
  return items?.properties === undefined ? [] : fieldsOf(items, resolve, `${name}[].`)
}

const words: Readonly<Record<string, string>> = { string: 'text', integer: 'whole number', boolean: 'true or false' }
const formats: Readonly<Record<string, string>> = {
  'date-time': 'moment (RFC 3339)',
  date: 'date',
  email: 'e-mail address',
  ipv4: 'IPv4 address',
  ipv6: 'IPv6 address',
}

function kindOf(field: Schema, resolve: (schema: Schema) => Schema): string {
  if (field.anyOf !== undefined) {
    return [...new Set(field.anyOf.map(each => kindOf(resolve(each), resolve)))].join(' or ')
  }
  if (field.const !== undefined) return JSON.stringify(field.const)
  if (field.enum !== undefined) return field.enum.map(each => JSON.stringify(each)).join(', ')
  if (field.items !== undefined) return `list of ${kindOf(resolve(field.items), resolve)}`
  const types = [field.type ?? 'anything'].flat().map(type => words[type] ?? type)
  return `${formats[field.format ?? ''] ?? types.join(' or ')}${bounds(field)}`
}

function bounds({ minimum, maximum, minLength, maxLength }: Schema): string {
  if (maxLength !== undefined)
    return `, ${minLength === undefined ? 'at most' : `${minLength} to`} ${maxLength} characters`
  if (maximum !== undefined) return `, ${minimum ?? 0} to ${maximum}`
  return ''
}
