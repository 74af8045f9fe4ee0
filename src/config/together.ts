// Settings that are read from files, and settings that come together or not at all.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { type DkimKey, domainOf, signsFor } from '#delivery/email/dkim.ts'
import type { MailFrom } from '#delivery/email/mail-from.ts'
import type { SmtpServer } from '#delivery/email/smtp-url.ts'
import { meetsOwasp, owaspPinParameters, type PinParameters } from '#secrets/pin-verifier.ts'
import { Secret } from '#secrets/secret.ts'
import type { Config } from '../config.ts'
import { quoted, type Reading } from './reading.ts'

export function readText(path: string): Reading<string> {
  try {
    return { value: readFileSync(path, 'utf8') }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'it may not be read' : `${code}`
    return { wrong: `name a file that can be read; ${quoted(path)}: ${why}` }
  }
}

export function readTls(
  certPath: string | undefined,
  keyPath: string | undefined,
  complain: (key: 'tlsCert' | 'tlsKey', problem: string) => void,
): Config['tls'] {
  if (certPath === undefined && keyPath === undefined) return undefined
  if (certPath === undefined) complain('tlsCert', 'write it too: TLS needs the certificate and the key')
  if (keyPath === undefined) complain('tlsKey', 'write it too: TLS needs the certificate and the key')
  if (certPath === undefined || keyPath === undefined) return undefined
  const cert = readText(certPath)
  const key = readText(keyPath)
  if ('wrong' in cert) complain('tlsCert', cert.wrong)
  if ('wrong' in key) complain('tlsKey', key.wrong)
  if ('wrong' in cert || 'wrong' in key) return undefined
  try {
    createSecureContext({ cert: cert.value, key: key.value })
  } catch {
    // OpenSSL's own words may quote the file.
    complain('tlsKey', 'name PEM files in which the private key fits the certificate; these two do not')
    return undefined
  }
  return { cert: cert.value, key: Secret.of(key.value) }
}

type MailKey = 'smtpUrl' | 'mailFrom' | 'mailDkim' | 'mailBounces'

export function readMail(
  given: {
    readonly server: SmtpServer | undefined
    readonly from: MailFrom | undefined
    readonly dkim: readonly DkimKey[] | undefined
    readonly bounces: string | undefined
  },
  written: (key: MailKey) => boolean,
  complain: (key: MailKey, problem: string) => void,
): Config['mail'] {
  const { server, from, dkim = [], bounces } = given
  if (server !== undefined && from !== undefined) {
    const foreign = dkim.find(({ domain }) => domain !== undefined && !signsFor(domain, from.address))
    if (foreign !== undefined) {
      const own = domainOf(from.address)
      complain(
        'mailDkim',
        `${foreign.selector} signs for ${foreign.domain}, which is not ${own} or above it: no receiver counts it`,
      )
    }
    return { server, from, dkim, bounces }
  }
  const [hasServer, hasFrom] = [written('smtpUrl'), written('mailFrom')]
  if (hasServer && !hasFrom) complain('mailFrom', 'write it too: a mail needs a sender, such as no-reply@example.com')
  if (hasFrom && !hasServer) complain('smtpUrl', 'write it too: a mail needs a server to be handed to')
  for (const key of ['mailDkim', 'mailBounces'] as const) {
    if (written(key) && !hasServer && !hasFrom)
      complain(key, 'write TWOSTEP_SMTP_URL and TWOSTEP_MAIL_FROM too: without them no e-mail leaves')
  }
  return undefined
}

export function readCost(
  cost: PinParameters = owaspPinParameters,
  production: boolean,
  complain: (key: 'hashingCost', problem: string) => void,
): PinParameters {
  if (production && !meetsOwasp(cost)) {
    complain('hashingCost', 'production needs m=19456,t=2,p=1, or what OWASP counts as worth the same, or more')
  }
  return cost
}

// One name is one provider, in logs and in the addresses that it reports to.
export function readPhones(
  smsProviders: Config['smsProviders'],
  voiceProviders: Config['voiceProviders'],
  complain: (key: 'voiceProviders', problem: string) => void,
): Pick<Config, 'smsProviders' | 'voiceProviders'> {
  const both = voiceProviders.find(({ terms }) => smsProviders.some(each => each.terms.name === terms.name))
  if (both !== undefined)
    complain('voiceProviders', `${both.terms.name} is a name of TWOSTEP_SMS_PROVIDERS: write another`)
  return { smsProviders, voiceProviders }
}

export function readableFile(path: string): string | undefined {
  const text = path === '' ? undefined : readText(resolve(path))
  return text !== undefined && 'value' in text ? text.value : undefined
}
