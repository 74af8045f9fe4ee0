// A shop's messages over WhatsApp's Cloud API: plain fetch, as it runs against Meta. Where the API is and with what it is
// opened comes from the environment, so the tests run it unchanged against a sandbox.

/** What to send by: the number's id, and an access token of the business that has it. */
export type Line = { readonly baseUrl: string; readonly token: string; readonly phoneNumberId: string }

/** Refused by the API, with its code: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes */
export class Refused extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

type Answer = { readonly error?: { readonly code: number; readonly message: string } } & Record<string, unknown>

async function post({ baseUrl, token, phoneNumberId }: Line, edge: string, body: object): Promise<Answer> {
  const reply = await fetch(`${baseUrl}/v25.0/${phoneNumberId}/${edge}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ messaging_product: 'whatsapp', ...body }),
  })
  const answer = (await reply.json()) as Answer
  if (answer.error !== undefined) throw new Refused(answer.error.code, answer.error.message)
  return answer
}

/** Registers the number of the shop with its PIN. Costs one of ten tries in 72 hours: never call it in a loop. */
export const goLive = (line: Line, pin: string) => post(line, 'register', { pin })

/** Takes the number out of service. */
export const goOff = (line: Line) => post(line, 'deregister', {})

/** Tells a customer that their order is ready. */
export const tellReady = (line: Line, to: string, order: string) =>
  post(line, 'messages', { to, type: 'text', text: { body: `Order ${order} is ready to be picked up.` } })
