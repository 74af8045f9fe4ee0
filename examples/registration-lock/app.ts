// The server of a consumer app that registers phone numbers, with the lock: each step of "your first registration lock" as a
// function. Plain fetch, no dependency: it is here to be read.
//
//     begin ──▶ code right? ──▶ complete ──▶ in
//                                   │ 423: the number has a PIN
//                                   ▼
//                     the person types it, or takes a way without it

/** What a screen of the app shows next. */
export type Screen =
  | { readonly kind: 'type_code'; readonly registration: string }
  | { readonly kind: 'code_wrong'; readonly registration: string }
  /** `ways`: how to go on without the PIN; `waitSeconds`: how long time alone takes. */
  | {
      readonly kind: 'type_pin'
      readonly registration: string
      readonly wrong: boolean
      readonly guessesLeft: number
      readonly ways: readonly string[]
      readonly waitSeconds: number
    }
  | { readonly kind: 'in'; readonly registration: string; readonly account: string }
  | { readonly kind: 'later'; readonly seconds: number; readonly says: string }
  | { readonly kind: 'refused'; readonly says: string }

type Reply = { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

/** The app, for one Twostep and one API key, which never leaves this server. */
export function registrationApp(twostep: string, apiKey: string) {
  // One key for each thing that a person wants, so that a request which is sent again does nothing twice.
  async function post(path: string, body: object, key: string): Promise<Reply> {
    const reply = await fetch(`${twostep}/api/v1/registrations${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    })
    return { status: reply.status, body: (await reply.json()) as Reply['body'] }
  }

  const refused = ({ body }: Reply): Screen =>
    typeof body.retry_after === 'number'
      ? { kind: 'later', seconds: body.retry_after, says: String(body.title) }
      : { kind: 'refused', says: String(body.detail ?? body.title) }

  async function complete(registration: string, more: object, key: string): Promise<Screen> {
    const reply = await post(`/${registration}/complete`, more, key)
    const { body } = reply
    if (reply.status === 200) return { kind: 'in', registration, account: String(body.account_id) }
    if (reply.status !== 423) return refused(reply)
    return {
      kind: 'type_pin',
      registration,
      wrong: body.kind === 'wrong_pin',
      guessesLeft: Number(body.guesses_left),
      ways: body.reset_methods as readonly string[],
      waitSeconds: Number(body.wipe_wait_s),
    }
  }

  return {
    /** The person typed their number; a code is on its way. */
    async begin(number: string, country: string, key: string): Promise<Screen> {
      const reply = await post('', { number, country, method: 'sms' }, key)
      return reply.status === 201 ? { kind: 'type_code', registration: String(reply.body.id) } : refused(reply)
    },

    /** The person typed the code: they are in, unless the number has a PIN. */
    async code(registration: string, code: string, key: string): Promise<Screen> {
      const reply = await post(`/${registration}/code/check`, { code }, key)
      if (reply.status === 200) return complete(registration, {}, `${key}-complete`)
      return reply.body.kind === 'wrong_code' ? { kind: 'code_wrong', registration } : refused(reply)
    },

    /** The person typed the PIN. */
    pin: (registration: string, pin: string, key: string) => complete(registration, { pin }, key),

    /** The person agreed to lose what `wipe_effect` names, once the days have passed. */
    withoutPin: (registration: string, accept: 'pending_messages' | 'account', key: string) =>
      complete(registration, { accept_reset: accept }, key),

    /** The person set a PIN in the settings. `undefined`, or why it is not taken. */
    async setPin(registration: string, pin: string, email: string): Promise<string | undefined> {
      const reply = await fetch(`${twostep}/api/v1/registrations/${registration}/two-step`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ pin, email, email_repeat: email }),
      })
      const { detail, title } = (await reply.json()) as { readonly detail?: string; readonly title?: string }
      return reply.status === 200 ? undefined : (detail ?? title)
    },
  }
}
