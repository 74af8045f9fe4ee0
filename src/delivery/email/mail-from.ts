// Who our mails are from: `no-reply@example.com`, or with a name, `Twostep <no-reply@example.com>`.

import { isMailAddress } from './mail-address.ts'

export type MailFrom = { readonly name: string; readonly address: string }

/** Reads a sender; `undefined` when it is none. A name is up to 60 letters, marks, digits, spaces and `.&'-`. */
export function readMailFrom(text: string): MailFrom | undefined {
  if (/\p{Cc}/u.test(text)) return undefined
  const [, name = '', inBrackets] = /^(?:([^<>]*)<([^<>]*)>)$/.exec(text) ?? []
  const from = { name: name.trim(), address: inBrackets ?? text }
  const named = from.name === '' || /^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N} .&'-]{0,59}$/u.test(from.name)
  return named && isMailAddress(from.address) ? from : undefined
}
