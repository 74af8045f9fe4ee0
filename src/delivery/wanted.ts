// Whether a message is still of use to whoever waits for it: a code is, while it is the newest of its request and was not
// right yet. Two codes must never be alive, so nothing that fails here is handed to anybody, nor offered to the operator.

import type { Message } from '#core/message/message.ts'
import type { Records } from '#records/records.ts'

/** Looks at the subject that the code was made for, as it is now. What carries no code that is known is always wanted. */
export async function isWanted(
  records: Pick<Records, 'load' | 'find'>,
  { to, proves }: Pick<Message, 'to' | 'proves'>,
): Promise<boolean> {
  if (proves === undefined) return true
  if ('account' in proves) {
    const account = (await records.load('account', proves.account))?.document
    return account?.challenges.some(({ verifier }) => verifier === proves.verifier) ?? false
  }
  const number = (await records.find('number', { purpose: 'number', value: to }))?.document
  const claim = number?.claims.find(({ id }) => id === proves.claim)
  return claim?.request?.lastSentAt === proves.sentAt
}
