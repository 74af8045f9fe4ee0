// A sandbox for tests: the real server, in this process or as the command a person types, on a port of its own with a
// data folder of its own.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '#config'
import { createLog } from '#observe/log.ts'
import { type Running, serve } from '../../src/serve.ts'
import { holdToOpenapi } from './openapi.ts'

export type Settings = Readonly<Record<string, string>>

export const operatorToken = 'operator-token-of-the-tests-0123456789'

/** A folder for one test's data. */
export const dataFolder = (): string => mkdtempSync(join(tmpdir(), 'twostep-test-'))

const settingsOf = (folder: string, settings: Settings): Settings => ({
  TWOSTEP_PORT: '0',
  TWOSTEP_DATA_DIR: folder,
  TWOSTEP_OPERATOR_TOKEN: operatorToken,
  TWOSTEP_GRAPH_CALLS_PER_HOUR: '0',
  // What a thief pays for a guess is not what these tests are about, and it would be most of their time.
  ...(settings.TWOSTEP_MODE === 'production' ? {} : { TWOSTEP_HASHING_COST: 'm=8,t=1,p=1' }),
  ...settings,
})

/**
 * The server in this process. Its log goes nowhere unless `onLog` takes it; without that, an error in it fails the test
 * in the end: what broke out of sight is broken.
 */
export async function startSandbox(
  settings: Settings = {},
  { folder = dataFolder(), onLog }: { folder?: string; onLog?: (line: string) => void } = {},
): Promise<Running & { readonly folder: string; readonly [Symbol.asyncDispose]: () => Promise<void> }> {
  const config = readConfig(settingsOf(folder, settings))
  const errors: string[] = []
  const keepError = (line: string) => void (/"level":"(?:error|fatal)"/.test(line) && errors.push(line))
  const log = createLog({ level: 'info', now: () => 0, stacks: true, to: { write: onLog ?? keepError } })
  const running = await serve(config, log)
  return {
    ...running,
    folder,
    async [Symbol.asyncDispose]() {
      await running.stop()
      rmSync(folder, { recursive: true, force: true })
      assert.deepEqual(errors, [])
    },
  }
}

export type Spawned = {
  readonly url: string
  readonly child: ChildProcess
  /** Everything it printed so far, on standard output and standard error. */
  readonly printed: () => string
  /** Sends a signal and waits for the end; answers the exit code, or the signal that ended it. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | NodeJS.Signals | null>
}

/** The server as a process of its own, as `npm start` runs it; resolves when it listens. */
export async function spawnSandbox(folder: string, settings: Settings = {}): Promise<Spawned> {
  const child = spawn(process.execPath, ['src/main.js'], {
    env: { PATH: process.env.PATH, ...settingsOf(folder, settings) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  const ended = new Promise<number | NodeJS.Signals | null>(resolve => {
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  const url = await new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      printed += chunk.toString()
      const found = /Twostep (?:sandbox|listens on)\s+(https?:\S+)/.exec(printed)?.[1]
      if (found !== undefined) resolve(found)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    void ended.then(code => reject(new Error(`it ended with ${code}: ${printed}`)))
  })
  return {
    url,
    child,
    printed: () => printed,
    end(signal) {
      child.kill(signal)
      return ended
    },
  }
}

export type Reply = { readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> }

/** A JSON call; `body` is sent as JSON. */
export async function call(
  url: string,
  method: string,
  path: string,
  { token, body, headers = {} }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const reply = await fetch(url + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await reply.text()
  holdToOpenapi({ method, path, status: reply.status, text, type: reply.headers.get('content-type') ?? '' })
  return { status: reply.status, headers: reply.headers, body: text === '' ? {} : JSON.parse(text) }
}

/** A business with an access token, made through the operator's door. */
export async function newBusiness(
  url: string,
  permissions: readonly string[] = ['whatsapp_business_management', 'whatsapp_business_messaging'],
  expiresIn?: number,
): Promise<{ readonly waba: string; readonly token: string }> {
  const made = await call(url, 'POST', '/api/v1/operator/businesses', {
    token: operatorToken,
    body: { name: 'Test Bakery', email: 'owner@bakery.example' },
  })
  const waba = String(made.body.id)
  const body = { permissions, ...(expiresIn === undefined ? {} : { expires_in: expiresIn }) }
  const issued = await call(url, 'POST', `/api/v1/operator/businesses/${waba}/access-tokens`, {
    token: operatorToken,
    body,
  })
  return { waba, token: String(issued.body.access_token) }
}

/** Adds a number to a business over Graph; answers its phone-number id. */
export async function addNumber(url: string, of: { waba: string; token: string }, national: string): Promise<string> {
  const body = { cc: '44', phone_number: national, verified_name: 'Test Bakery' }
  const added = await call(url, 'POST', `/v25.0/${of.waba}/phone_numbers`, { token: of.token, body })
  return String(added.body.id)
}

/** The newest code that was sent to a number. */
export async function newestCode(url: string, number: string): Promise<string> {
  const { body } = await call(url, 'GET', `/sandbox/outbox?to=${encodeURIComponent(number)}`)
  const [newest] = body.messages as { code: string }[]
  return newest?.code ?? ''
}

/** Moves the sandbox's clock. */
export const advance = (url: string, duration: string): Promise<Reply> =>
  call(url, 'POST', '/sandbox/clock', { body: { advance: duration } })

/** Adds, requests a code for and verifies a number over Graph; answers its phone-number id. */
export async function verifiedNumber(
  url: string,
  of: { waba: string; token: string },
  national: string,
): Promise<string> {
  const id = await addNumber(url, of, national)
  const asked = { code_method: 'SMS', language: 'en_US' }
  await call(url, 'POST', `/v25.0/${id}/request_code`, { token: of.token, body: asked })
  const code = await newestCode(url, `+44${national}`)
  await call(url, 'POST', `/v25.0/${id}/verify_code`, { token: of.token, body: { code } })
  return id
}
