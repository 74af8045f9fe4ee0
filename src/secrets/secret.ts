// A text that must not be printed. Whatever prints, logs or serialises it by mistake gets `[sealed]`.

import { inspect } from 'node:util'

const sealed = '[sealed]'

/**
 * A secret on its way through the program: a PIN, a code, a token. Only {@link Secret.reveal} gives the text.
 *
 * The text sits in a private field, which no enumeration, spread, JSON or clone reaches. A log line that takes in a whole
 * request therefore shows nothing (ASVS 5.0 §16.2.5).
 */
export class Secret {
  readonly #text: string

  private constructor(text: string) {
    this.#text = text
  }

  /** Seals a text of any length. */
  static of(text: string): Secret {
    return new Secret(text)
  }

  /** The text itself. Call it where the text is used up, and nowhere earlier. */
  reveal(): string {
    return this.#text
  }

  toString(): string {
    return sealed
  }

  toJSON(): string {
    return sealed
  }

  [inspect.custom](): string {
    return sealed
  }
}
