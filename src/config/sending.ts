// The settings that say what codes to phones may cost, and when they stop.

import { defaultSending, freeSending, type Prices, type SendingPolicy } from '#core/sending/rules.ts'
import { regions } from '#numbering/number.ts'
import type { Setting } from '../config.ts'
import { oneOf, quoted, type Reading, wholeNumber } from './reading.ts'

// Described as all settings are: each keeps the type of what it reads.
const setting = <const Value>(described: Setting<Value>): Setting<Value> => described

export const sendingSettings = {
  unassignedNumbers: setting({
    name: 'TWOSTEP_UNASSIGNED_NUMBERS',
    values: '`refuse`, `send`',
    default: 'sandbox: `send`; production: `refuse`',
    reason: 'Codes to numbers that their country gave to nobody: test numbers, and where hijacked routes end.',
    secret: false,
    read: oneOf('refuse', 'send'),
  }),
  codesPerPrefix: setting({
    name: 'TWOSTEP_CODES_PER_PREFIX',
    values: '0 to 1000000000; 0 is no limit',
    default: `sandbox: 0; production: \`${defaultSending.perPrefix}\``,
    reason: 'Codes in a moving day to numbers that differ in their last four digits only: thieves rent them in ranges.',
    secret: false,
    read: wholeNumber(0, 1_000_000_000),
  }),
  leastRightCodes: setting({
    name: 'TWOSTEP_LEAST_RIGHT_CODES',
    values: '0 to 100; 0 never blocks',
    default: `sandbox: 0; production: \`${defaultSending.leastRight}\``,
    reason:
      'Of the codes to such numbers, how many in a hundred have to come back right. Of 20 or more with fewer, no more are sent there for 12 hours.',
    secret: false,
    read: wholeNumber(0, 100),
  }),
  codesPerCountry: setting({
    name: 'TWOSTEP_CODES_PER_COUNTRY',
    values: '0 to 1000000000; 0 is no limit',
    default: `sandbox: 0; production: \`${defaultSending.perCountry}\``,
    reason: 'Codes to one country in a day of UTC, by all nodes together.',
    secret: false,
    read: wholeNumber(0, 1_000_000_000),
  }),
  hourlyBudget: setting({
    name: 'TWOSTEP_HOURLY_BUDGET',
    values: 'an amount such as `50` or `12.50`; 0 is no limit',
    default: `sandbox: 0; production: \`${defaultSending.budget / 10_000}\``,
    reason:
      'What codes may cost in an hour of the clock, by all nodes together. Then none is sent until the next hour.',
    secret: false,
    read: text => {
      const amount = readAmount(text)
      return amount === undefined
        ? { wrong: `write an amount such as 50 or 12.50, not ${quoted(text)}` }
        : { value: amount }
    },
  }),
  codePrices: setting({
    name: 'TWOSTEP_CODE_PRICES',
    values: '`GB=0.04, GB/voice=0.02, *=0.10`, with commas',
    default: '`*=1`: the budget counts codes',
    reason: 'What one code costs, by country and for the rest (`*`), in the currency of the budget.',
    secret: false,
    read: readPrices,
  }),
}

type Settings = typeof sendingSettings
type Take = <Key extends keyof Settings>(
  key: Key,
) => (Settings[Key] extends Setting<infer Value> ? Value : never) | undefined

/** What was written, with what holds where nothing was. */
export function sendingPolicy(take: Take, production: boolean): SendingPolicy {
  const otherwise = production ? defaultSending : freeSending
  return {
    unassigned: take('unassignedNumbers') ?? otherwise.unassigned,
    perPrefix: take('codesPerPrefix') ?? otherwise.perPrefix,
    leastRight: take('leastRightCodes') ?? otherwise.leastRight,
    perCountry: take('codesPerCountry') ?? otherwise.perCountry,
    budget: take('hourlyBudget') ?? otherwise.budget,
    prices: take('codePrices') ?? otherwise.prices,
  }
}

/** In ten-thousandths. */
function readAmount(text: string): number | undefined {
  const [, whole, part = ''] = /^(\d{1,9})(?:\.(\d{1,4}))?$/.exec(text) ?? []
  return whole === undefined ? undefined : Number(whole) * 10_000 + Number(part.padEnd(4, '0'))
}

function readPrices(text: string): Reading<Prices> {
  const known = [...regions(), '001', '*']
  const prices: Record<string, number> = {}
  for (const entry of text.split(',').map(each => each.trim())) {
    const [, region = '', method = '', amount = ''] =
      /^([A-Za-z0-9]{2,3}|\*)(\/sms|\/voice)?\s*=\s*(\S+)$/.exec(entry) ?? []
    const price = readAmount(amount)
    if (price === undefined || price === 0 || !known.includes(region.toUpperCase())) {
      return { wrong: `write prices such as GB=0.04, GB/voice=0.02, *=0.10, not ${quoted(entry)}` }
    }
    prices[`${region.toUpperCase()}${method}`] = price
  }
  return { value: prices }
}
