// What is outside: providers of texts and calls, the running server, and the address by which people reach it.

import type { Config } from '#config'
import { type Milliseconds, second } from '#core/kernel/instant.ts'
import type { ProviderSpec } from '#delivery/providers/provider-list.ts'
import { addressGuard } from '#delivery/webhook/addresses.ts'
import { createCaller } from '#delivery/webhook/caller.ts'
import { answers, serverOf } from '../operator-api.ts'
import { type Finding, found, ok } from './finding.ts'

const patience: Milliseconds = 5 * second

export async function examineOutside(config: Config, online: boolean): Promise<readonly Finding[]> {
  const { smsProviders, voiceProviders } = config
  const specs = [...smsProviders, ...voiceProviders]
  const none: readonly Finding[] =
    smsProviders.length > 0
      ? []
      : [
          found(
            'error',
            'TWOSTEP_SMS_PROVIDERS',
            'no text leaves: nobody can prove a number',
            'Name who carries texts.',
          ),
        ]
  if (!online) return none
  const looked = await Promise.all([
    ...specs.map(spec => examineProvider(config, spec)),
    examineServer(config),
    examinePublicUrl(config),
  ])
  return [...none, ...looked.filter(each => each !== undefined)]
}

async function examineProvider({ webhookAllow }: Config, spec: ProviderSpec): Promise<Finding> {
  const { reach } = await import('#delivery/trial/hops.ts')
  const { targetOf } = await import('#delivery/trial/phone-trial.ts')
  const guard = spec.kind === 'smpp' ? {} : { guard: addressGuard({ allow: webhookAllow, loopback: false }) }
  const target = targetOf(spec)
  const { hops, socket } = await reach({ ...target, ...guard, patience })
  socket?.destroy()
  const about = `provider ${spec.terms.name}`
  const wrong = hops.find(hop => !hop.ok)
  if (wrong === undefined) return ok(about, `${target.host}, port ${target.port}, is there`)
  return found('error', about, `${wrong.says} (${wrong.hop})`, 'twostep deliver test --to NUMBER  shows each hop.')
}

async function examineServer(config: Config): Promise<Finding> {
  const server = serverOf(config)
  const there = await answers(server).catch(() => false)
  return there
    ? ok('server', `it answers at ${server.url}`)
    : found('note', 'server', `none answers at ${server.url}`, 'twostep serve, once what is above is mended.')
}

async function examinePublicUrl({ publicUrl }: Config): Promise<Finding | undefined> {
  if (publicUrl === undefined) return undefined
  const about = 'TWOSTEP_PUBLIC_URL'
  // The operator's own address, wherever it leads.
  const call = createCaller({ guard: { mayCall: () => true }, timeLimit: patience })
  const url = new URL('/healthz', publicUrl)
  const headers = { 'user-agent': 'Twostep' }
  const answer = await call({ method: 'GET', url, headers, body: undefined, reads: 0 }, AbortSignal.timeout(patience))
  if (answer.kind === 'answered' && answer.status === 200) return ok(about, `${publicUrl} leads to a server`)
  const why = answer.kind === 'answered' ? `it answers ${answer.status}` : answer.kind.replace('_', ' ')
  const mend = 'Check the name, the certificate and the proxy; from inside some networks it cannot be seen.'
  return found('warning', about, `${publicUrl} does not lead to a server from here (${why})`, mend)
}
