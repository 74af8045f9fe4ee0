// What is thrown when no answer came that could be read: a broken wire. What was asked may have been done or not.

/** Why there is no answer. */
export type ConnectionTrouble = 'unreachable' | 'timed_out' | 'unreadable' | 'redirected'

const words: Readonly<Record<ConnectionTrouble, string>> = {
  unreachable: 'No answer came from',
  timed_out: 'No answer came in time from',
  unreadable: 'An answer that is not JSON came from',
  redirected: 'A redirect, which is never followed, came from',
}

/**
 * No answer, or none that could be read. A change may have been made all the same: look before you send it again. `cause` is
 * what `fetch` threw.
 */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError'
  /**
   * `unreachable`: no connection, or it broke. `timed_out`: not within `timeoutMs`. `unreadable`: the answer is not JSON; a
   * proxy may have answered. `redirected`: the answer points elsewhere, where no PIN is sent.
   */
  readonly trouble: ConnectionTrouble
  /** HTTP status, where an answer came. */
  readonly status: number | undefined

  constructor(trouble: ConnectionTrouble, asked: string, { status, cause }: { status?: number; cause?: unknown } = {}) {
    super(`${words[trouble]} ${asked}${status === undefined ? '' : ` (HTTP ${status})`}.`, { cause })
    this.trouble = trouble
    this.status = status
  }
}
