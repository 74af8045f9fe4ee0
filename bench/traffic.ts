// What the load generator asks for: each operation as a client's requests, over connections of its own, with numbers that
// are still fresh for it. The same traffic goes to our server and to a bare one that answers everything with a constant.

import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Operation } from './measure.ts'
import { type AccountHolder, type Resident, type Town, townPassword, townPin } from './town.ts'
import { type Answer, openWire, request, type Wire } from './wire.ts'

export const operations = [
  'request and check a code',
  'right PIN',
  'wrong PIN',
  'Graph read',
  'sign in and out',
] as const
export type OperationName = (typeof operations)[number]

/** HTTP requests that each is. */
export const requestsOf: Readonly<Record<OperationName, number>> = {
  'request and check a code': 2,
  'right PIN': 1,
  'wrong PIN': 1,
  'Graph read': 1,
  'sign in and out': 4,
}

/** Whether argon2id is part of it: then it sets the pace, and few at once keep a core busy. */
export const hashes = (name: OperationName): boolean => name.endsWith('PIN') || name === 'sign in and out'

export type Traffic = {
  /** Opens the connections anew: a server closes those on which nobody asked for a while. */
  readonly refresh: () => Promise<void>
  readonly of: (name: OperationName) => Operation
  readonly close: () => void
}

/** How often a number serves before it would meet a limit: ten registrations in 72 hours, five wrong PINs at once. */
const uses = { code: 1, right: 9, wrong: 4, read: Number.POSITIVE_INFINITY, account: 1 }
const noLimit = { code: uses.read, right: uses.read, wrong: uses.read, read: uses.read, account: uses.read }

/** Which number of a list is next; throws when all were used up, because limits would be measured instead. */
function taker<T>(list: readonly T[], each: number): () => T {
  let taken = 0
  return () => {
    const turn = taken++
    const resident = list[turn % list.length]
    if (resident === undefined || turn >= list.length * each)
      throw new Error('the town is too small for so many rounds')
    return resident
  }
}

/** `codes`: where messages arrive (see server.ts); `undefined` for a server that sends none. */
export function openTraffic(port: number, town: Town, workers: number, codes: Readable | undefined): Traffic {
  let wires: readonly Wire[] = []
  const close = () => {
    for (const wire of wires) wire.close()
  }
  const refresh = async () => {
    close()
    wires = await Promise.all(Array.from({ length: workers }, () => openWire(port)))
  }
  const mail = codes && readCodes(codes)
  const strict = codes !== undefined
  const most = strict ? uses : noLimit
  const quarter = Math.floor(town.locked.length / 4)
  const next = {
    code: taker(town.unproved, most.code),
    right: taker(town.locked.slice(0, quarter), most.right),
    wrong: taker(town.locked.slice(quarter), most.wrong),
    read: taker(town.unproved, most.read),
    account: taker<AccountHolder>(town.accounts, most.account),
  }
  const wireOf = (worker: number): Wire => {
    const wire = wires[worker]
    if (wire === undefined) throw new Error('each worker has a connection')
    return wire
  }
  const ask = async (worker: number, text: string, status: number) => {
    const answer = await wireOf(worker).ask(text)
    if (strict && answer.status !== status) throw new Error(`asked ${text}\nanswered ${answer.status} ${answer.body}`)
    return answer
  }
  const register = async (worker: number, { claim, token }: Resident, pin: string, status: number) => {
    await ask(
      worker,
      request('POST', `/v25.0/${claim}/register`, token, { messaging_product: 'whatsapp', pin }),
      status,
    )
  }

  const all: Record<OperationName, Operation> = {
    async 'request and check a code'(worker) {
      const { claim, token, number } = next.code()
      const arrives = mail?.codeFor(number)
      const asking = { code_method: 'SMS', language: 'en_US' }
      await ask(worker, request('POST', `/v25.0/${claim}/request_code`, token, asking), 200)
      const code = (await arrives) ?? '000000'
      await ask(worker, request('POST', `/v25.0/${claim}/verify_code`, token, { code }), 200)
    },
    'right PIN': worker => register(worker, next.right(), townPin, 200),
    'wrong PIN': worker => register(worker, next.wrong(), '314159', 400),
    async 'Graph read'(worker) {
      const { claim, token } = next.read()
      await ask(worker, request('GET', `/v25.0/${claim}`, token), 200)
    },
    async 'sign in and out'(worker) {
      const { email, number } = next.account()
      const asks = (path: string, token: string, json: Record<string, string>, status: number) =>
        ask(worker, request('POST', `/api/v1/${path}`, token, json), status)
      const begun = read(await asks('sign-ins', '', { identifier: email, password: townPassword }, 201))
      const arrives = mail?.codeFor(number)
      await asks(`sign-ins/${begun.id}/code`, begun.token, { device: begun.devices[0].id }, 202)
      const code = (await arrives) ?? '000000'
      const signed = read(await asks(`sign-ins/${begun.id}/code/check`, begun.token, { code }, 200))
      await asks('account/sign-out', signed.session.token, {}, 200)
    },
  }
  return { of: name => all[name], refresh, close }
}

const read = ({ body }: Answer) => JSON.parse(body)

/** Hands out codes as they arrive, by number. */
function readCodes(lines: Readable): { codeFor(number: string): Promise<string> } {
  const waiting = new Map<string, (code: string) => void>()
  createInterface({ input: lines }).on('line', line => {
    const [number = '', code = ''] = line.split(' ')
    waiting.get(number)?.(code)
    waiting.delete(number)
  })
  return {
    codeFor: number =>
      new Promise(resolve => {
        waiting.set(number, resolve)
      }),
  }
}
