// The contract as OpenAPI 3.1: the tables of calls and their schemas, written down for other people's tools. What comes out is
// kept beside this file as openapi.json, so that a change of the contract is seen in review; a server hands that file out and
// loads none of this.

import { type Answered, type Call, everyRefusal, type Guard } from './calls/call.ts'
import { groups } from './calls/calls.ts'
import { type Kind, kinds } from './calls/kinds.ts'
import { problemMembers } from './calls/members.ts'
import { type Json, refTo, schemas, written } from './openapi-schemas.ts'

/** What a call was really sent and answered, by its id: see examples.json. */
export type Examples = Readonly<Record<string, { readonly takes?: unknown; readonly answers?: Json }>>

const base = '/api/v1'

// ——— refusals

const problem: Json = {
  type: 'object',
  description: 'A refusal (RFC 9457). Branch on `kind`: it never changes. `title` and `detail` are for people.',
  required: ['type', 'title', 'status', 'kind'],
  properties: {
    type: { type: 'string', pattern: '^urn:twostep:problem:', description: 'The kind, as a URN.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is special about this one, and what to do.' },
    instance: { type: 'string', description: 'The request, as in X-Request-Id.' },
    kind: { type: 'string' },
    retry_after: { type: 'integer', minimum: 0, description: 'Whole seconds; as Retry-After.' },
    ...Object.fromEntries(problemMembers.map(([name, schema]) => [name, written(schema, 'output')])),
  },
}

type Refused = { readonly status: number; readonly of: readonly Kind[] }

/** What a call is refused with, status by status. */
function refusedBy(call: Call): readonly Refused[] {
  const byStatus = new Map<number, Kind[]>()
  for (const refusal of everyRefusal(call)) {
    const [kind = '', status] = refusal.split('@')
    const at = status === undefined ? kinds[kind as Kind][0] : Number(status)
    byStatus.set(at, [...(byStatus.get(at) ?? []), kind as Kind])
  }
  const sorted = [...byStatus].toSorted(([one], [other]) => one - other)
  return sorted.map(([status, of]) => ({ status, of: of.toSorted() }))
}

// Many calls are refused alike: each way stands once, by a name that says it all.
const refusalName = ({ status, of }: Refused): string => [status, ...of].join('.')

const refusalsOf = (call: Call): Json =>
  Object.fromEntries(
    refusedBy(call).map(each => [each.status, { $ref: `#/components/responses/${refusalName(each)}` }]),
  )

const refusalResponses = (): Json =>
  Object.fromEntries(
    groups
      .flatMap(({ calls }) => calls.flatMap(refusedBy))
      .map(each => [refusalName(each), refusal(each)] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  )

const again: Json = { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } }
const challenge: Json = {
  'WWW-Authenticate': { description: 'What to show (RFC 9110 §11.6.1).', schema: { type: 'string' } },
}

const refusal = ({ status, of }: Refused): Json => ({
  description: of.map(kind => `\`${kind}\`: ${kinds[kind][1]}`).join('\n'),
  ...(status === 429 || status === 503 ? { headers: again } : {}),
  ...(status === 401 ? { headers: challenge } : {}),
  content: {
    'application/problem+json': {
      schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { kind: { enum: of } } }] },
    },
  },
})

// ——— calls

const security: Readonly<Record<Guard, readonly Json[]>> = {
  open: [],
  operator: [{ operatorToken: [] }],
  application: [{ apiKey: [] }],
  session: [{ session: [] }],
  'its-own': [{ ownToken: [] }],
  device: [{ deviceToken: [], installation: [] }],
  'device-or-open': [{}, { deviceToken: [], installation: [] }],
  basic: [{ appPassword: [] }],
}

const bearer = (description: string): Json => ({ type: 'http', scheme: 'bearer', description })

const securitySchemes: Json = {
  operatorToken: bearer('The operator token. `npm start` prints it in the sandbox.'),
  apiKey: bearer('The API key of an application, `twk_…`: POST /api/v1/operator/applications.'),
  session: bearer('The token of a session, `twas_…`.'),
  ownToken: bearer('The token that the sign-in (`twsi_…`) or password reset (`twpr_…`) was answered with.'),
  deviceToken: bearer('What the device was handed when it registered, `twdv_…`.'),
  installation: {
    ...{ type: 'apiKey', in: 'header', name: 'Device-Installation' },
    description: 'The secret of the installation, which no backup takes.',
  },
  appPassword: { type: 'http', scheme: 'basic', description: "The person's name, and the app-specific password." },
}

const named: Readonly<Record<string, string>> = {
  id: 'What the call that made it answered as `id`.',
  user: 'What the application calls its user: at most 128 characters, percent-encoded. Paths are logged, so let it tell nothing.',
  gate: 'One to four words of a-z, 0-9 and dashes, with dots between them.',
}

function parametersOf({ path, query, key, by }: Call): readonly Json[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    return { name, in: 'path', required: true, description: named[name], schema: { type: 'string' } }
  })
  const asked = query === undefined ? {} : (written(query, 'input') as { properties?: Json; required?: string[] })
  const inQuery = Object.entries(asked.properties ?? {}).map(([name, schema]) => {
    const { description, ...rest } = schema as { description?: string }
    const required = asked.required?.includes(name) ?? false
    return { name, in: 'query', required, ...(description === undefined ? {} : { description }), schema: rest }
  })
  const header = (name: string): Json => ({ $ref: `#/components/parameters/${name}` })
  return [
    ...inPath,
    ...inQuery,
    ...(key === undefined ? [] : [header('IdempotencyKey')]),
    ...(by === 'basic' ? [header('TwostepApiKey')] : []),
  ]
}

function answerOf(call: Call, status: string, answered: Answered, example: unknown): Json {
  const headers = call.key === undefined ? {} : { 'Idempotency-Replayed': { $ref: '#/components/headers/Replayed' } }
  const description = descriptions[Number(status)] ?? 'Done.'
  if (answered === 'nothing') return { description, headers: call.by === 'basic' ? whoItIs : {} }
  if (answered === 'events') {
    return {
      description: 'Events, until one of both hangs up.',
      content: { 'text/event-stream': { schema: { type: 'string' } } },
    }
  }
  const shown = example === undefined ? {} : { example }
  return { description, headers, content: { 'application/json': { schema: refTo(answered), ...shown } } }
}

const descriptions: Readonly<Record<number, string>> = { 201: 'Made.', 202: 'Accepted: it is on its way.' }
const whoItIs: Json = {
  'Twostep-Account': { description: 'The account.', schema: { type: 'string' } },
  'Twostep-App-Password': { description: 'Which of its passwords it was.', schema: { type: 'string' } },
}

function operation(call: Call, group: string, examples: Examples): Json {
  const { takes, answers, id, says, more } = call
  const example = examples[id]
  const shown = example?.takes === undefined ? {} : { example: example.takes }
  const answered = Object.entries(answers).map(([status, each]) => [
    status,
    answerOf(call, status, each, example?.answers?.[status]),
  ])
  const parameters = parametersOf(call)
  return {
    operationId: id,
    tags: [group],
    summary: says,
    ...(more === undefined ? {} : { description: more }),
    security: security[call.by],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(takes === undefined
      ? {}
      : { requestBody: { content: { 'application/json': { schema: refTo(takes), ...shown } } } }),
    responses: { ...Object.fromEntries(answered), ...refusalsOf(call) },
  }
}

/** The whole document. `version` is the product's. */
export function openapi(version: string, examples: Examples): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const { name, calls } of groups) {
    for (const call of calls) {
      const path = `${base}${call.path}`
      paths[path] = { ...paths[path], [call.method.toLowerCase()]: operation(call, name, examples) }
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Twostep',
      version,
      summary: 'Two-step verification that you run yourself.',
      description: about,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The server that hands this out.' }],
    tags: groups.map(({ name, says }) => ({ name, description: says })),
    paths,
    components: {
      securitySchemes,
      parameters: {
        IdempotencyKey: {
          ...{ name: 'Idempotency-Key', in: 'header', schema: { type: 'string', minLength: 1, maxLength: 255 } },
          description: 'A random UUID, new for each request. The same request under the same key is done once.',
        },
        TwostepApiKey: {
          ...{ name: 'Twostep-Api-Key', in: 'header', schema: { type: 'string' } },
          description: 'The API key of an application, so that its users are found too.',
        },
      },
      headers: {
        RetryAfter: { description: 'Whole seconds.', schema: { type: 'integer', minimum: 0 } },
        Replayed: { description: 'The answer was given before.', schema: { const: 'true' } },
      },
      responses: refusalResponses(),
      schemas: { Problem: problem, ...schemas() },
    },
  }
}

const about = [
  'The REST API: the registration lock for apps, accounts with two-step verification, and the operator.',
  '',
  'Bodies are JSON. A field that nobody knows is refused by its name; answers may have new fields at any time. Refusals are',
  '`application/problem+json` (RFC 9457), and `kind` is the stable word to branch on. What takes an `Idempotency-Key` is done',
  'once under it. PINs and codes are text: leading zeros count.',
].join('\n')
