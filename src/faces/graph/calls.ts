// The calls of the Graph door, one function each: decode, act, and say it in Graph's own words. Each is handed a request
// whose caller may make it (see graph.ts).

import type { Context } from 'hono'
import { addNumber } from '#actions/add-number.ts'
import { deleteNumber } from '#actions/delete-number.ts'
import { deregisterNumber } from '#actions/deregister-number.ts'
import { countUnreadableRegistration, registerNumber } from '#actions/register-number.ts'
import { requestCode } from '#actions/request-code.ts'
import { sendText } from '#actions/send-text.ts'
import { setPin } from '#actions/set-pin.ts'
import { verifyCode } from '#actions/verify-code.ts'
import type { World } from '#actions/world.ts'
import type { ClaimId, PhoneNumber } from '#core/registration-lock/phone-number.ts'
import type { Parameters } from '#http/body.ts'
import type { Exchange } from '#http/exchange.ts'
import { carry } from '#http/head.ts'
import type { Decoded } from './decode.ts'
import * as decode from './decode.ts'
import type { GraphError } from './errors.ts'
import * as errors from './errors.ts'
import { answer, callOf, refuse } from './exchange.ts'
import * as outcomes from './outcomes.ts'
import { errorOf, type Outcomes } from './outcomes.ts'
import { askedFields, defaultFields, phoneNumberNode } from './phone-number-node.ts'

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

/** A request whose caller is known. */
export type Met = {
  readonly c: Context<Exchange>
  readonly business: string
  readonly id: string
  readonly parameters: Parameters
  readonly unreadable: GraphError | undefined
  readonly forbidden: GraphError | undefined
}

// ——— what comes out

const succeeded = { success: true }

function ended<E extends { readonly kind: string }>(c: Context<Exchange>, table: Outcomes<E>, ending: E): Response {
  if ('weakness' in ending && isWeakness(ending.weakness)) {
    carry(c, { 'X-Twostep-Weak-Pin': ending.weakness.kind })
  }
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

export async function readNode(on: OnNumber): Promise<Response> {
  return answer(on.c, phoneNumberNode(on, askedFields(on.parameters.fields, defaultFields)))
}

export async function readBusiness(
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
const call = (on: OnNumber) => callOf(on.c, on.business)

export async function changePin(on: OnNumber): Promise<Response> {
  return withDecoded(on, decode.pin(on.parameters), async pin =>
    ended(on.c, outcomes.setPin, await setPin(on.world, call(on), { ...target(on), pin })),
  )
}

export async function askCode(on: OnNumber): Promise<Response> {
  return withDecoded(on, decode.codeRequest(on.parameters), async asked =>
    ended(on.c, outcomes.requestCode, await requestCode(on.world, call(on), { ...target(on), ...asked })),
  )
}

export async function checkCode(on: OnNumber): Promise<Response> {
  return withDecoded(
    on,
    decode.code(on.parameters),
    async code => {
      const ending = await verifyCode(on.world, call(on), { ...target(on), code })
      const error = errorOf(outcomes.verifyCode, ending)
      return error === undefined ? answer(on.c, { ...succeeded, id: on.claim }) : refuse(on.c, error)
    },
    payCheck,
  )
}

export async function register(on: OnNumber): Promise<Response> {
  return withDecoded(
    on,
    decode.registration(on.parameters),
    async pin => ended(on.c, outcomes.register, await registerNumber(on.world, call(on), { ...target(on), pin })),
    payRegistration,
  )
}

export async function deregister(on: OnNumber): Promise<Response> {
  return ended(on.c, outcomes.deregister, await deregisterNumber(on.world, call(on), target(on)))
}

export async function remove(on: OnNumber): Promise<Response> {
  const read = decode.pin(on.parameters)
  if (read.kind === 'refused' && read.error === errors.wrongPinShape) {
    await payRemoval(on)
    return refuse(on.c, read.error)
  }
  const pin = read.kind === 'decoded' ? read.value : undefined
  return ended(on.c, outcomes.deleteNumber, await deleteNumber(on.world, call(on), { ...target(on), pin }))
}

export async function text(on: OnNumber): Promise<Response> {
  return withDecoded(on, decode.textMessage(on.parameters), async ({ to, input, text }) => {
    const ending = await sendText(on.world, call(on), { ...target(on), to, text })
    const error = errorOf(outcomes.sendText, ending)
    if (error !== undefined || ending.kind !== 'accepted') return refuse(on.c, error ?? errors.serviceFault)
    return answer(on.c, {
      messaging_product: 'whatsapp',
      contacts: [{ input, wa_id: to.slice(1) }],
      messages: [{ id: `wamid.${Buffer.from(ending.message, 'hex').toString('base64')}` }],
    })
  })
}

export async function add({ c, business, parameters }: Met, world: World): Promise<Response> {
  const read = decode.newNumber(parameters)
  if (read.kind === 'refused') return refuse(c, read.error)
  const ending = await addNumber(world, callOf(c, business), { business, ...read.value })
  return ending.kind === 'added' ? answer(c, { id: ending.claim }) : refuse(c, errors.listedAlready)
}

// ——— what an unreadable guess pays

export async function payCheck(on: OnNumber): Promise<void> {
  await verifyCode(on.world, call(on), { ...target(on), code: undefined })
}

export async function payRegistration(on: OnNumber): Promise<void> {
  await countUnreadableRegistration(on.world, call(on), target(on))
}

export async function payRemoval(on: OnNumber): Promise<void> {
  await deleteNumber(on.world, call(on), { ...target(on), pin: 'unreadable' })
}
