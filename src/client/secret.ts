// A text that must not be printed: what a server tells once. Whatever logs or serialises it by mistake gets `[sealed]`.

const inspect: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never
const sealed = '[sealed]'
// Not a private field: the consoles of browsers show those.
const texts = new WeakMap<Secret, string>()

/**
 * A secret that a server told: a token, a key, a password of letters. It is told once and kept nowhere, so hand it on at once.
 * Printed, put into a text or serialised it is `[sealed]`; only `reveal()` gives the text.
 */
export class Secret {
  constructor(text: string) {
    texts.set(this, text)
  }
  /** The text itself. Call it where the text is used up, and nowhere earlier. */
  reveal(): string {
    return texts.get(this) ?? sealed
  }
  toString(): string {
    return sealed
  }
  toJSON(): string {
    return sealed
  }
  /** What Node, Deno and Bun print. */
  [inspect](): string {
    return sealed
  }
}

/** A secret as it is handed in: as a server told it, or as text that somebody typed. */
export type SecretText = string | Secret

/** The text of it. By its shape, for another copy of this package may have made it. */
export const textOf = (value: SecretText): string => (typeof value === 'string' ? value : value.reveal())

// The names of what is told once, wherever the server tells it: at the top of an answer, or in the session that it opened.
const toldOnce =
  /^(?:token|browser|recovery_key|app_password|device_token|installation|api_key|access_token|app_secret|signing_secret)$/

/** An answer with what is told once in it sealed. */
export function sealSecrets(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => {
      if (name === 'session') return [name, sealSecrets(value)]
      return [name, typeof value === 'string' && toldOnce.test(name) ? new Secret(value) : value]
    }),
  )
}

/** A request as it goes out: each secret in it as text. */
export const withSecretsAsText = (body: object): object =>
  Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null && 'reveal' in value ? textOf(value as Secret) : value,
    ]),
  )
