// `twostep accounts`: what the API allows, to whom it allows it, and nothing beside. An application sees which users it has; the
// owner of an account signs in, looks after sessions, reads what happened, closes it. The operator has no part in it: nobody
// turns another's two-step verification off, and no command here does.

import { closeSync, openSync, renameSync, writeSync } from 'node:fs'
import type { Account, CallOptions, Problem, Session, Twostep, User } from '#client/index.ts'
import { CannotRun, type CommandEnding } from './ending.ts'
import { answerOf, asking, twostepOf } from './remote.ts'
import { type Columns, table } from './rows.ts'
import { readSecret } from './secret-input.ts'
import { askLine, isTyped, type Terminal } from './terminal.ts'

type Ended<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: Problem }

type Server = { readonly url?: string; readonly json?: boolean }

// ——— as an application

/** What the commands of an application may be told. */
export type ApplicationOptions = Server & { readonly apiKeyFile?: string }

async function applicationOf(terminal: Terminal, options: ApplicationOptions): Promise<Twostep> {
  const file = options.apiKeyFile
  const wanted = { question: 'API key', file, option: '--api-key-file', variable: 'TWOSTEP_API_KEY' }
  return twostepOf(terminal, options, { apiKey: await readSecret(terminal, wanted) })
}

const userColumns: Columns<User> = {
  user: ({ user }) => user,
  account: ({ id }) => id,
  since: ({ created_at }) => created_at,
  'two-step': ({ two_step }) => two_step,
}

export async function list(terminal: Terminal, options: ApplicationOptions): Promise<CommandEnding> {
  const { users } = await applicationOf(terminal, options)
  const found = await asking(undefined, async call => {
    const all: User[] = []
    for await (const page of users.list({ limit: 100 }, call)) all.push(...answerOf(page).users)
    return all
  })
  const words = found.length === 0 ? 'This application has no users.' : table(userColumns, found)
  return { code: 0, words, json: { users: found } }
}

export async function show(terminal: Terminal, options: ApplicationOptions, given: string): Promise<CommandEnding> {
  const { users } = await applicationOf(terminal, options)
  const user = answerOf(await asking(undefined, call => users.get(given, call)))
  return { code: 0, words: table(userColumns, [user]), json: { user } }
}

// ——— as the owner

/** What the commands of an owner may be told. */
export type OwnerOptions = Server & { readonly sessionFile?: string }

export async function signIn(
  terminal: Terminal,
  options: Server & { readonly sessionFile: string },
): Promise<CommandEnding> {
  const twostep = twostepOf(terminal, options)
  const identifier = await askLine(terminal, 'E-mail address of the account', false)
  const password = await askLine(terminal, 'Password', true)
  const first = answerOf(await asking(undefined, call => twostep.signIns.begin({ identifier, password }, call)))
  const signed = first.kind === 'signed_in' ? first : await secondStep(terminal, twostep, first)
  keep(options.sessionFile, signed.session.token.reveal())
  const words = `Signed in until ${signed.session.expires_at} at the latest. The session’s token is in ${options.sessionFile}.`
  return { code: 0, words, json: { signed_in: true, account: signed.account_id, session_file: options.sessionFile } }
}

type Begun = Parameters<Twostep['signIns']['sendCode']>[0] & { readonly devices: readonly Choice[] }
type Choice = { readonly id: string; readonly label: string }

async function secondStep(terminal: Terminal, twostep: Twostep, begun: Begun) {
  const device = await chosen(terminal, begun.devices)
  answerOf(await asking(undefined, call => twostep.signIns.sendCode(begun, { device }, call)))
  return retyping(terminal, (code, call) => twostep.signIns.checkCode(begun, { code }, call))
}

/** Asks for the code until it is right or there is no use in it. */
async function retyping<Value>(
  terminal: Terminal,
  check: (code: string, call: CallOptions) => Promise<Ended<Value>>,
): Promise<Value> {
  for (;;) {
    const code = await askLine(terminal, 'The code that came', true)
    const result = await asking(undefined, call => check(code, call))
    if (result.ok || result.problem.kind !== 'wrong_code' || !isTyped(terminal)) return answerOf(result)
    terminal.stderr.write(`${result.problem.title}\n`)
  }
}

async function chosen(terminal: Terminal, devices: readonly Choice[]): Promise<string> {
  const [only] = devices
  if (only !== undefined && devices.length === 1) return only.id
  terminal.stderr.write(devices.map(({ label }, at) => `  ${at + 1}  ${label}\n`).join(''))
  const at = Number(await askLine(terminal, `Where shall the code go? 1 to ${devices.length}`, false))
  const device = devices[at - 1]
  if (device === undefined) throw new CannotRun('There is no such device.', 'Write the number before one of them.')
  return device.id
}

/** Written whole or not at all, for its owner only; an older one is replaced. */
function keep(file: string, token: string): void {
  const next = `${file}.new`
  try {
    const opened = openSync(next, 'wx', 0o600)
    try {
      writeSync(opened, `${token}\n`)
    } finally {
      closeSync(opened)
    }
    renameSync(next, file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new CannotRun(`The session cannot be kept in ${file} (${code}).`, `Name another file; or remove ${next}.`)
  }
}

async function accountOf(terminal: Terminal, options: OwnerOptions): Promise<Account> {
  const wanted = { question: 'Token of the session', file: options.sessionFile, option: '--session-file' }
  return twostepOf(terminal, options).account(await readSecret(terminal, wanted))
}

/** Asks in a session. Where fresh proofs are asked for, so is the person; then it is asked again. */
async function asOwner<Value>(
  terminal: Terminal,
  account: Account,
  doubt: string | undefined,
  ask: (call: CallOptions) => Promise<Ended<Value>>,
): Promise<Value> {
  const first = await asking(doubt, ask)
  if (first.ok || first.problem.kind !== 'step_up_needed') return answerOf(first)
  if (isTyped(terminal)) terminal.stderr.write('This needs more recent proof that it is you.\n')
  const { missing } = first.problem as Extract<Problem<'step_up_needed'>, { kind: 'step_up_needed' }>
  for (const proof of missing) await prove(terminal, account, proof)
  return answerOf(await asking(doubt, ask))
}

async function prove(terminal: Terminal, account: Account, proof: 'password' | 'device_code'): Promise<void> {
  if (proof === 'password') {
    const password = await askLine(terminal, 'Password', true)
    answerOf(await asking(undefined, call => account.stepUp.password({ password }, call)))
    return
  }
  const { devices } = answerOf(await asking(undefined, call => account.devices.list(call)))
  const device = await chosen(
    terminal,
    devices.map(({ id, name, number }) => ({ id, label: number === null ? name : `${name}  ${number}` })),
  )
  answerOf(await asking(undefined, call => account.stepUp.sendCode({ device }, call)))
  await retyping(terminal, (code, call) => account.stepUp.checkCode({ code }, call))
}

export async function activity(
  terminal: Terminal,
  options: OwnerOptions & { readonly limit: string },
): Promise<CommandEnding> {
  const most = Number(options.limit)
  if (!Number.isSafeInteger(most) || most < 1) {
    throw new CannotRun('--limit: that is no number of events.', 'Write 1 or more.')
  }
  const account = await accountOf(terminal, options)
  const events = await asking(undefined, async call => {
    const found = []
    for await (const page of account.activity({ limit: Math.min(most, 100) }, call)) {
      found.push(...answerOf(page).events)
      if (found.length >= most) break
    }
    return found.slice(0, most)
  })
  const words = events.map(({ at, door, words: what }) => `${at}  ${door}  ${what}`).join('\n')
  return { code: 0, words: words === '' ? 'Nothing happened.' : words, json: { events } }
}

const sessionColumns: Columns<Session> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  level: ({ level }) => level,
  'last used': ({ last_used_at }) => last_used_at,
  from: ({ from }) => [from.place, from.agent].filter(Boolean).join(', '),
  here: ({ current }) => (current ? 'this one' : ''),
}

export async function sessions(terminal: Terminal, options: OwnerOptions): Promise<CommandEnding> {
  const account = await accountOf(terminal, options)
  const { sessions: found } = await asOwner(terminal, account, undefined, call => account.sessions.list(call))
  return { code: 0, words: table(sessionColumns, found), json: { sessions: found } }
}

const lookAtSessions = 'It may have ended: look with  twostep accounts sessions list'

export async function endSession(
  terminal: Terminal,
  options: OwnerOptions & { readonly others?: boolean; readonly all?: boolean },
  given: string,
): Promise<CommandEnding> {
  if ([given !== '', options.others === true, options.all === true].filter(Boolean).length !== 1) {
    throw new CannotRun('Which session?', 'Write one id, or --others, or --all.')
  }
  const account = await accountOf(terminal, options)
  const { ended } = await asOwner(terminal, account, lookAtSessions, call =>
    given === ''
      ? account.sessions.endAll({ which: options.all === true ? 'all' : 'others' }, call)
      : account.sessions.end(given, call),
  )
  return { code: 0, words: `Ended: ${ended}.`, json: { ended } }
}

export async function signOut(terminal: Terminal, options: OwnerOptions): Promise<CommandEnding> {
  const account = await accountOf(terminal, options)
  const { ended } = await asOwner(terminal, account, undefined, call => account.signOut(call))
  return { code: 0, words: 'Signed out.', json: { ended } }
}

export async function close(
  terminal: Terminal,
  options: OwnerOptions & { readonly forGood?: boolean },
): Promise<CommandEnding> {
  if (options.forGood !== true) {
    throw new CannotRun(
      'Closing ends the account, its sessions and everything in it. Nobody brings it back. Nothing was done.',
      'If that is meant, add --for-good.',
    )
  }
  const account = await accountOf(terminal, options)
  const doubt = 'The account may be closed: sign in to see.'
  await asOwner(terminal, account, doubt, call => account.close(call))
  return { code: 0, words: 'The account is closed.', json: { closed: true } }
}
