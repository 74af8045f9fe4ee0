// What a client takes from the machine it runs on: settings, the time, a pause, randomness, and a place for warnings. Only
// what Node 20, Deno, Bun and browsers all have; where there is no environment (a browser), nothing is set.

type Process = {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly emitWarning?: (text: string, type: string) => void
}

const { process } = globalThis as { readonly process?: Process }

/** A setting of the environment; `undefined` where it is empty or may not be read. */
export function setting(name: string): string | undefined {
  try {
    return process?.env?.[name] || undefined
  } catch {
    // Deno asks the person first, and throws when they say no.
    return undefined
  }
}

/** The machine's time, in milliseconds. */
export const now = (): number => Date.now()

/** Resolves after so many milliseconds; rejects with the signal's reason when it is aborted before. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const give = () => reject(signal.reason)
    if (signal.aborted) return give()
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', give)
      resolve()
    }, milliseconds)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        give()
      },
      { once: true },
    )
  })

/** 128 random bits, in hex. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')

/** Something the client thinks its user should know. It holds no PIN, code or token. */
export type Warning = {
  /**
   * `weak_pin`: a PIN that is easily guessed is about to be sent, or the server says that one was.
   * `plain_http`: PINs and tokens go to another machine unencrypted.
   */
  readonly kind: 'weak_pin' | 'plain_http'
  /** For people: what is wrong, and what to do. */
  readonly message: string
}

/** Where warnings go unless a client is told otherwise: a warning of the process (Node, Bun), or the console. */
export function warn({ message }: Warning): void {
  if (process?.emitWarning !== undefined) {
    process.emitWarning(message, 'TwostepWarning')
    return
  }
  // biome-ignore lint/suspicious/noConsole: in a browser there is no other place that a developer looks at
  console.warn(message)
}
