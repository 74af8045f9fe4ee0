// One mail through the real settings, hop by hop, over one connection.

import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { createTransport } from 'nodemailer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Clock } from '#core/kernel/clock.ts'
import { type Milliseconds, second } from '#core/kernel/instant.ts'
import type { Message } from '#core/message/message.ts'
import { domainOf } from '../email/dkim.ts'
import { connectionTo, type MailSettings, mailOf, signing } from '../email/email-courier.ts'
import { type Hop, plain, reach, tlsHop } from './hops.ts'

export type MailTrial = {
  readonly mail: MailSettings
  readonly message: Message
  readonly id: string
  readonly clock: Clock
  readonly ca?: string | undefined
  readonly patience?: Milliseconds
}

/** Sends the mail. `taken`: the mail server has it. Without a message it only signs in. Never throws. */
export async function tryMail(trial: Omit<MailTrial, 'message'> & { readonly message: Message | undefined }) {
  const { mail, message, ca, patience = 10 * second } = trial
  const { host, port } = mail.server
  // TLS is begun by the library, as for every other mail.
  const { hops, socket } = await reach({ host, port, tls: false, patience })
  if (socket === undefined) return { taken: false, hops }
  const more = await over(socket, trial, patience, ca).catch(() => [failed('handing', 'the line broke')])
  socket.destroy()
  const all = [...hops, ...more]
  return { taken: message !== undefined && all.every(({ ok }) => ok), hops: all }
}

const failed = (hop: Hop['hop'], says: string): Hop => ({ hop, ok: false, says })

async function over(
  socket: Socket,
  { mail, message, id, clock }: Omit<MailTrial, 'message'> & { readonly message: Message | undefined },
  patience: Milliseconds,
  ca: string | undefined,
): Promise<readonly Hop[]> {
  const { server } = mail
  const { auth, ...terms } = connectionTo(server, ca, patience)
  const secrets = auth === undefined ? [] : [auth.pass, auth.user, `\0${auth.user}\0${auth.pass}`]
  const said = (error: SmtpError) => plain(error.response ?? error.message, secrets)
  const connection = new SMTPConnection({
    ...terms,
    connection: socket,
    ...(server.tls === 'at_once' ? { servername: server.host } : {}),
  })
  try {
    const hops: Hop[] = []
    const greeted = await step(connection, done => connection.connect(done))
    if (greeted !== undefined) return [failed(isAboutTls(greeted) ? 'tls' : 'handing', said(greeted))]
    const line = connection._socket
    if (line instanceof TLSSocket) hops.push(tlsHop(line))
    else hops.push({ hop: 'tls', ok: true, says: 'no TLS: the server is on this machine and offers none' })
    if (auth === undefined) hops.push({ hop: 'login', ok: true, says: 'the settings name no login: none was made' })
    else {
      const refused = await step(connection, done => connection.login({ credentials: auth }, done))
      if (refused !== undefined) return [...hops, failed('login', said(refused))]
      hops.push({ hop: 'login', ok: true, says: 'the server takes the login of the settings' })
    }
    if (message === undefined) return hops
    const { raw, envelope } = await written(mail, message, id, clock)
    hops.push(signatureHop(mail, raw))
    const handed = await new Promise<Hop>(resolve => {
      connection.once('error', error => resolve(failed('handing', said(error))))
      connection.send(envelope, raw, (error, info) => {
        if (error) resolve(failed('handing', said(error)))
        else
          resolve({ hop: 'handing', ok: true, says: `the mail server says: ${plain(info?.response ?? '', secrets)}` })
      })
    })
    return [...hops, handed]
  } finally {
    connection.close()
  }
}

type SmtpError = Error & { readonly response?: string | undefined; readonly code?: string | undefined }

const isAboutTls = ({ code = '', message }: SmtpError): boolean =>
  code === 'ETLS' || /certificate|TLS|SSL/i.test(message)

/** The error of one step, if it has one. */
function step(
  connection: SMTPConnection,
  take: (done: (error?: SmtpError | null) => void) => void,
): Promise<SmtpError | undefined> {
  return new Promise(resolve => {
    const broke = (error: SmtpError) => resolve(error)
    connection.once('error', broke)
    connection.once('end', () => resolve(new Error('the server ended the line')))
    take(error => {
      connection.off('error', broke)
      resolve(error ?? undefined)
    })
  })
}

/** The bytes that any other mail would leave as. */
async function written(mail: MailSettings, message: Message, id: string, clock: Clock) {
  const { envelope, ...parts } = mailOf(message, id, mail)
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows', ...signing(mail) })
  const made = await transport.sendMail({ ...parts, envelope, date: new Date(clock.now()) })
  return { raw: Buffer.from(made.message as Buffer), envelope }
}

function signatureHop({ dkim, from }: MailSettings, raw: Buffer): Hop {
  const signatures = raw.toString('latin1').match(/^DKIM-Signature:/gim)?.length ?? 0
  if (dkim.length === 0) {
    return {
      hop: 'signature',
      ok: true,
      says: 'not signed: TWOSTEP_MAIL_DKIM is not set (the mail server may sign it)',
    }
  }
  const names = dkim.map(({ selector, domain }) => `${selector} for ${domain ?? domainOf(from.address)}`)
  return { hop: 'signature', ok: signatures === dkim.length, says: `signed by ${names.join(' and by ')}` }
}
