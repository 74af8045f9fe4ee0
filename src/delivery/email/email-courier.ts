// The courier of e-mail: hands mails to one SMTP server, over a few connections that are kept open.
//
//     accepted ──▶ taken
//     the server says no for good (5xx) to this address or this text ──▶ refused
//     4xx, no answer, a broken line, no TLS, a login or a sender that is not accepted ──▶ failed: again, later
//
// A login that is refused is for the operator to mend, and no reason to throw people's warnings away. Nothing is tracked,
// and nothing can be unsubscribed from: these mails say what happened to somebody's number.

import { createTransport } from 'nodemailer'
import type { Clock } from '#core/kernel/clock.ts'
import { type Milliseconds, second } from '#core/kernel/instant.ts'
import type { Message } from '#core/message/message.ts'
import { createAtOnce } from '../at-once.ts'
import type { Courier, CourierEnding } from '../courier.ts'
import { bounceAddress, type DkimKey, domainOf } from './dkim.ts'
import { isMailAddress } from './mail-address.ts'
import type { MailFrom } from './mail-from.ts'
import type { SmtpServer } from './smtp-url.ts'

/** The settings of e-mail. */
export type MailSettings = {
  readonly server: SmtpServer
  readonly from: MailFrom
  /** What signs every mail; none: nothing does. */
  readonly dkim: readonly DkimKey[]
  /** Where bounces go, each with the id of its mail; `undefined`: to the sender. */
  readonly bounces: string | undefined
}

export type EmailCourierOptions = {
  readonly mail: MailSettings
  /** The world's time, also in the sandbox: for the `Date` of a mail. */
  readonly clock: Clock
  /** Told what went wrong in a word of a closed set: what the server itself says may quote a mail. */
  readonly onFault: (fault: string) => void
  /** What certificates are checked with, in place of the machine's own authorities. */
  readonly ca?: string
  /** For the greeting and for every answer; a mail has half as much again in all. 10 seconds unless told. */
  readonly patience?: Milliseconds
  /** How long a connection is kept that nothing is sent over, and how many mails go over one. */
  readonly keeps?: { readonly idle: Milliseconds; readonly mails: number }
}

const connections = 5
// Less than the patience: a connection ends with a word to the server, and not as one that broke.
const keepsConnection = { idle: 5 * second, mails: 100 }
// More than the connections, so that none is idle between two mails; fewer than the outbox has hands.
const mailsAtOnce = 16

export function emailCourier(options: EmailCourierOptions): Courier {
  const { mail: settings, clock, onFault, patience = 10 * second } = options
  const transport = transportTo(options, patience)
  const atOnce = createAtOnce({ inAll: mailsAtOnce, each: mailsAtOnce })
  return {
    async send(message, id, signal): Promise<CourierEnding> {
      if (!isMailAddress(message.to)) return { kind: 'refused', reason: 'rejected' }
      const over = atOnce('mail')
      if (over === undefined) return { kind: 'failed', reason: 'busy' }
      const late = AbortSignal.timeout(patience * 1.5)
      try {
        const mail = mailOf(message, id, settings)
        await transport.sendMail({ ...mail, date: new Date(clock.now()), signal: AbortSignal.any([signal, late]) })
        return { kind: 'taken' }
      } catch (error) {
        const { ending, fault } = endingOf(error as SmtpError, late.aborted)
        onFault(fault)
        return ending
      } finally {
        over()
      }
    },
    close: () => transport.close(),
  }
}

function transportTo({ mail, ca, keeps = keepsConnection }: EmailCourierOptions, patience: Milliseconds) {
  return createTransport({
    pool: true,
    maxConnections: connections,
    maxMessages: keeps.mails,
    idleTimeout: keeps.idle,
    // The outbox tries again, under the same id; here nothing is tried twice.
    maxRequeues: 0,
    ...connectionTo(mail.server, ca, patience),
    ...signing(mail),
    // A mail is text that is handed in: nothing is ever read from a file or a URL into it.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

/** How a mail server is spoken to. */
export function connectionTo(
  { host, port, tls, login }: SmtpServer,
  ca: string | undefined,
  patience: Milliseconds,
): SmtpTerms {
  return {
    host,
    port,
    secure: tls === 'at_once',
    requireTLS: tls === 'starttls',
    ...(login === undefined ? {} : { auth: { user: login.user, pass: login.password.reveal() } }),
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
    connectionTimeout: patience,
    dnsTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
  }
}

type SmtpTerms = {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly requireTLS: boolean
  readonly auth?: { readonly user: string; readonly pass: string }
  readonly tls: { readonly minVersion: 'TLSv1.2'; readonly ca?: string }
  readonly connectionTimeout: Milliseconds
  readonly dnsTimeout: Milliseconds
  readonly greetingTimeout: Milliseconds
  readonly socketTimeout: Milliseconds
}

// All that a mail has of what a person or a machine goes by; what is not there is not signed as absent.
const signed =
  'From:To:Subject:Date:Message-ID:MIME-Version:Content-Type:Content-Transfer-Encoding:Auto-Submitted:Reply-To:Cc'

/** What signs a mail, for the library. */
export function signing({ dkim, from }: Pick<MailSettings, 'dkim' | 'from'>) {
  if (dkim.length === 0) return {}
  const keys = dkim.map(({ selector, domain, key }) => ({
    domainName: domain ?? domainOf(from.address),
    keySelector: selector,
    privateKey: key.reveal(),
  }))
  return { dkim: { keys, headerFieldNames: signed } }
}

/** A mail as it is handed to the library. Addresses go in apart from the text, so none of them can become a header. */
export function mailOf({ to, subject = '', text, html }: Message, id: string, settings: MailSettings) {
  const { from, bounces } = settings
  return {
    envelope: { from: bounces === undefined ? from.address : bounceAddress(bounces, id), to: [to] },
    from,
    to: { name: '', address: to },
    subject: subject.replace(/\p{Cc}+/gu, ' '),
    text,
    ...(html === undefined ? {} : { html }),
    // The same on every try: a mailbox that got it twice shows it once.
    messageId: `<${id}@${domainOf(from.address)}>`,
    // RFC 3834: answering machines stay silent.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    xMailer: false as const,
  }
}

type SmtpError = { readonly code?: string; readonly responseCode?: number; readonly command?: string }

function endingOf(error: SmtpError, late: boolean): { readonly ending: CourierEnding; readonly fault: string } {
  const { code = '', responseCode = 0, command = '' } = error
  const known = /^E[A-Z]{2,15}$/.test(code) ? code : 'EUNKNOWN'
  if (late || code === 'ETIMEDOUT') return { ending: { kind: 'failed', reason: 'timed_out' }, fault: 'ETIMEDOUT' }
  const aboutThisMail = (code === 'EENVELOPE' && command !== 'MAIL FROM') || code === 'EMESSAGE'
  // 503 says that the session is out of step, not that the mail is unwanted.
  const forGood = responseCode >= 500 && responseCode <= 599 && responseCode !== 503
  if (aboutThisMail && forGood) return { ending: { kind: 'refused', reason: 'rejected' }, fault: known }
  return { ending: { kind: 'failed', reason: responseCode > 0 ? 'rejected' : 'unreachable' }, fault: known }
}
