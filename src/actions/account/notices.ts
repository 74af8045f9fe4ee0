// The mails of an account's notices: to every address it has, in the commit of the change they tell of.

import type { Account } from '#core/account/account.ts'
import type { Notice } from '#core/account/change.ts'
import { after, day } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Outgoing } from '#core/message/message.ts'
import { type AccountMail, accountMail } from '#delivery/messages/account-mail.ts'
import type { Secret } from '#secrets/secret.ts'
import type { World } from '../world.ts'

/** Where the pages of mailed links are, below the public URL. The token follows. */
export const accountLinksPath = '/links'

/** The address of a mailed link. */
export const linkTo = (world: World, token: Secret): string =>
  `${world.publicUrl()}${accountLinksPath}/${token.reveal()}`

// A notice that could not be delivered for a week tells its reader nothing they can still act on.
const lasts = 7 * day

/** One message for each notice and address. `notMe`: the token of the link in the mail about a wait. */
export function noticeMails(
  world: World,
  account: Account,
  notices: readonly Notice[],
  notMe: Secret | undefined,
): readonly Outgoing[] {
  return notices.flatMap(notice => {
    assert(notice.kind !== 'waiting' || notMe !== undefined, 'the mail about a wait carries its link')
    const link = notice.kind === 'waiting' && notMe !== undefined ? linkTo(world, notMe) : undefined
    const { kind, at, about, from, date } = notice
    const expires = link === undefined || date === undefined ? after(at, lasts) : date
    const mail = { mail: kind, when: at, about, from, date, link }
    return notice.to.map(to => mailTo(world, account, { to, expires, ...mail }))
  })
}

/** A mail of an account. It carries a secret only where it has a link. */
export function mailTo(
  world: World,
  account: Pick<Account, 'language'>,
  mail: Omit<AccountMail, 'language' | 'product'> & { readonly to: string },
): Outgoing {
  const { to, ...rest } = mail
  const { expires } = rest
  const written = accountMail({ ...rest, language: account.language ?? 'en', product: world.policy.product })
  const link = rest.link === undefined ? {} : { link: rest.link }
  return { message: { channel: 'email', to, ...written, ...link }, due: mail.when, expires }
}
