// A vault cannot be used as asked: why, and the way out.

/** Why. Stable, for tests. */
export type VaultTrouble =
  | 'missing'
  | 'exists'
  | 'busy'
  | 'open_to_others'
  | 'unreadable'
  | 'unwritable'
  | 'damaged'
  | 'newer'
  | 'wrong_passphrase'

/** `message` says what is wrong, `hint` what to do. Neither holds a piece of the file. */
export class VaultUnusable extends Error {
  override readonly name = 'VaultUnusable'
  readonly reason: VaultTrouble
  readonly hint: string
  constructor(reason: VaultTrouble, message: string, hint: string) {
    super(message)
    this.reason = reason
    this.hint = hint
  }
}
