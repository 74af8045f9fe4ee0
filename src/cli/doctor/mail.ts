// E-mail: whether the mail server takes us, and whether what is published of our domain lets receivers believe our mails.

import { resolveTxt } from 'node:dns/promises'
import type { Config } from '#config'
import type { Clock } from '#core/kernel/clock.ts'
import { type Milliseconds, second } from '#core/kernel/instant.ts'
import { type DkimKey, domainOf, recordOf } from '#delivery/email/dkim.ts'
import { inTime, plain } from '#delivery/trial/hops.ts'
import { type Finding, found, ok } from './finding.ts'

/** The TXT records of a name, each in one piece; none where there is no such name. Throws when nobody answers. */
export type TxtRecords = (name: string) => Promise<readonly string[]>

const patience: Milliseconds = 5 * second

/** As the machine's resolver answers. */
export const resolvedTxt: TxtRecords = async name => {
  try {
    const found = await inTime(resolveTxt(name), patience, undefined)
    if (found === undefined) throw new Error('no answer in time')
    return found.map(pieces => pieces.join(''))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOTFOUND' || code === 'ENODATA') return []
    throw error
  }
}

type Mail = NonNullable<Config['mail']>

/** `records`: `undefined` asks nothing of the network. */
export async function examineMail(
  { mail }: Config,
  clock: Clock,
  records: TxtRecords | undefined,
): Promise<readonly Finding[]> {
  if (mail === undefined) {
    const says = 'no e-mail leaves: nobody can sign up, get back in, or be warned'
    return [found('error', 'TWOSTEP_SMTP_URL', says, 'Name a mail server, and the sender in TWOSTEP_MAIL_FROM.')]
  }
  const unsigned = mail.dkim.length === 0 ? [unsignedFinding(mail)] : []
  if (records === undefined) return unsigned
  const looked = await Promise.all([
    examineServer(mail, clock),
    ...mail.dkim.map(key => lookUp('DKIM', () => examineKey(key, mail, records))),
    lookUp('SPF', () => examineSpf(mail, records)),
    lookUp('DMARC', () => examineDmarc(mail, records)),
  ])
  return [...unsigned, ...looked]
}

const unsignedFinding = ({ from }: Mail): Finding =>
  found(
    'warning',
    'TWOSTEP_MAIL_DKIM',
    'mails are not signed here: unless the mail server signs them, many receivers take them for spam',
    `openssl genrsa -out dkim.pem 2048, name it as TWOSTEP_MAIL_DKIM=s1=dkim.pem, and run this again: it says what to publish for ${domainOf(from.address)}.`,
  )

async function examineServer(mail: Mail, clock: Clock): Promise<Finding> {
  const { tryMail } = await import('#delivery/trial/mail-trial.ts')
  const { hops } = await tryMail({ mail, message: undefined, id: '0', clock, patience })
  const wrong = hops.find(hop => !hop.ok)
  const { host, port } = mail.server
  if (wrong === undefined) return ok('TWOSTEP_SMTP_URL', `${host}, port ${port}, takes us`)
  const says = `${host}, port ${port}: ${wrong.says} (${wrong.hop})`
  return found('error', 'TWOSTEP_SMTP_URL', says, 'twostep deliver test --to ADDRESS  shows each hop.')
}

async function lookUp(about: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look()
  } catch {
    const mend = 'Look with  dig TXT NAME  from another machine, or check the resolver of this one.'
    return found('note', about, 'the name server does not answer: what is published cannot be told', mend)
  }
}

async function examineKey(key: DkimKey, { from }: Mail, records: TxtRecords): Promise<Finding> {
  const { name, value } = recordOf(key, from.address)
  const there = (await records(name)).map(record => /(?:^|;)\s*p=([^;]*)/.exec(record)?.[1]?.replace(/\s/g, ''))
  if (there.includes(key.published)) return ok('DKIM', `${name} publishes the key that signs`)
  const publish = `Publish, as TXT at ${name}:  ${value}`
  if (there.length === 0)
    return found('error', 'DKIM', `${name} publishes nothing: the signature counts for nothing`, publish)
  const says = `${name} publishes another key: the signature is taken for a forgery`
  return found('error', 'DKIM', says, publish)
}

async function examineSpf({ from, bounces, server }: Mail, records: TxtRecords): Promise<Finding> {
  const domain = domainOf(bounces ?? from.address)
  const there = (await records(domain)).filter(record => /^v=spf1(?: |$)/i.test(record))
  if (there.length > 1) {
    return found('error', 'SPF', `${domain} has ${there.length} records: receivers then heed none`, 'Make one of them.')
  }
  if (there[0] !== undefined && / \+?all\b/i.test(there[0])) {
    return found(
      'warning',
      'SPF',
      `${domain} lets everybody send for it (${plain(there[0])})`,
      'End it with -all or ~all.',
    )
  }
  if (there.length === 1) return ok('SPF', `${domain} says who sends for it; check that ${server.host} is among them`)
  const mend = `Publish, as TXT at ${domain}:  v=spf1 include:… -all  with what the company of ${server.host} says to include.`
  return found('warning', 'SPF', `${domain} does not say who sends for it`, mend)
}

async function examineDmarc({ from }: Mail, records: TxtRecords): Promise<Finding> {
  const domain = domainOf(from.address)
  const parts = domain.split('.')
  // The record of the organization counts where the domain has none (RFC 7489 §6.6.3).
  for (const above of parts.slice(0, -1).map((_, index) => parts.slice(index).join('.'))) {
    const [record] = (await records(`_dmarc.${above}`)).filter(each => /^v=DMARC1(?:;|$)/i.test(each))
    if (record === undefined) continue
    const policy = /(?:^|;)\s*p=\s*(\w+)/i.exec(record)?.[1]?.toLowerCase()
    if (policy === 'reject' || policy === 'quarantine') return ok('DMARC', `_dmarc.${above} says ${policy}`)
    const says = `_dmarc.${above} lets forged mails through (p=${policy ?? 'nothing'})`
    return found(
      'warning',
      'DMARC',
      says,
      'Write p=reject once your own mails pass: thieves write to people in your name.',
    )
  }
  const mend = `Publish, as TXT at _dmarc.${domain}:  v=DMARC1; p=none; rua=mailto:…  and p=reject once your own mails pass.`
  return found('warning', 'DMARC', `${domain} says nothing of mails that are forged in its name`, mend)
}
