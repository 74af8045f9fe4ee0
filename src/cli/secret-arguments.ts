// Secrets have no place among arguments: every user of the machine sees those in the list of processes, and they stay in the
// shell's history. So what looks like one is refused before anything else looks at it, and is not repeated.

import { CannotRun } from './ending.ts'

// Nothing here takes a value: they are what people try.
const secretFlags =
  /^--?(?:pin|code|password|passcode|secret|token|access-token|api-key|operator-token|recovery-key|session|app-secret|p)(?:=|$)/

// Twostep's own tokens and keys, Meta's, webhook secrets, and whole Authorization headers.
const secretShapes = /^(?:tw[a-z]{1,2}_[0-9A-Za-z]{16,}|EAA[0-9A-Za-z]{16,}|whsec_|Bearer\s)/

const remedies =
  'It is asked for where none of this shows: type it at the prompt, pipe it in, or name a file that only you can read ' +
  '(see --help).'

/** Throws {@link CannotRun} for an argument that is a secret, or looks like one. */
export function refuseSecretArguments(args: readonly string[]): void {
  for (const [at, argument] of args.entries()) {
    const flag = secretFlags.exec(argument)?.[0].replace('=', '')
    if (flag !== undefined) throw asArgument(`${flag} is not taken`, args[at + 1])
    const value = argument.replace(/^--?[\w-]+=/, '')
    if (secretShapes.test(value)) throw asArgument('A token is not taken', value)
    // Ids of numbers are longer. A user of an application may be called so, and is asked for elsewhere.
    if (args[0] === 'numbers' && /^[0-9]{3}-?[0-9]{3}$/.test(value))
      throw asArgument('A PIN or code is not taken', value)
  }
}

function asArgument(what: string, value: string | undefined): CannotRun {
  const typed = value === undefined || value.startsWith('-') ? '' : ' What was typed may be known by now: change it.'
  return new CannotRun(
    `${what} as an argument: every user of this machine sees it in the list of processes, and it stays in the shell’s history.`,
    `${remedies}${typed}`,
  )
}
