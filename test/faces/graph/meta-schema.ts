// Meta's own schema of the Graph calls, and in what our replies differ from it on purpose. Meta's OpenAPI description and
// the live Graph disagree in places; clients are written against the live Graph, so that is followed. Each difference
// stands in one table below with its reason, and a reply that differs in any other way is a failure.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'

type Schema = Readonly<Record<string, unknown>>
type ShownError = readonly [code: number, subcode: number | null, type: string]
type Answer = { readonly schema: Schema; readonly errors?: readonly ShownError[] }
type Operation = { readonly request?: Schema; readonly responses: Readonly<Record<string, Answer>> }
type Meta = {
  readonly source: string
  readonly version: string
  readonly spec: string
  readonly operations: Readonly<Record<string, Operation>>
  readonly schemas: Readonly<Record<string, Schema>>
}

/** The digest that make-meta-schema.ts made. */
export const meta: Meta = JSON.parse(readFileSync(new URL('meta-schema.json', import.meta.url), 'utf8'))

/** What goes over the wire in both directions, as far as Meta's schema speaks of it. */
export type Exchanged = {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

const before133 = 'the file has 422 for every wrong state; the live Graph answers with a code of its own and status 400'
const shownForNodes = 'the file shows this one for reading a node only; the live Graph says it on every call'

/** Every way in which replies differ from the file, as {@link differences} names it, and why. */
export const exceptions: Readonly<Record<string, string>> = {
  'quality_rating UNKNOWN': 'the phone number page has UNKNOWN for a number without a rating, the file NA',
  'code_verification_status NOT_VERIFIED': 'the phone number page has NOT_VERIFIED, the file UNVERIFIED',
  'code_verification_status EXPIRED': 'the phone number page has EXPIRED for a proof that has ended',
  'status CONNECTED': 'the phone number page has CONNECTED, the file LINKED',
  'status DISCONNECTED': 'the phone number page has DISCONNECTED, the file UNLINKED',
  'messaging_limit_tier TIER_NOT_SET': 'the page on messaging limits has TIER_NOT_SET for a number that cannot send',
  'no display_phone_number': 'Graph answers the fields that were asked for; the file calls it required in lists',
  'no status': 'Graph answers the fields that were asked for; the file calls it required in lists',
  'no operation DELETE /{Version}/{Phone-Number-ID}': 'the file does not delete numbers; WhatsApp Manager does',
  'no operation': 'a path or method that is not in the file: what Graph says of unknown paths',
  '401 104 OAuthException': shownForNodes,
  '401 190 OAuthException': 'the file gives every 190 the subcode of an expired token, the live Graph only that one',
  '403 10 OAuthException': 'the file has 200 for a permission that is missing; the live Graph also 10, with this text',
  '400 100/33 GraphMethodException': 'the file has 404 and 803 for an unknown id; the live Graph has this one',
  '403 131031 OAuthException': before133,
  '400 133005 OAuthException': before133,
  '400 133006 OAuthException': before133,
  '400 133008 OAuthException': before133,
  '400 133009 OAuthException': before133,
  '400 133010 OAuthException': before133,
  '400 133015 OAuthException': before133,
  '400 133016 OAuthException': 'the file has 429 and 4; the registration page and the error page have 133016',
  '400 136024 OAuthException': 'the file has 422 and 100; the reference page has 136024 for a code that cannot be sent',
  '400 136025 OAuthException': 'the file has 422 and 100; the reference page has 136025 for a code that is not right',
  '409 100/2388012 GraphMethodException': 'the file has 409 and 100 without the subcode that the error page gives it',
  '429 80007/2446079 OAuthException': shownForNodes,
  '503 133004 OAuthException': 'the error page has 503 for a server that is busy; the file knows no 503',
  '503 2 OAuthException': 'the error page has 503 for a service that is away; the file knows no 503',
}

/** How a reply differs from the file. Empty: not at all. */
export function differences(reply: Exchanged): readonly string[] {
  const operation = meta.operations[operationOf(reply)]
  const failed = reply.status >= 400
  const own = failed ? (operation?.responses['400'] ?? envelope) : (operation?.responses[reply.status] ?? success)
  const schema = failed ? envelope : own
  const found = invalid(schema.schema, reply.body)
  if (operation === undefined) {
    const name = operationOf(reply)
    return [...found, Object.hasOwn(exceptions, `no operation ${name}`) ? `no operation ${name}` : 'no operation']
  }
  return [...found, ...(failed ? unknownError(operation, reply) : [])]
}

/** Fails when a reply differs from the file in a way that is not in the table. */
export function holdToMeta(reply: Exchanged): void {
  const unexplained = differences(reply).filter(each => !Object.hasOwn(exceptions, each))
  const { method, path, status, body } = reply
  assert.deepEqual(unexplained, [], `${method} ${path} → ${status} ${JSON.stringify(body)} is not in Meta's schema`)
}

/** Whether Meta's schema takes this as the body of a request. */
export function isMetaRequest(operation: string, body: unknown): boolean {
  const schema = meta.operations[operation]?.request
  assert(schema !== undefined, `${operation} takes a body`)
  return invalid(schema, body).length === 0
}

/** The operation's name in the file: versions and ids are written as it writes them. */
export function operationOf({ method, path }: Pick<Exchanged, 'method' | 'path'>): string {
  const found = /^\/(?:v[0-9]+\.[0-9]+\/)?[0-9]+(?:\/([a-z_]+))?\/?(?:\?.*)?$/.exec(path)
  if (found === null) return `${method} ?`
  const [, edge = ''] = found
  const id = edge === 'phone_numbers' ? '{WABA-ID}' : '{Phone-Number-ID}'
  return `${method} /{Version}/${id}${edge === '' ? '' : `/${edge}`}`
}

const envelope: Answer = { schema: { $ref: '#/schemas/GraphAPIError' } }
const success: Answer = { schema: { $ref: '#/schemas/SuccessResponse' } }

const ajv = new Ajv({ allErrors: true, strict: false, verbose: true })
const compiled = new Map<string, ValidateFunction>()

function invalid(schema: Schema, value: unknown): readonly string[] {
  const name = JSON.stringify(schema)
  const validate = compiled.get(name) ?? ajv.compile({ ...schema, schemas: meta.schemas })
  compiled.set(name, validate)
  return validate(value) ? [] : (validate.errors ?? []).map(said)
}

function said({ keyword, instancePath, data, params, message }: ErrorObject): string {
  const field = instancePath.split('/').at(-1) ?? ''
  if (keyword === 'enum') return `${field} ${String(data)}`
  if (keyword === 'required') return `no ${params.missingProperty}`
  return `${instancePath} ${message}`
}

function unknownError(operation: Operation, reply: Exchanged): readonly string[] {
  // The file shows no errors of some operations; about those it says nothing that could differ.
  if (!Object.values(operation.responses).some(each => each.errors !== undefined)) return []
  const shown = operation.responses[reply.status]?.errors ?? []
  const { code, error_subcode: subcode = null, type } = errorOf(reply)
  const known = shown.some(each => each[0] === code && each[1] === subcode && each[2] === type)
  return known ? [] : [errorIn(reply)]
}

type GraphErrorBody = { readonly code?: unknown; readonly error_subcode?: unknown; readonly type?: unknown }
const errorOf = ({ body }: Exchanged): GraphErrorBody => (body.error ?? {}) as GraphErrorBody

function errorIn(reply: Exchanged): string {
  const { code, error_subcode: subcode, type } = errorOf(reply)
  return `${reply.status} ${code}${subcode === undefined ? '' : `/${subcode}`} ${type}`
}
