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
import { isMailAddress } from './mail-address.ts'
import type { MailFrom } from './mail-from.ts'
import type { SmtpServer } from './smtp-url.ts'

export type EmailCourierOptions = {
  readonly server: SmtpServer
  readonly from: MailFrom
  /** The world's time, also in the sandbox: for the `Date` of a mail. */
  readonly clock: Clock
  /** Told what went wrong in a word of a closed set: what the server itself says may quote a mail. */
  readonly onFault: (fault: string) => void
  /** What certificates are checked with, in place of the machine's own authorities. */
  readonly ca?: string
  /** For the greeting and for every answer; a mail has half as much again in all. 10 seconds unless told. */
  readonly patience?: Milliseconds
}

const connections = 5
// More than the connections, so that none is idle between two mails; fewer than the outbox has hands.
const mailsAtOnce = 16

export function emailCourier(options: EmailCourierOptions): Courier {
  const { from, clock, onFault, patience = 10 * second } = options
  const transport = transportTo(options, patience)
  const atOnce = createAtOnce({ inAll: mailsAtOnce, each: mailsAtOnce })
  return {
    async send(message, id, signal): Promise<CourierEnding> {
      if (!isMailAddress(message.to)) return { kind: 'refused', reason: 'rejected' }
      const over = atOnce('mail')
      if (over === undefined) return { kind: 'failed', reason: 'busy' }
      const late = AbortSignal.timeout(patience * 1.5)
      try {
        const mail = mailOf(message, id, from)
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

function transportTo({ server, ca }: EmailCourierOptions, patience: Milliseconds) {
  const { host, port, tls, login } = server
  return createTransport({
    pool: true,
    maxConnections: connections,
    // The outbox tries again, under the same id; here nothing is tried twice.
    maxRequeues: 0,
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
    // A mail is text that is handed in: nothing is ever read from a file or a URL into it.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

/** A mail as it is handed to the library. Addresses go in apart from the text, so none of them can become a header. */
function mailOf({ to, subject = '', text, html }: Message, id: string, from: MailFrom) {
  const [, domain] = from.address.split('@')
  return {
    envelope: { from: from.address, to: [to] },
    from,
    to: { name: '', address: to },
    subject: subject.replace(/\p{Cc}+/gu, ' '),
    text,
    ...(html === undefined ? {} : { html }),
    // The same on every try: a mailbox that got it twice shows it once.
    messageId: `<${id}@${domain}>`,
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
