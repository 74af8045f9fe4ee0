// `twostep businesses` and `twostep applications`: what the operator does on a running server, near or far. Keys and tokens are
// told once, on standard output. Addresses and tokens are asked for.

import {
  type AccessTokenPermission,
  type CallOptions,
  type OperatorResult,
  Secret,
  type Twostep,
} from '#client/index.ts'
import { CannotRun, type CommandEnding } from './ending.ts'
import { answerOf, asking, twostepOf } from './remote.ts'
import { readSecret } from './secret-input.ts'
import { askLine, type Terminal } from './terminal.ts'

/** What every command of the operator may be told. */
export type OperatorOptions = {
  readonly url?: string
  readonly json?: boolean
  readonly operatorTokenFile?: string
}

type Operator = Twostep['operator']

/** Asks as the operator, and tells what came of it. What was told once is revealed here: it is the command's result. */
async function operate<Value extends object | undefined>(
  terminal: Terminal,
  options: OperatorOptions,
  doubt: string,
  ask: (operator: Operator, call: CallOptions) => Promise<OperatorResult<Value, string>>,
  words: (value: { readonly [Name in keyof Value]: string }) => string,
): Promise<CommandEnding> {
  const operatorToken = await readSecret(terminal, {
    question: 'Operator token',
    file: options.operatorTokenFile,
    option: '--operator-token-file',
    variable: 'TWOSTEP_OPERATOR_TOKEN',
  })
  const { operator } = twostepOf(terminal, options, { operatorToken })
  const value = answerOf(await asking(doubt, call => ask(operator, call)))
  const json = Object.fromEntries(
    Object.entries(value ?? { done: true }).map(([name, each]) => [
      name,
      each instanceof Secret ? each.reveal() : each,
    ]),
  )
  return { code: 0, words: words(json as never), json }
}

const once = 'It is told this once and stored nowhere: put it where it belongs now.'
const maybeMade = 'One may have been made, whose key nobody knows. Run it again.'

const email = async (terminal: Terminal): Promise<string> => askLine(terminal, 'E-mail address', false)

export async function createBusiness(
  terminal: Terminal,
  options: OperatorOptions & { readonly name: string },
): Promise<CommandEnding> {
  const request = { name: options.name, email: await email(terminal) }
  return operate(
    terminal,
    options,
    maybeMade,
    (operator, call) => operator.createBusiness(request, call),
    ({ id }) => `Made. Its business (WABA) id is ${id}.\nNext:  twostep businesses token issue ${id}`,
  )
}

const units = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

/** A span such as `90d`, in seconds. */
function secondsOf(span: string): number {
  const [, count, unit] = /^([1-9][0-9]{0,8})([smhd])$/.exec(span) ?? []
  if (count !== undefined && unit !== undefined) return Number(count) * units[unit as keyof typeof units]
  throw new CannotRun('--expires-in: that is no span of time.', 'Write a number and s, m, h or d, such as 90d.')
}

export const issueToken = async (
  terminal: Terminal,
  options: OperatorOptions & { readonly permission?: readonly AccessTokenPermission[]; readonly expiresIn?: string },
  business: string,
): Promise<CommandEnding> => {
  const permissions = options.permission ?? (['whatsapp_business_management', 'whatsapp_business_messaging'] as const)
  const expires_in = options.expiresIn === undefined ? undefined : secondsOf(options.expiresIn)
  return operate(
    terminal,
    options,
    'A token may have been issued that nobody knows: revoke all when in doubt.',
    (operator, call) => operator.issueAccessToken(business, { permissions, expires_in }, call),
    ({ access_token }) => `${access_token}\n${once}`,
  )
}

export async function revokeTokens(
  terminal: Terminal,
  options: OperatorOptions & { readonly all?: boolean; readonly tokenFile?: string },
  business: string,
): Promise<CommandEnding> {
  // All of them only when it was said: an empty answer must not end every token of a business.
  const wanted = { question: 'Access token to revoke', file: options.tokenFile, option: '--token-file' }
  const request = options.all === true ? {} : { access_token: await readSecret(terminal, wanted) }
  return operate(
    terminal,
    options,
    'It may have been revoked.',
    (operator, call) => operator.revokeAccessTokens(business, request, call),
    ({ revoked }) => `Revoked: ${revoked}.`,
  )
}

export const makeAppSecret = (terminal: Terminal, options: OperatorOptions, business: string): Promise<CommandEnding> =>
  operate(
    terminal,
    options,
    'A new secret may be in force that nobody knows. Run it again.',
    (operator, call) => operator.makeAppSecret(business, call),
    ({ app_secret }) => `${app_secret}\nIt signs the webhooks of this business. ${once}`,
  )

export async function invite(
  terminal: Terminal,
  options: OperatorOptions & { readonly role?: 'admin' | 'member'; readonly language?: string },
  business: string,
): Promise<CommandEnding> {
  const request = { email: await email(terminal), role: options.role, language: options.language }
  return operate(
    terminal,
    options,
    'They may have been invited. Run it again.',
    (operator, call) => operator.inviteAdmin(business, request, call),
    ({ link }) =>
      link === null
        ? 'They look after this business now, with the password they have.'
        : `Invited. This link chooses the password, once, within 24 hours:\n${link}`,
  )
}

export async function removeAdmin(
  terminal: Terminal,
  options: OperatorOptions,
  business: string,
): Promise<CommandEnding> {
  const request = { email: await email(terminal) }
  return operate(
    terminal,
    options,
    'They may have been removed.',
    (operator, call) => operator.removeAdmin(business, request, call),
    () => 'They do not look after this business any more.',
  )
}

export const createApplication = (
  terminal: Terminal,
  options: OperatorOptions & { readonly name: string },
): Promise<CommandEnding> =>
  operate(
    terminal,
    options,
    maybeMade,
    (operator, call) => operator.createApplication({ name: options.name }, call),
    ({ id, api_key }) => `Made the application ${id}. Its API key:\n${api_key}\n${once}`,
  )
