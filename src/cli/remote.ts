// Asking a server, ours or Meta's: through the client, until Ctrl-C, and with refusals as a command tells them.

import process from 'node:process'
import { ConnectionError, isWhatsAppError, type Problem, Twostep, type Warning, WhatsApp } from '#client/index.ts'
import { CannotRun, Interrupted, Refused } from './ending.ts'
import { plainJson } from './rows.ts'
import { readSecret } from './secret-input.ts'
import type { Terminal } from './terminal.ts'

/** What every command about a number at a business may be told. */
export type GraphOptions = {
  readonly url?: string
  readonly tokenFile?: string
  readonly business?: string
  readonly json?: boolean
}

/** The client of the Cloud API, Meta's or ours. `id`: the number's, where the command is about one. */
export async function whatsAppOf(terminal: Terminal, options: GraphOptions, id?: string): Promise<WhatsApp> {
  const { env } = terminal
  const accessToken = await readSecret(terminal, {
    question: 'Access token',
    file: options.tokenFile,
    option: '--token-file',
    variable: 'CLOUD_API_ACCESS_TOKEN',
  })
  return made(
    () =>
      new WhatsApp({
        accessToken,
        phoneNumberId: id,
        businessAccountId: options.business ?? (env.WA_BUSINESS_ACCOUNT_ID || undefined),
        baseUrl: options.url ?? (env.WA_BASE_URL || undefined),
        onWarning: warning(terminal, options.json),
      }),
  )
}

/** The id of the number that a command is about. */
export function numberId({ env }: Terminal, given: string): string {
  const id = given === '' ? env.WA_PHONE_NUMBER_ID : given
  if (id !== undefined && id !== '') return id
  throw new CannotRun(
    'Which number? Its phone-number id is missing.',
    'Write the id, not the number (twostep numbers list  shows it), or set WA_PHONE_NUMBER_ID.',
  )
}

/** Where a Twostep server is: as told, as the client's own setting says, or beside this command. */
export const urlOf = ({ env }: Terminal, given: string | undefined): string =>
  given ?? (env.TWOSTEP_URL || `http://127.0.0.1:${env.TWOSTEP_PORT || '8022'}`)

/** The client of a Twostep server. */
export const twostepOf = (
  terminal: Terminal,
  { url, json }: { readonly url?: string; readonly json?: boolean },
  keys: { readonly apiKey?: string; readonly operatorToken?: string } = {},
): Twostep =>
  made(
    () =>
      new Twostep({
        ...keys,
        baseUrl: urlOf(terminal, url),
        onWarning: warning(terminal, json),
      }),
  )

// Whoever reads JSON from standard error reads it line by line.
const warning = ({ stderr }: Terminal, json = false) => {
  return ({ kind, message }: Warning): void =>
    void stderr.write(json ? `${plainJson({ warning: { kind, message } })}\n` : `Warning: ${message}\n`)
}

function made<Client>(make: () => Client): Client {
  try {
    return make()
  } catch (error) {
    throw told(error, undefined) ?? error
  }
}

/**
 * Asks. Ctrl-C gives the request up; `doubt` then says what may have been done, and how to see. Throws {@link Refused},
 * {@link CannotRun} and {@link Interrupted}.
 */
export async function asking<Value>(
  doubt: string | undefined,
  ask: (options: { readonly signal: AbortSignal }) => Promise<Value>,
): Promise<Value> {
  const giving = new AbortController()
  const give = () => giving.abort(new Interrupted(doubt))
  process.once('SIGINT', give)
  try {
    return await ask({ signal: giving.signal })
  } catch (error) {
    throw told(error, doubt) ?? error
  } finally {
    process.removeListener('SIGINT', give)
  }
}

/** What a call answered; throws {@link Refused} where it was refused. */
export function answerOf<Value>(
  result: { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: Problem },
): Value {
  if (result.ok) return result.value
  const { kind, title, detail, status, retryAt, instance } = result.problem
  throw new Refused(kind, title, { hint: hintFor(kind) ?? detail, retryAt, more: { status, request: instance } })
}

// What the server would have a program do, a person at a terminal does otherwise.
const hints: Readonly<Record<string, string>> = {
  operator_token_needed:
    'Set TWOSTEP_OPERATOR_TOKEN (or its _FILE) as for the server. In the sandbox, npm start prints it.',
  api_key_needed:
    'Set TWOSTEP_API_KEY (or its _FILE). The operator makes one:  twostep applications create --name NAME',
  session_needed: 'Begin a session:  twostep accounts sign-in --session-file FILE',
}
const hintFor = (kind: string): string | undefined => (Object.hasOwn(hints, kind) ? hints[kind] : undefined)

function told(error: unknown, doubt: string | undefined): Error | undefined {
  if (isWhatsAppError(error)) {
    const { code, message, details, userMessage, traceId, status, retryAt } = error
    // "At once, with another PIN" is no wait.
    const later = code === 133005 ? undefined : retryAt
    const more = { code, status, trace_id: traceId }
    const said = details ?? userMessage
    // Twostep writes it behind the title too, Meta does not.
    const hint = said !== undefined && message.includes(said) ? undefined : said
    return new Refused(`graph_${code}`, message, { hint, retryAt: later, more })
  }
  if (error instanceof ConnectionError) {
    const where = 'Check --url, and whether the server runs.'
    return new CannotRun(error.message, doubt === undefined || neverSent(error) ? where : `${where} ${doubt}`)
  }
  // The client refuses what cannot be meant before it sends anything, and says what to write.
  if (error instanceof TypeError && /^(?:\w+(?:: write| is missing)|write )/.test(error.message)) {
    return new CannotRun(error.message, 'Add --help to see how it is used.')
  }
  return undefined
}

/** Whether there was no connection to send anything on. */
function neverSent({ cause }: ConnectionError): boolean {
  const { code } = ((cause as Error | undefined)?.cause ?? {}) as NodeJS.ErrnoException
  return code !== undefined && ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code)
}
