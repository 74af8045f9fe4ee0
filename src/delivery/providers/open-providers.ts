// Opens the providers that the settings name, and the courier and desk over them.

import type { Clock } from '#core/kernel/clock.ts'
import { second } from '#core/kernel/instant.ts'
import { parseNumber } from '#numbering/number.ts'
import type { Records } from '#records/records.ts'
import type { Dice } from '#secrets/dice.ts'
import { readTemplate, templateProvider } from '../sms-http/template.ts'
import { twilioProvider } from '../sms-http/twilio.ts'
import { vonageProvider } from '../sms-http/vonage.ts'
import { smppProvider } from '../sms-smpp/smpp-provider.ts'
import { isWanted } from '../wanted.ts'
import type { AddressGuard } from '../webhook/addresses.ts'
import { createCaller } from '../webhook/caller.ts'
import { createDesk, type Desk } from './desk.ts'
import type { Provider } from './provider.ts'
import type { ProviderSpec } from './provider-list.ts'
import { type ProvidersCourier, providersCourier } from './providers-courier.ts'
import { createStandings } from './standings.ts'

export type OpenProviderOptions = {
  /** The machine's own time: providers compare it with theirs. */
  readonly machine: Clock
  readonly dice: Dice
  readonly guard: AddressGuard
  /** Where people and providers reach us, without a slash at the end. */
  readonly publicUrl: () => string
  /** What goes wrong, in words of closed sets. */
  readonly onFault: (provider: string, fault: string) => void
  /** A line of a provider's own is there. */
  readonly onBound?: (provider: string) => void
  /** What proves that who reports on a message of a provider was given its address. */
  readonly proofsOf: (provider: string, id: string) => readonly string[]
  readonly ca?: string
}

export type OpenProvidersOptions = Omit<OpenProviderOptions, 'proofsOf'> & {
  readonly specs: readonly ProviderSpec[]
  readonly records: Records
  readonly clock: Clock
  readonly nudge: () => void
}

export type OpenedProviders = { readonly courier: ProvidersCourier; readonly desk: Desk; readonly channels: Channels }
type Channels = readonly ('sms' | 'voice')[]

export function openProviders(options: OpenProvidersOptions): OpenedProviders {
  const { specs, records, clock, dice, nudge, onFault } = options
  const proofsOf = (provider: string, id: string) =>
    records.secrets
      .handles('provider-receipt', `${provider}/${id}`)
      .map(({ index }) => Buffer.from(index).toString('hex').slice(0, 32))
  const providers = specs.map(spec => openProvider(spec, { ...options, proofsOf }))
  const standings = createStandings(dice, { opened: name => onFault(name, 'breaker_open') })
  const courier = providersCourier({
    ...{ providers, records, clock, standings, onFault, nudge },
    countryOf,
    isWanted: message => isWanted(records, message),
  })
  for (const { name, listen } of providers) {
    listen?.(async receipt => {
      if ((await courier.receive(name, receipt)) === 'stored') return
      // It was quicker than the answer that tells us its name; or it is of a message that is long settled.
      await new Promise(resolve => setTimeout(resolve, second).unref())
      await courier.receive(name, receipt)
    })
  }
  return { courier, desk: createDesk(providers, courier), channels: specs.map(({ terms }) => terms.channel) }
}

/** Opens one of them. Close it in the end. */
export function openProvider(spec: ProviderSpec, options: OpenProviderOptions): Provider {
  const { guard, machine, dice, publicUrl, proofsOf, onFault, onBound, ca } = options
  const { terms } = spec
  const http = {
    terms,
    call: createCaller({ guard, timeLimit: 8 * second, ...(ca === undefined ? {} : { ca }) }),
    callback: () => `${publicUrl()}/delivery/${terms.name}`,
  }
  switch (spec.kind) {
    case 'smpp':
      return smppProvider({
        ...{ server: spec.server, terms, dice, ...(ca === undefined ? {} : { ca }) },
        onChange: what => (what === 'bound' ? onBound?.(terms.name) : onFault(terms.name, what)),
      })
    case 'twilio':
      return twilioProvider(spec.account, http)
    case 'vonage':
      return vonageProvider(spec.account, { ...http, dice, clock: machine })
    case 'template': {
      const read = readTemplate(spec.template.reveal())
      if ('wrong' in read) throw new TypeError('the template was read before')
      return templateProvider(read.value, { ...http, proofsOf: id => proofsOf(terms.name, id) })
    }
  }
}

export function countryOf(number: string): string {
  const parsed = parseNumber(number)
  return parsed.kind === 'number' ? parsed.region : '001'
}
