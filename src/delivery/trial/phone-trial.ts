// One text or call through the real settings, hop by hop: which provider is chosen and why, how it is reached, what it says.

import type { Clock } from '#core/kernel/clock.ts'
import { after, type Milliseconds, minute, second } from '#core/kernel/instant.ts'
import type { Message } from '#core/message/message.ts'
import { type Dice, systemDice } from '#secrets/dice.ts'
import { draw, unknownRecord } from '../providers/choice.ts'
import { countryOf, openProvider } from '../providers/open-providers.ts'
import type { Provider, ProviderEnding, Receipt } from '../providers/provider.ts'
import type { ProviderSpec } from '../providers/provider-list.ts'
import { readTemplate } from '../sms-http/template.ts'
import type { AddressGuard } from '../webhook/addresses.ts'
import { type Hop, inTime, reach, type Target } from './hops.ts'

export type PhoneTrial = {
  readonly specs: readonly ProviderSpec[]
  readonly message: Message & { readonly channel: 'sms' | 'voice' }
  readonly id: string
  readonly clock: Clock
  readonly guard: AddressGuard
  readonly publicUrl: string
  /** How long a receipt is waited for. */
  readonly waits: Milliseconds
  readonly dice?: Dice
  readonly ca?: string
}

const patience: Milliseconds = 10 * second

/** Sends the message by the provider that would be asked first, and by no other. `taken`: it has it. */
export async function tryPhone(trial: PhoneTrial): Promise<{ readonly taken: boolean; readonly hops: readonly Hop[] }> {
  const { specs, message, clock, guard, ca, dice = systemDice } = trial
  const faults: string[] = []
  const bound = { there: false }
  const country = countryOf(message.to)
  const serving = specs.filter(
    ({ terms }) =>
      terms.channel === message.channel && (terms.countries === 'all' || terms.countries.includes(country)),
  )
  // As a server that was started this moment: how each has done is known to the one that runs, and not here.
  const known = serving.map(provider => ({ provider, rank: provider.terms.rank, record: unknownRecord }))
  const chosen = known.length === 0 ? undefined : draw(known, dice)
  const choice = choiceHop(specs, serving, chosen, country)
  if (chosen === undefined) return { taken: false, hops: [choice] }
  const { hops, socket } = await reach({
    ...targetOf(chosen),
    ...(chosen.kind === 'smpp' ? {} : { guard }),
    ca,
    patience,
  })
  socket?.destroy()
  if (socket === undefined) return { taken: false, hops: [choice, ...hops] }
  const provider = openProvider(chosen, {
    ...{ dice, guard, machine: clock, publicUrl: () => trial.publicUrl },
    onFault: (_name, fault) => faults.push(fault),
    onBound: () => {
      bound.there = true
    },
    // The server knows nothing of this message, and is to believe nothing about it.
    proofsOf: () => [Buffer.from(dice.bytes(16)).toString('hex')],
    ...(ca === undefined ? {} : { ca }),
  })
  try {
    const more = await handed(trial, chosen, provider, { faults, bound })
    return { taken: more.some(({ hop, ok }) => hop === 'handing' && ok), hops: [choice, ...hops, ...more] }
  } finally {
    provider.close?.()
  }
}

function choiceHop(
  specs: readonly ProviderSpec[],
  serving: readonly ProviderSpec[],
  chosen: ProviderSpec | undefined,
  country: string,
): Hop {
  const all = specs.map(
    ({ terms: { name, rank, countries } }) =>
      `${name} (rank ${rank}, ${countries === 'all' ? 'all countries' : countries.join(' ')})`,
  )
  const among = all.length === 0 ? 'there is none' : `there are ${all.join(', ')}`
  if (chosen === undefined) return { hop: 'choice', ok: false, says: `no provider serves ${country}: ${among}` }
  const { name, rank } = chosen.terms
  const sharing = serving.filter(each => each !== chosen && each.terms.rank === rank).map(({ terms }) => terms.name)
  const shares = sharing.length === 0 ? '' : `; it shares that rank with ${sharing.join(', ')}, and the draw fell on it`
  return { hop: 'choice', ok: true, says: `${name}: the lowest rank that serves ${country}${shares}. In all, ${among}` }
}

/** Where a provider is reached. */
export function targetOf(spec: ProviderSpec): Pick<Target, 'host' | 'port' | 'tls'> {
  if (spec.kind === 'smpp') return { host: spec.server.host, port: spec.server.port, tls: spec.server.tls }
  const url = new URL(spec.kind === 'template' ? templateUrl(spec.template.reveal()) : spec.account.base)
  const tls = url.protocol === 'https:'
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || (tls ? 443 : 80)), tls }
}

function templateUrl(text: string): string {
  const read = readTemplate(text)
  if ('wrong' in read) throw new TypeError('the template was read before')
  return read.value.url.replace(/\{\w+\}/g, '')
}

async function handed(
  { message, id, clock, publicUrl, waits }: PhoneTrial,
  spec: ProviderSpec,
  provider: Provider,
  line: { readonly faults: readonly string[]; readonly bound: { there: boolean } },
): Promise<readonly Hop[]> {
  const { name } = spec.terms
  let tell: (receipt: Receipt) => void = () => {}
  const receipt = new Promise<Receipt>(resolve => {
    tell = resolve
  })
  provider.listen?.(async each => tell(each))
  const now = clock.now()
  const sending = { message, id, expires: after(now, 10 * minute), now }
  const ending = await provider.send(sending, AbortSignal.timeout(patience))
  const hops: Hop[] = spec.kind === 'smpp' ? [bindHop(line)] : []
  hops.push({ hop: 'handing', ok: ending.kind === 'taken', says: words(name, ending) })
  if (ending.kind !== 'taken') return hops
  if (provider.receiptWait === undefined) return [...hops, { hop: 'receipt', ok: true, says: `${name} sends none` }]
  if (spec.kind !== 'smpp') {
    const says = `${name} reports to ${publicUrl}/delivery/${name}/…, where the server knows nothing of this trial`
    return [...hops, { hop: 'receipt', ok: true, says }]
  }
  const came = await inTime<Receipt | undefined>(receipt, waits, undefined)
  if (came === undefined) {
    return [
      ...hops,
      { hop: 'receipt', ok: true, says: `none within ${waits / second} s; it may still come, and arrive` },
    ]
  }
  const says = came.state === 'delivered' ? 'it arrived' : 'it did not arrive'
  return [...hops, { hop: 'receipt', ok: came.state === 'delivered', says: `${name} says: ${says}` }]
}

function bindHop({ faults, bound }: { readonly faults: readonly string[]; readonly bound: { there: boolean } }): Hop {
  if (bound.there) return { hop: 'login', ok: true, says: 'bound: the SMSC takes user and password' }
  const refused = faults.includes('bind_refused')
  const says = refused
    ? 'the SMSC refused the bind: check user, password, system_type and how many binds it allows'
    : 'the SMSC did not answer the bind in time'
  return { hop: 'login', ok: false, says }
}

function words(name: string, ending: ProviderEnding): string {
  switch (ending.kind) {
    case 'taken':
      return ending.ref === undefined ? `${name} took it` : `${name} took it, and calls it ${ending.ref}`
    case 'declined':
      return `${name} will not take this text to this number (${ending.fault})`
    case 'failed':
      return `${name} did not take it (${ending.fault})`
    case 'later':
      return `${name} has too much to do (${ending.fault})`
    case 'silent':
      return `${name} gave no answer that says whether it took it (${ending.fault})`
  }
}
