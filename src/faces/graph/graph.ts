// The Graph door: WhatsApp's Cloud API for phone numbers, two-step verification and texts, as its clients speak it.
//
//     read ──▶ who asks ──▶ which number ──▶ may they ──▶ decode ──▶ action ──▶ Graph's own words
//              401 104/190   400 100/33       403 10       400 100
//
// A request that meant a guess and cannot be one is counted like a wrong guess, once it is known whose number it meant.

import type { Context } from 'hono'
import { Hono } from 'hono'
import { addNumber } from '#actions/add-number.ts'
import { deleteNumber } from '#actions/delete-number.ts'
import { deregisterNumber } from '#actions/deregister-number.ts'
import { numberOfClaim } from '#actions/number.ts'
import { countUnreadableRegistration, registerNumber } from '#actions/register-number.ts'
import { requestCode } from '#actions/request-code.ts'
import { sendText } from '#actions/send-text.ts'
import { setPin } from '#actions/set-pin.ts'
import { verifyCode } from '#actions/verify-code.ts'
import { Overdue, type World } from '#actions/world.ts'
import type { Permission } from '#core/business/business.ts'
import type { ClaimId, PhoneNumber } from '#core/registration-lock/phone-number.ts'
import { type Parameters, readParameters } from '#http/body.ts'
import type { Exchange } from '#http/exchange.ts'
import type { Decoded } from './decode.ts'
import * as decode from './decode.ts'
import type { GraphError } from './errors.ts'
import * as errors from './errors.ts'
import { answer, callerOf, callOf, nothing, refuse, unreadable } from './exchange.ts'
import { answerList } from './list.ts'
import * as outcomes from './outcomes.ts'
import { errorOf, type Outcomes } from './outcomes.ts'
import { askedFields, defaultFields, phoneNumberNode } from './phone-number-node.ts'
import { createUsageMeter, usageHeaders } from './usage.ts'

export type GraphOptions = {
  readonly callsPerHour: number
  /** Where clients reach us, for the links of a list. */
  readonly publicUrl: () => string
  /** Told of what broke on our side. */
  readonly report: (error: Error, requestId: string) => void
  /** Told of a request that could not be read, by route. */
  readonly malformed: (route: string) => void
}

/** A request about one phone number, once it is known to be the caller's. */
export type OnNumber = {
  readonly c: Context<Exchange>
  readonly world: World
  readonly subject: string
  readonly number: PhoneNumber
  readonly claim: ClaimId
  readonly business: string
  readonly parameters: Parameters
}

const manage: Permission = 'whatsapp_business_management'
const message: Permission = 'whatsapp_business_messaging'
const either = [manage, message]

type Route = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  /** Any one of these will do. */
  readonly needs: readonly Permission[]
  readonly answer: (on: OnNumber) => Promise<Response>
  /** What an unreadable request pays, where a guess was meant. */
  readonly pays?: (on: OnNumber) => Promise<unknown>
}

// Method, path, permission, handler: one line a call. Below them, the two calls about a business account.
const routes: readonly Route[] = [
  { method: 'GET', path: '/:id{[0-9]+}', needs: either, answer: readNode },
  { method: 'POST', path: '/:id{[0-9]+}', needs: either, answer: changePin },
  { method: 'DELETE', path: '/:id{[0-9]+}', needs: [manage], answer: remove, pays: payRemoval },
  { method: 'POST', path: '/:id{[0-9]+}/request_code', needs: either, answer: askCode },
  { method: 'POST', path: '/:id{[0-9]+}/verify_code', needs: either, answer: checkCode, pays: payCheck },
  { method: 'POST', path: '/:id{[0-9]+}/register', needs: either, answer: register, pays: payRegistration },
  { method: 'POST', path: '/:id{[0-9]+}/deregister', needs: either, answer: deregister, pays: payRegistration },
  { method: 'POST', path: '/:id{[0-9]+}/messages', needs: [message], answer: text },
]

/** The door as an app: mounted at the root, for every version and for none. */
export function graphDoor(world: World, options: GraphOptions): Hono<Exchange> {
  const app = new Hono<Exchange>({ strict: false })
  const meter = createUsageMeter(options.callsPerHour)

  app.use(async (c, next) => {
    c.set('door', 'graph')
    c.header('facebook-api-version', c.req.path.match(/^\/(v[0-9]+\.[0-9]+)(?:\/|$)/)?.[1] ?? 'v25.0')
    c.header('x-fb-request-id', c.get('requestId'))
    c.header('x-fb-trace-id', c.get('requestId'))
    await next()
  })

  // Read, who asks, how often: the same for every call. The handler gets what is left to decide.
  const met =
    (path: string, needs: readonly Permission[], handle: (met: Met) => Promise<Response>) =>
    async (c: Context<Exchange>): Promise<Response> => {
      const read = await readParameters(c, { limit: 65_536 })
      if (read.kind !== 'read') options.malformed(path)
      const asking = await callerOf(c, world, read)
      if (asking.kind === 'refused') return refuse(c, asking.error)
      const { business, permissions } = asking.caller
      const usage = meter.call(business, world.clock.now())
      for (const [name, value] of usageHeaders(business, usage)) c.header(name, value)
      if (usage.kind === 'over') return refuse(c, errors.callLimitReached(usage.retryAfter))
      const permitted = needs.some(each => permissions.includes(each))
      return handle({
        c,
        business,
        id: c.req.param('id') ?? '',
        parameters: read.kind === 'read' ? read.parameters : nothing,
        unreadable: read.kind === 'read' ? undefined : unreadable(read),
        forbidden: permitted ? undefined : errors.missingPermission(needs.join(' or ')),
      })
    }

  for (const prefix of ['', '/:version{v[0-9]+\\.[0-9]+}']) {
    for (const route of routes) {
      app.on(
        route.method,
        prefix + route.path,
        met(route.path, route.needs, async ({ c, business, id, parameters, ...met }) => {
          const subject = await numberOfClaim(world, business, id)
          if (subject === undefined) {
            if (route.method === 'GET' && id === business) return readBusiness(c, world, business, parameters)
            return refuse(c, errors.noSuchObject(lower(route.method), id))
          }
          if (met.forbidden !== undefined) return refuse(c, met.forbidden)
          const on = { c, world, subject: subject.id, number: subject.document, claim: id, business, parameters }
          if (met.unreadable === undefined) return route.answer(on)
          await route.pays?.(on)
          return refuse(c, met.unreadable)
        }),
      )
    }
    const path = '/:id{[0-9]+}/phone_numbers'
    app.get(
      prefix + path,
      met(path, [manage], met => onBusiness('get', met, () => answerList(met, world, options.publicUrl()))),
    )
    app.post(
      prefix + path,
      met(path, [manage], met => onBusiness('post', met, () => add(met, world))),
    )
  }

  app.onError((error, c) => {
    if (error instanceof Overdue) return refuse(c, errors.serviceAway)
    options.report(error, c.get('requestId'))
    return refuse(c, error.name === 'StoreAway' ? errors.serviceAway : errors.serviceFault)
  })
  // Whatever begins like a Graph path is answered as one, or a client could not read what is wrong with it.
  for (const path of ['/:version{v[0-9]+\\.[0-9]+}/*', '/:id{[0-9][^/]*}', '/:id{[0-9][^/]*}/*']) {
    app.all(path, c => refuse(c, errors.unknownPath(c.req.path.replace(/^\/v[0-9]+\.[0-9]+/, ''))))
  }
  return app
}

/** A request whose caller is known. */
export type Met = {
  readonly c: Context<Exchange>
  readonly business: string
  readonly id: string
  readonly parameters: Parameters
  readonly unreadable: GraphError | undefined
  readonly forbidden: GraphError | undefined
}

const lower = (method: Route['method']): 'get' | 'post' | 'delete' => method.toLowerCase() as 'get' | 'post' | 'delete'

async function onBusiness(method: 'get' | 'post', met: Met, handle: () => Promise<Response>): Promise<Response> {
  if (met.id !== met.business) return refuse(met.c, errors.noSuchObject(method, met.id))
  if (met.forbidden !== undefined) return refuse(met.c, met.forbidden)
  if (met.unreadable !== undefined) return refuse(met.c, met.unreadable)
  return handle()
}

// ——— the calls

const succeeded = { success: true }

function ended<E extends { readonly kind: string }>(c: Context<Exchange>, table: Outcomes<E>, ending: E): Response {
  if ('weakness' in ending && isWeakness(ending.weakness)) c.header('X-Twostep-Weak-Pin', ending.weakness.kind)
  const error = errorOf(table, ending)
  return error === undefined ? answer(c, succeeded) : refuse(c, error)
}

const isWeakness = (value: unknown): value is { readonly kind: string } => typeof value === 'object' && value !== null

async function withDecoded<T>(
  on: OnNumber,
  read: Decoded<T>,
  act: (value: T) => Promise<Response>,
  pays?: (on: OnNumber) => Promise<unknown>,
): Promise<Response> {
  if (read.kind === 'decoded') return act(read.value)
  await pays?.(on)
  return refuse(on.c, read.error)
}

async function readNode(on: OnNumber): Promise<Response> {
  return answer(on.c, phoneNumberNode(on, askedFields(on.parameters.fields, defaultFields)))
}

async function readBusiness(
  c: Context<Exchange>,
  world: World,
  business: string,
  asked: Parameters,
): Promise<Response> {
  const name = (await world.records.load('business', business))?.document.name
  const fields = askedFields(asked.fields, ['name'])
  return answer(c, fields.includes('name') ? { name, id: business } : { id: business })
}

const target = (on: OnNumber) => ({ number: on.subject, claim: on.claim })

async function changePin(on: OnNumber): Promise<Response> {
  return withDecoded(on, decode.pin(on.parameters), async pin =>
    ended(on.c, outcomes.setPin, await setPin(on.world, callOf(on.c), { ...target(on), pin })),
  )
}

async function askCode(on: OnNumber): Promise<Response> {
  return withDecoded(on, decode.codeRequest(on.parameters), async asked =>
    ended(on.c, outcomes.requestCode, await requestCode(on.world, callOf(on.c), { ...target(on), ...asked })),
  )
}

async function checkCode(on: OnNumber): Promise<Response> {
  return withDecoded(
    on,
    decode.code(on.parameters),
    async code => {
      const ending = await verifyCode(on.world, callOf(on.c), { ...target(on), code })
      const error = errorOf(outcomes.verifyCode, ending)
      return error === undefined ? answer(on.c, { ...succeeded, id: on.claim }) : refuse(on.c, error)
    },
    payCheck,
  )
}

async function register(on: OnNumber): Promise<Response> {
  return withDecoded(
    on,
    decode.registration(on.parameters),
    async pin => ended(on.c, outcomes.register, await registerNumber(on.world, callOf(on.c), { ...target(on), pin })),
    payRegistration,
  )
}

async function deregister(on: OnNumber): Promise<Response> {
  return ended(on.c, outcomes.deregister, await deregisterNumber(on.world, callOf(on.c), target(on)))
}

async function remove(on: OnNumber): Promise<Response> {
  const read = decode.pin(on.parameters)
  if (read.kind === 'refused' && read.error === errors.wrongPinShape) {
    await payRemoval(on)
    return refuse(on.c, read.error)
  }
  const pin = read.kind === 'decoded' ? read.value : undefined
  return ended(on.c, outcomes.deleteNumber, await deleteNumber(on.world, callOf(on.c), { ...target(on), pin }))
}

async function text(on: OnNumber): Promise<Response> {
  return withDecoded(on, decode.textMessage(on.parameters), async ({ to, input, text }) => {
    const ending = await sendText(on.world, callOf(on.c), { ...target(on), to, text })
    const error = errorOf(outcomes.sendText, ending)
    if (error !== undefined || ending.kind !== 'accepted') return refuse(on.c, error ?? errors.serviceFault)
    return answer(on.c, {
      messaging_product: 'whatsapp',
      contacts: [{ input, wa_id: to.slice(1) }],
      messages: [{ id: `wamid.${Buffer.from(ending.message, 'hex').toString('base64')}` }],
    })
  })
}

async function add({ c, business, parameters }: Met, world: World): Promise<Response> {
  const read = decode.newNumber(parameters)
  if (read.kind === 'refused') return refuse(c, read.error)
  const ending = await addNumber(world, callOf(c), { business, ...read.value })
  return ending.kind === 'added' ? answer(c, { id: ending.claim }) : refuse(c, errors.listedAlready)
}

// ——— what an unreadable guess pays

async function payCheck(on: OnNumber): Promise<void> {
  await verifyCode(on.world, callOf(on.c), { ...target(on), code: undefined })
}

async function payRegistration(on: OnNumber): Promise<void> {
  await countUnreadableRegistration(on.world, callOf(on.c), target(on))
}

async function payRemoval(on: OnNumber): Promise<void> {
  await deleteNumber(on.world, callOf(on.c), { ...target(on), pin: 'unreadable' })
}
