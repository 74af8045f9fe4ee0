// The settings, as production would read them: what start-up would stop on, and what it would only advise against.

import { X509Certificate } from 'node:crypto'
import { statSync } from 'node:fs'
import { isIP } from 'node:net'
import { advise, type Config, ConfigWrong, readConfig } from '#config'
import { day, type Instant } from '#core/kernel/instant.ts'
import { type Finding, found, ok } from './finding.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** `config`: as production has it, or as the settings are; `undefined` where neither can be read. */
export function readSettings(env: Environment): {
  readonly config: Config | undefined
  readonly findings: readonly Finding[]
} {
  const sandbox = (env.TWOSTEP_MODE?.trim() || 'sandbox') === 'sandbox'
  const mode = sandbox
    ? found('error', 'TWOSTEP_MODE', 'it is the sandbox: whoever reaches it reads every code', 'Write production.')
    : ok('TWOSTEP_MODE', 'production')
  try {
    const config = readConfig({ ...env, TWOSTEP_MODE: sandbox ? 'production' : env.TWOSTEP_MODE })
    return { config, findings: [mode, ok('settings', 'production takes them'), ...advised(config)] }
  } catch (error) {
    if (!(error instanceof ConfigWrong)) throw error
    const wrong = error.problems.map(({ setting, problem }) =>
      found('error', setting, problem, 'twostep settings  says what to write, and why.'),
    )
    return { config: readable(env), findings: [mode, ...wrong] }
  }
}

function readable(env: Environment): Config | undefined {
  try {
    return readConfig(env)
  } catch {
    return undefined
  }
}

const advised = (config: Config): readonly Finding[] =>
  advise(config).map(line => {
    const [, setting = 'settings', says = line] = /^(TWOSTEP_\w+) (.*)$/s.exec(line) ?? []
    return found('warning', setting, says, 'twostep settings  says what to write, and why.')
  })

/** How people and proxies reach the server. */
export function examineWay(config: Config, now: Instant): readonly Finding[] {
  return [...examineTls(config, now), ...examineProxies(config)]
}

const soon = 21 * day

function examineTls({ tls, publicUrl }: Config, now: Instant): readonly Finding[] {
  if (tls === undefined) return []
  const certificate = new X509Certificate(tls.cert)
  const about = 'TWOSTEP_TLS_CERT'
  const renew = 'Renew it, and start the server again: it reads the file when it starts.'
  const left = Date.parse(certificate.validTo) - now
  const until = `until ${new Date(certificate.validTo).toISOString()}`
  const findings: Finding[] = []
  if (left <= 0) findings.push(found('error', about, `the certificate was good ${until}`, renew))
  else if (left < soon) findings.push(found('warning', about, `the certificate is good ${until} only`, renew))
  else findings.push(ok(about, `the certificate is good ${until}`))
  const host = publicUrl === undefined ? undefined : new URL(publicUrl).hostname
  if (host !== undefined && !isFor(certificate, host.replace(/^\[|\]$/g, ''))) {
    findings.push(
      found(
        'error',
        about,
        `the certificate is not for ${host}: browsers refuse it`,
        `Get one with the name ${host} in it.`,
      ),
    )
  }
  return findings
}

const isFor = (certificate: X509Certificate, host: string): boolean =>
  (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined

function examineProxies({ tls, publicUrl, trustedProxies }: Config): readonly Finding[] {
  const about = 'TWOSTEP_TRUSTED_PROXIES'
  if (trustedProxies.includes('0.0.0.0/0') || trustedProxies.includes('::/0')) {
    const says = 'everybody is believed who they say calls: limits by address guard nothing'
    return [found('error', about, says, 'Name your proxy, and nobody else.')]
  }
  if (tls !== undefined || publicUrl?.startsWith('https:') !== true || trustedProxies.length > 0) return []
  const says = 'TLS ends at a proxy, and no proxy is trusted: all people share its address, and the limits of one'
  return [
    found('warning', about, says, 'Name the address of your proxy, and have it write X-Forwarded-For or Forwarded.'),
  ]
}

/** Files with secrets in them: who else on this machine may read them. */
export function examineFiles(config: Config, env: Environment): readonly Finding[] {
  const named = Object.entries(env).filter(([name]) => /^TWOSTEP_\w+_FILE$/.test(name) || name === 'TWOSTEP_TLS_KEY')
  const files = [
    ...named.map(([name, path]) => [name, path ?? ''] as const),
    ...(config.mail?.dkim ?? []).map(({ file }) => ['TWOSTEP_MAIL_DKIM', file] as const),
  ]
  const open = files.filter(([, path]) => path !== '' && openToOthers(path))
  if (open.length === 0)
    return files.length === 0 ? [] : [ok('files with secrets', 'nobody else of this machine reads them')]
  return open.map(([name, path]) =>
    found('warning', name, `other users of this machine may read ${path}`, `chmod go= ${path}`),
  )
}

/** Whether a file or folder may be read by others than its owner. */
export function openToOthers(path: string): boolean {
  const there = statSync(path, { throwIfNoEntry: false })
  return there !== undefined && (there.mode & 0o077) !== 0
}
