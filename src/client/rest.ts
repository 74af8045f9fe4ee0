// A call to the REST API of a Twostep server: an answer is a value, whether it succeeded or was refused. Each change goes under
// an idempotency key, so that one whose answer was lost is sent again and still done once.

import { ConnectionError } from './connection-error.ts'
import { ask, type CallOptions, type Wire } from './exchange.ts'
import { newKey, now } from './machine.ts'
import { type Result, readProblem } from './problem.ts'
import { sealSecrets, withSecretsAsText } from './secret.ts'

/** What may be said of each call of the REST API. */
export interface RestOptions extends CallOptions {
  /**
   * Under which key a change is done once, for 24 hours: 1 to 255 printable ASCII characters. By default a new random one for
   * each call, which covers a broken connection. Give your own to repeat a call after a restart.
   */
  readonly idempotencyKey?: string | undefined
}

export type Change = {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: object | undefined
  readonly options: RestOptions | undefined
}

/**
 * The calls of one party: what looks, what changes under an idempotency key, and what changes without one. How a call ends is
 * said by the interface it stands behind; tests hold those to the server's contract.
 */
export type Rest = {
  readonly read: <Ends>(path: string, options?: CallOptions) => Promise<Ends>
  readonly change: <Ends>(change: Change) => Promise<Ends>
  /** For calls that take no idempotency key: sent once. */
  readonly changeOnce: <Ends>(change: Change) => Promise<Ends>
}

/** `token` is called when it is needed, and throws where there is none. `more`: headers that go with each call. */
export function restOf(
  base: URL,
  wire: Wire,
  token: () => string | undefined,
  more: Readonly<Record<string, string>> = {},
): Rest {
  async function send<Ends>(
    { method, path, body, options }: Omit<Change, 'method'> & { readonly method: Change['method'] | 'GET' },
    repeats: 'read' | 'keyed' | 'never',
  ): Promise<Ends> {
    const bearer = token()
    const answer = await ask(wire, {
      method,
      url: new URL(path, base),
      headers: {
        ...more,
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...(repeats === 'keyed' ? { 'idempotency-key': readKey(options?.idempotencyKey) } : {}),
      },
      body: method === 'GET' ? undefined : withSecretsAsText(withPinsAsText(body ?? {})),
      repeats,
      options,
    })
    const { status, headers } = answer
    if (status < 400) return done<Ends>(sealSecrets(answer.body), headers.get('idempotency-replayed') === 'true')
    const problem = readProblem(answer.body, now())
    if (problem === undefined) throw new ConnectionError('unreadable', base.origin, { status })
    return { ok: false, problem } satisfies Result<unknown, string, string> as Ends
  }
  return {
    read: (path, options) => send({ method: 'GET', path, options }, 'read'),
    change: change => send(change, 'keyed'),
    changeOnce: change => send(change, 'never'),
  }
}

const done = <Ends>(value: unknown, replayed: boolean): Ends =>
  ({ ok: true, value, replayed }) satisfies Result<unknown, string, string> as Ends

function readKey(given: string | undefined): string {
  const key = given ?? newKey()
  if (!/^[ -~]{1,255}$/.test(key)) throw new TypeError('idempotencyKey: write 1 to 255 printable ASCII characters.')
  // A quoted string, as the draft of the standard writes it.
  return `"${key.replace(/["\\]/g, '\\$&')}"`
}

// The compiler refuses a number; this is for who has no compiler.
function withPinsAsText(body: object): object {
  for (const [name, value] of Object.entries(body)) {
    if (typeof value === 'number' && /pin$|^code$/.test(name)) {
      throw new TypeError(`${name}: write it as text, "012345": as a number it loses its leading zeros.`)
    }
  }
  return body
}

/** A path below `api/v1/`. An id is one segment, and leads nowhere else. */
export function at(collection: string, id: string, edge?: string): string {
  if (!/^[\w-]{1,64}$/.test(id)) throw new TypeError('id: write the id that the server answered.')
  return `${collection}/${id}${edge === undefined ? '' : `/${edge}`}`
}

/** A name of somebody else's making as one segment of a path. Dots alone would lead to another one. */
export function segment(text: string): string {
  if (typeof text !== 'string' || /^\.{0,2}$/.test(text)) throw new TypeError('write a name of one character or more.')
  return encodeURIComponent(text)
}
