// What a verifier throws when the record it is handed is not one.

/**
 * A stored record (a PIN verifier, a code verifier, a token verifier) that cannot be read. A bug or a damaged store, never
 * a wrong guess; the caller must not take it for either answer. The message names the kind of record, never its text.
 */
export class MalformedRecord extends Error {
  override readonly name = 'MalformedRecord'
  constructor(record: string, wrong: string) {
    super(`A stored ${record} cannot be read: ${wrong}.`)
  }
}
