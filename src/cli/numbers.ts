// `twostep numbers`: the numbers of a business over the Cloud API, Meta's or ours, from added to registered, and their PINs.
// Numbers, codes and PINs are asked for; ids are arguments.

import type { PhoneNumber, PhoneNumberField, WhatsApp } from '#client/index.ts'
import { weakPin } from '#client/index.ts'
import { parseNumber } from '#numbering/number.ts'
import { CannotRun, type CommandEnding } from './ending.ts'
import { asking, type GraphOptions, numberId, whatsAppOf } from './remote.ts'
import { type Columns, table } from './rows.ts'
import { readSecret } from './secret-input.ts'
import { askLine, isTyped, type Terminal } from './terminal.ts'

const fields = [
  'display_phone_number',
  'verified_name',
  'status',
  'code_verification_status',
  'is_pin_enabled',
] as const satisfies readonly PhoneNumberField[]

type Listed = Pick<PhoneNumber, 'id' | (typeof fields)[number]>

const columns: Columns<Listed> = {
  id: ({ id }) => id,
  number: ({ display_phone_number }) => display_phone_number,
  name: ({ verified_name }) => verified_name,
  status: ({ status }) => status,
  proved: ({ code_verification_status }) => code_verification_status?.toLowerCase().replace('_', ' '),
  pin: ({ is_pin_enabled }) => (is_pin_enabled === undefined ? undefined : is_pin_enabled ? 'on' : 'off'),
}

const look = (id: string) => `It may have been done: look with  twostep numbers show ${id}`

export async function list(terminal: Terminal, options: GraphOptions): Promise<CommandEnding> {
  const whatsapp = await whatsAppOf(terminal, options)
  const numbers = await asking(undefined, async call => {
    const found: Listed[] = []
    for await (const number of whatsapp.phoneNumbers.list({ fields }, call)) found.push(number)
    return found
  })
  const words = numbers.length === 0 ? 'This business has no numbers.' : table(columns, numbers)
  return { code: 0, words, json: { numbers } }
}

export async function show(terminal: Terminal, options: GraphOptions, given: string): Promise<CommandEnding> {
  const { number } = await read(terminal, options, given)
  return { code: 0, words: table(columns, [number]), json: { number } }
}

async function read(terminal: Terminal, options: GraphOptions, given: string) {
  const whatsapp = await whatsAppOf(terminal, options, numberId(terminal, given))
  const { data: number } = await asking(undefined, call => whatsapp.phoneNumbers.get({ fields }, call))
  return { whatsapp, number }
}

export async function add(
  terminal: Terminal,
  options: GraphOptions & { readonly name: string },
): Promise<CommandEnding> {
  const whatsapp = await whatsAppOf(terminal, options)
  const parsed = parseNumber(await askLine(terminal, 'Phone number, with its country code (+44 …)', false))
  if (parsed.kind !== 'number') {
    throw new CannotRun('That is no phone number.', 'Write it with + and its country code, such as +44 7700 900977.')
  }
  const cc = parsed.countryCallingCode
  const number = { cc, phone_number: parsed.e164.slice(1 + cc.length), verified_name: options.name }
  const doubt = 'It may have been added: look with  twostep numbers list'
  const { data } = await asking(doubt, call => whatsapp.phoneNumbers.add(number, call))
  const words = `Added. Its phone-number id is ${data.id}.\nNext:  twostep numbers request-code ${data.id}`
  return { code: 0, words, json: { id: data.id } }
}

/** Does something about one number; what it says then. */
async function about(
  terminal: Terminal,
  options: GraphOptions,
  given: string,
  act: (whatsapp: WhatsApp, id: string) => Promise<string>,
): Promise<CommandEnding> {
  const id = numberId(terminal, given)
  const whatsapp = await whatsAppOf(terminal, options, id)
  return { code: 0, words: await act(whatsapp, id), json: { done: true, id } }
}

export const requestCode = (
  terminal: Terminal,
  options: GraphOptions & { readonly voice?: boolean; readonly language: string },
  given: string,
): Promise<CommandEnding> =>
  about(terminal, options, given, async (whatsapp, id) => {
    const request = { code_method: options.voice === true ? 'VOICE' : 'SMS', language: options.language } as const
    await asking('A code may be on its way.', call => whatsapp.phoneNumbers.requestCode(request, call))
    return `A code is on its way to the number.\nNext:  twostep numbers verify-code ${id}`
  })

export const verifyCode = (
  terminal: Terminal,
  options: GraphOptions & { readonly codeFile?: string },
  given: string,
): Promise<CommandEnding> =>
  about(terminal, options, given, async (whatsapp, id) => {
    const wanted = { question: 'The code that came', file: options.codeFile, option: '--code-file' }
    const code = (await readSecret(terminal, wanted)).replaceAll(' ', '')
    await asking(look(id), call => whatsapp.phoneNumbers.verifyCode({ code }, call))
    return `The number is proved.\nNext:  twostep numbers register ${id}`
  })

type PinOptions = GraphOptions & { readonly pinFile?: string }

export const register = (
  terminal: Terminal,
  options: PinOptions & { readonly region?: string },
  given: string,
): Promise<CommandEnding> =>
  about(terminal, options, given, async (whatsapp, id) => {
    const pin = await readPin(terminal, options, 'PIN of the number (a new one, where it has none)')
    const request = { pin, data_localization_region: options.region }
    await asking(look(id), call => whatsapp.registration.register(request, call))
    return 'The number is registered. Keep the PIN: it is asked for whenever the number is registered.'
  })

export const deregister = (terminal: Terminal, options: GraphOptions, given: string): Promise<CommandEnding> =>
  about(terminal, options, given, async (whatsapp, id) => {
    await asking(look(id), call => whatsapp.registration.deregister(call))
    return 'The number is deregistered. Its PIN stays, and is asked for when it is registered again.'
  })

export const setPin = (
  terminal: Terminal,
  options: PinOptions & { readonly acceptWeakPin?: boolean },
  given: string,
): Promise<CommandEnding> =>
  about(terminal, options, given, async (whatsapp, id) => {
    const pin = await readPin(terminal, options, 'New PIN, six digits')
    if (weakPin(pin) !== undefined && options.acceptWeakPin !== true) {
      throw new CannotRun(
        'This PIN is one that anybody would try first. It was not sent.',
        'Choose another; or, knowing that, --accept-weak-pin.',
      )
    }
    if (isTyped(terminal) && options.pinFile === undefined) {
      if ((await askLine(terminal, 'The same again', true)) !== pin) {
        throw new CannotRun('The two are not the same. Nothing was sent.', 'Run it again.')
      }
    }
    await asking(look(id), call => whatsapp.twoStepVerification.setup({ pin }, call))
    return 'The PIN is set. Keep it: nobody can read it, and it is asked for whenever the number is registered.'
  })

export async function checkPin(terminal: Terminal, options: GraphOptions, given: string): Promise<CommandEnding> {
  const { number } = await read(terminal, options, given)
  const { id, is_pin_enabled: on } = number
  if (on === undefined) throw new CannotRun('The server does not say whether there is a PIN.', 'Ask a newer version.')
  const words = on
    ? 'Two-step verification is on: registering this number takes its PIN.'
    : `Two-step verification is off: whoever reads a code that is sent to this number can take it over.\n` +
      `Turn it on:  twostep numbers pin set ${id}`
  return { code: on ? 0 : 1, words, json: { id, pin: on } }
}

async function readPin(terminal: Terminal, { pinFile }: PinOptions, question: string): Promise<string> {
  const pin = await readSecret(terminal, { question, file: pinFile, option: '--pin-file' })
  if (/^[0-9]{6}$/.test(pin)) return pin
  throw new CannotRun('A PIN is six digits, 0 to 9. Nothing was sent.', 'Leading zeros count: write all six.')
}
