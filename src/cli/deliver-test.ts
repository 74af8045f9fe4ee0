// `twostep deliver test`: one message through the real settings, and what each hop on its way says.
//
//     a number ──▶ the first provider of TWOSTEP_SMS_PROVIDERS (or of calls, with --channel voice) that serves its country
//     an address ─▶ the mail server of TWOSTEP_SMTP_URL, signed as every other mail
//
// It needs no database and no running server, changes nothing, and sends to nobody but whom the operator names.

import { type Config, publicUrl, readConfig } from '#config'
import { second } from '#core/kernel/instant.ts'
import type { Message } from '#core/message/message.ts'
import { isMailAddress } from '#delivery/email/mail-address.ts'
import { ownershipCodeCall } from '#delivery/messages/ownership-code.ts'
import type { Hop } from '#delivery/trial/hops.ts'
import { addressGuard } from '#delivery/webhook/addresses.ts'
import { parseNumber } from '#numbering/number.ts'
import { systemDice } from '#secrets/dice.ts'
import { CannotRun, type CommandEnding } from './ending.ts'
import { askLine, type Terminal } from './terminal.ts'

export type DeliverTestOptions = { readonly to?: string; readonly channel?: string; readonly wait?: string }

const channels = ['sms', 'voice', 'email'] as const
type TrialChannel = (typeof channels)[number]

export async function deliverTest(terminal: Terminal, options: DeliverTestOptions): Promise<CommandEnding> {
  const config = readConfig(terminal.env)
  const waits = waitOf(options.wait)
  const given = options.to ?? (await askLine(terminal, 'Your own number or e-mail address', false))
  const { to, country } = receiverOf(given)
  const channel = channelOf(options.channel, country !== undefined)
  const missing = missingFor(config, channel, country)
  if (missing !== undefined) return ended(channel, to, false, [{ hop: 'settings', ok: false, says: missing }])
  const id = Buffer.from(systemDice.bytes(16)).toString('hex')
  const shared = { id, clock: terminal.clock }
  const message = messageOf(config, channel, to)
  if (channel === 'email' && config.mail !== undefined) {
    const { tryMail } = await import('#delivery/trial/mail-trial.ts')
    const { taken, hops } = await tryMail({ ...shared, mail: config.mail, message })
    const { host, port } = config.mail.server
    return ended(channel, to, taken, [settingsHop(`e-mail is handed to ${host}, port ${port}`), ...hops])
  }
  const { tryPhone } = await import('#delivery/trial/phone-trial.ts')
  const { taken, hops } = await tryPhone({
    ...{ ...shared, waits, specs: [...config.smsProviders, ...config.voiceProviders] },
    message: { ...message, channel: channel === 'voice' ? 'voice' : 'sms' },
    guard: addressGuard({ allow: config.webhookAllow, loopback: config.mode === 'sandbox' }),
    publicUrl: publicUrl(config, config.port),
  })
  return ended(channel, to, taken, [settingsHop(`${country} is a country that messages are sent to`), ...hops])
}

const settingsHop = (says: string): Hop => ({ hop: 'settings', ok: true, says })

function receiverOf(given: string): { readonly to: string; readonly country: string | undefined } {
  if (isMailAddress(given)) return { to: given, country: undefined }
  const parsed = parseNumber(given)
  if (parsed.kind === 'number') return { to: parsed.e164, country: parsed.region }
  throw new CannotRun(
    'That is neither an e-mail address nor a phone number with its country code.',
    'Write  twostep deliver test --to +447700900123  or  --to somebody@example.com.',
  )
}

function channelOf(given: string | undefined, isNumber: boolean): TrialChannel {
  const channel = given ?? (isNumber ? 'sms' : 'email')
  const known = channels.find(each => each === channel)
  if (known !== undefined && (known === 'email') !== isNumber) return known
  throw new CannotRun(
    `A message to ${isNumber ? 'a number' : 'an address'} does not go by ${JSON.stringify(channel.slice(0, 20))}.`,
    'Write --channel sms or --channel voice for a number; an address needs none.',
  )
}

function waitOf(given = '10'): number {
  if (/^\d{1,3}$/.test(given) && Number(given) <= 300) return Number(given) * second
  throw new CannotRun('--wait takes whole seconds, 0 to 300.', 'Write  --wait 30.')
}

/** Why nothing would leave. */
function missingFor(config: Config, channel: TrialChannel, country: string | undefined): string | undefined {
  if (channel === 'email') {
    return config.mail === undefined ? 'no e-mail leaves: set TWOSTEP_SMTP_URL and TWOSTEP_MAIL_FROM' : undefined
  }
  const { homeCountries, smsProviders, voiceProviders } = config
  const [list, setting] =
    channel === 'sms' ? [smsProviders, 'TWOSTEP_SMS_PROVIDERS'] : [voiceProviders, 'TWOSTEP_VOICE_PROVIDERS']
  if (list.length === 0) return `nobody carries it: set ${setting}`
  if (homeCountries === 'all' || (country !== undefined && homeCountries.includes(country))) return undefined
  if (country === '001') return 'the number belongs to no country that can be told: nothing is sent to it'
  return `nothing is sent to ${country}: add it to TWOSTEP_HOME_COUNTRIES`
}

function messageOf({ productName }: Config, channel: TrialChannel, to: string): Message {
  const text = `This is a test of ${productName}'s messages. There is nothing to do.`
  return {
    ...{ channel, to, text },
    ...(channel === 'email' ? { subject: `A test of ${productName}'s messages` } : {}),
    ...(channel === 'voice' ? { call: ownershipCodeCall({ language: 'en', product: productName }) } : {}),
  }
}

function ended(channel: TrialChannel, to: string, taken: boolean, hops: readonly Hop[]): CommandEnding {
  const widest = Math.max(...hops.map(({ hop }) => hop.length))
  const lines = hops.map(({ hop, ok, says }) => `  ${ok ? 'ok  ' : 'FAIL'}  ${hop.padEnd(widest)}  ${says}`)
  const arrived = hops.every(({ ok }) => ok)
  const end = taken
    ? `Taken. Look whether it arrived${channel === 'email' ? ', and not among the spam' : ''}.`
    : 'It did not leave. The line that says FAIL tells what to mend.'
  return {
    code: taken && arrived ? 0 : 1,
    words: [`By ${channel} to ${to}:`, ...lines, end].join('\n'),
    json: { channel, to, taken, hops },
  }
}
