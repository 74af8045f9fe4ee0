// The calls of the On-Premises door, one function each: decode, act, and say it in the door's own words. Each is handed a
// request whose caller may make it (see on-premises.ts); logging in finds out who that is.

import type { Context } from 'hono'
import {
  numberOfInstallation,
  type OwnNumber,
  registerAccount,
  shardAccount,
  verifyAccount,
} from '#actions/on-premises/account.ts'
import { logIn, logOut, type Who } from '#actions/on-premises/login.ts'
import { changeSettings, resetSettings } from '#actions/on-premises/settings.ts'
import { turnOffTwoStep } from '#actions/on-premises/two-step.ts'
import { createUser, deleteUser, replacePassword } from '#actions/on-premises/users.ts'
import { setPin } from '#actions/set-pin.ts'
import type { World } from '#actions/world.ts'
import type { Instant } from '#core/kernel/instant.ts'
import { type Installation, isUsername, type Role, roleOf, userOf } from '#core/on-premises/installation.ts'
import { allSettings } from '#core/on-premises/settings.ts'
import type { Parameters } from '#http/body.ts'
import type { Exchange } from '#http/exchange.ts'
import { readBasic } from './authorization.ts'
import type { Decoded } from './decode.ts'
import * as decode from './decode.ts'
import * as errors from './errors.ts'
import { answer, bare, callOf, refuse } from './exchange.ts'
import * as outcomes from './outcomes.ts'
import { errorOf } from './outcomes.ts'
import type { Rate } from './rate.ts'

/** A request of somebody who has shown a token, or a monitor's key: then `who` is undefined. */
export type Known = {
  readonly c: Context<Exchange>
  readonly world: World
  readonly business: string
  readonly who: Who | undefined
  readonly installation: Installation
  readonly parameters: Parameters
}

const call = ({ c, business }: Known) => callOf(c, business)

async function withDecoded<T>(
  { c }: { readonly c: Context<Exchange> },
  read: Decoded<T>,
  act: (value: T) => Promise<Response>,
): Promise<Response> {
  return read.kind === 'decoded' ? act(read.value) : refuse(c, read.error)
}

// ——— logging in and out

export type Knocking = {
  readonly c: Context<Exchange>
  readonly world: World
  readonly business: string
  /** The address that callers are counted by. */
  readonly caller: string
  readonly parameters: Parameters
}

export async function login({ c, world, business, caller, parameters }: Knocking, rate: Rate): Promise<Response> {
  const credentials = readBasic(c.req.header('authorization'))
  if (credentials === undefined) return refuse(c, errors.loginNeeded)
  const wait = rate.login(caller, world.clock.now())
  if (wait !== undefined) return refuse(c, errors.tooManyBadLogins(wait))
  const newPassword = decode.newPassword(parameters)
  // Whoever floods the door waits behind themselves, not before the owner.
  const ending = await logIn(world, callOf(c, `caller ${caller}`), { business, caller, newPassword, ...credentials })
  // What was not looked at, or was right, costs this caller nothing.
  if (ending.kind !== 'wrong_login') rate.goodLogin(caller)
  const error = errorOf(outcomes.logIn, ending)
  if (error !== undefined || ending.kind !== 'logged_in') return refuse(c, error ?? errors.fault)
  return answer(c, { users: [{ token: ending.token.reveal(), expires_after: documentedTime(ending.expires) }] })
}

// The documents write 2018-03-01 15:29:26+00:00.
const documentedTime = (at: Instant): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}+00:00`

export async function logout(known: Known): Promise<Response> {
  const { c, world, business, who } = known
  if (who !== undefined) await logOut(world, call(known), { business, token: who.token })
  return answer(c, {})
}

// ——— users

const named = (c: Context<Exchange>): string => c.req.param('username') ?? ''
const mayRead = ({ who }: Known, username: string): boolean => who?.role === 'admin' || who?.username === username

const roleWords = { admin: 'ROLE_ADMIN', user: 'ROLE_USER' } as const satisfies Readonly<Record<Role, string>>

export async function readUser(known: Known): Promise<Response> {
  const { c, installation } = known
  const username = named(c)
  // Before it is looked for: a regular user learns of nobody else, not even that they are not there.
  if (!mayRead(known, username)) return refuse(c, errors.notOwnRecord)
  if (userOf(installation, username) === undefined) return refuse(c, errors.noSuchUser)
  return answer(c, { users: [{ ROLES: roleWords[roleOf(username)], username }] })
}

export async function addUser(known: Known): Promise<Response> {
  const { c, world, business, parameters } = known
  return withDecoded(known, decode.newUser(parameters), async user => {
    const ending = await createUser(world, call(known), { business, ...user })
    const error = errorOf(outcomes.createUser, ending)
    return error === undefined ? answer(c, { users: [{ username: user.username }] }, 201) : refuse(c, error)
  })
}

export async function changePassword(known: Known): Promise<Response> {
  const { c, world, business, parameters } = known
  const username = named(c)
  if (!mayRead(known, username)) return refuse(c, errors.notOwnPassword)
  if (!isUsername(username)) return refuse(c, errors.noSuchUser)
  return withDecoded(known, decode.password(parameters, username), async password => {
    const ending = await replacePassword(world, call(known), { business, username, password })
    const error = errorOf(outcomes.replacePassword, ending)
    return error === undefined ? answer(c, { users: [{ username }] }) : refuse(c, error)
  })
}

export async function removeUser(known: Known): Promise<Response> {
  const { c, world, business } = known
  const username = named(c)
  const error = errorOf(outcomes.deleteUser, await deleteUser(world, call(known), { business, username }))
  return error === undefined ? answer(c, { users: [{ username }] }) : refuse(c, error)
}

// ——— the number

export async function account(known: Known): Promise<Response> {
  const { c, world, business, parameters } = known
  return withDecoded(known, decode.newAccount(parameters), async asked => {
    const ending = await registerAccount(world, call(known), { business, ...asked })
    const error = errorOf(outcomes.registerAccount, ending)
    if (error !== undefined) return refuse(c, error)
    return ending.kind === 'sent' ? answer(c, { account: [{ vname: asked.verifiedName }] }, 202) : answer(c, {}, 201)
  })
}

export async function verify(known: Known): Promise<Response> {
  const { c, world, business, parameters } = known
  const read = decode.code(parameters)
  if (read.kind === 'refused') {
    await payCheck(known)
    return refuse(c, read.error)
  }
  const ending = await verifyAccount(world, call(known), { business, code: read.value })
  const error = errorOf(outcomes.verifyAccount, ending)
  return error === undefined ? answer(c, {}, 201) : refuse(c, error)
}

/** What was meant as a code and cannot be one pays like a wrong one. */
export async function payCheck(known: Known): Promise<void> {
  await verifyAccount(known.world, call(known), { business: known.business, code: undefined })
}

export async function shards(known: Known): Promise<Response> {
  const { c, world, business, parameters } = known
  return withDecoded(known, decode.sharding(parameters), async asked => {
    const error = errorOf(outcomes.shardAccount, await shardAccount(world, call(known), { business, ...asked }))
    return error === undefined ? answer(c, {}, 201) : refuse(c, error)
  })
}

// ——— settings

const withNumber = async (known: Known, act: (own: OwnNumber) => Promise<Response>): Promise<Response> => {
  const own = await numberOfInstallation(known.world, known.business)
  return own === undefined ? refuse(known.c, errors.notRegistered) : act(own)
}

export async function turnOn(known: Known): Promise<Response> {
  const { c, world, parameters } = known
  return withDecoded(known, decode.pin(parameters), pin =>
    withNumber(known, async ({ number, claim }) => {
      const ending = await setPin(world, call(known), { number, claim, pin })
      const error = errorOf(outcomes.setPin, ending)
      if (error !== undefined) return refuse(c, error)
      if ('weakness' in ending && ending.weakness !== undefined) c.header('X-Twostep-Weak-Pin', ending.weakness.kind)
      return bare(c, {})
    }),
  )
}

export async function turnOff(known: Known): Promise<Response> {
  const { c, world } = known
  return withNumber(known, async ({ number, claim }) => {
    const error = errorOf(outcomes.turnOffTwoStep, await turnOffTwoStep(world, call(known), { number, claim }))
    return error === undefined ? bare(c, {}) : refuse(c, error)
  })
}

export async function readSettings({ c, installation }: Known): Promise<Response> {
  return answer(c, { settings: { application: allSettings(installation.settings) } })
}

export async function patchSettings(known: Known): Promise<Response> {
  const { c, world, business, parameters } = known
  const ending = await changeSettings(world, call(known), { business, given: parameters })
  const error = errorOf(outcomes.changeSettings, ending)
  return error === undefined ? bare(c, {}) : refuse(c, error)
}

export async function deleteSettings(known: Known): Promise<Response> {
  await resetSettings(known.world, call(known), known.business)
  return bare(known.c, {})
}

// ——— health

/** Of one client in one piece, as documented without `meta`. */
export async function health({ c, world, business }: Known): Promise<Response> {
  const own = await numberOfInstallation(world, business)
  return bare(c, { health: { gateway_status: own?.registered === true ? 'connected' : 'unregistered' } })
}
