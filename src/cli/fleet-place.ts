// Where a fleet's vault is, how its passphrase is asked for, and the way to its server.

import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { type ServerTime, serverTime } from '#fleet/server-time.ts'
import { openVault, readVault, type Vault, type VaultContents } from '#fleet/vault.ts'
import { VaultUnusable } from '#fleet/vault-unusable.ts'
import { openWire, type Wire } from '#fleet/wire.ts'
import type { Fleet } from '#fleet/work.ts'
import { systemDice } from '#secrets/dice.ts'
import { Secret } from '#secrets/secret.ts'
import { CannotRun } from './ending.ts'
import { askLine, type Terminal } from './terminal.ts'

/** What every command of a fleet is told. */
export type FleetPlace = { readonly vault: string; readonly passphraseFile?: string }

/** Asks one thing after the other: at prompts, or line by line where standard input is piped. */
export type Asking = (question: string, hidden: boolean) => Promise<string>

export function askingAt(terminal: Terminal): Asking {
  if (terminal.stdin.isTTY === true) return (question, hidden) => askLine(terminal, question, hidden)
  let piped: Promise<string[]> | undefined
  return async question => {
    piped ??= linesOf(terminal.stdin)
    const line = (await piped).shift()?.trim() ?? ''
    if (line === '') throw new CannotRun(`No answer: ${question}`, 'Type it at the prompt, or pipe it in.')
    return line
  }
}

const longest = 65_536

async function linesOf(stdin: Terminal['stdin']): Promise<string[]> {
  let text = ''
  for await (const piece of stdin) {
    text += String(piece)
    if (text.length > longest) throw new CannotRun('That is too long: standard input', 'Was it the right file?')
  }
  return text.split(/\r?\n/)
}

/** The passphrase of a vault that exists. */
export async function askPassphrase(asking: Asking, { vault, passphraseFile }: FleetPlace): Promise<Secret> {
  if (passphraseFile === undefined) return Secret.of(await asking(`Passphrase of ${vault}`, true))
  let text: string
  try {
    text = readFileSync(passphraseFile, 'utf8').trim()
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new CannotRun(`The passphrase file ${passphraseFile} cannot be read (${why}).`, 'Check its name and owner.')
  }
  if (text === '') throw new CannotRun(`The passphrase file ${passphraseFile} is empty.`, 'Check its name.')
  return Secret.of(text)
}

/** Does something with a vault; what is wrong with it is told as any command tells what stopped it. */
export async function withVault<Made>(work: () => Promise<Made>): Promise<Made> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof VaultUnusable) throw new CannotRun(error.message, error.hint)
    throw error
  }
}

/** Opens a vault for changes. */
export const openFleetVault = (place: FleetPlace, passphrase: Secret): Promise<Vault> =>
  openVault(place.vault, passphrase, systemDice)

/** Reads a vault, also beside a run that works on it. */
export const readFleetVault = (place: FleetPlace, passphrase: Secret): Promise<VaultContents> =>
  readVault(place.vault, passphrase)

/** An address that tokens may be sent to: encrypted, or on this machine. Throws {@link CannotRun}. */
export function readServer(text: string): string {
  let url: URL | undefined
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`)
  } catch {}
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username + url.password + url.search + url.hash) {
    const hint = 'Write it as https://graph.facebook.com, without name, password, ? and #.'
    throw new CannotRun('The server’s address cannot be read.', hint)
  }
  const isHere = /^(?:localhost|127\.[0-9.]+|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'http:' && !isHere) {
    throw new CannotRun(`Tokens and PINs would go to ${url.host} unencrypted.`, 'Write https://.')
  }
  return url.href
}

/** The way to the vault's server. The environment may not send tokens elsewhere. */
export function openFleet(terminal: Terminal, vault: Vault): Fleet & { readonly time: ServerTime } {
  const { server } = vault.contents()
  const { WA_BASE_URL: elsewhere } = terminal.env
  if (elsewhere !== undefined && elsewhere !== '' && readServer(elsewhere) !== server) {
    throw new CannotRun(
      `The numbers of this vault are on ${server}, and WA_BASE_URL says ${readServer(elsewhere)}. Nothing was sent.`,
      'Unset WA_BASE_URL, or name the other vault:  --vault <file>',
    )
  }
  const time = serverTime(terminal.clock)
  return { vault, wire: wireTo(server, time, terminal), time, dice: systemDice, pause: span => setTimeout(span) }
}

function wireTo(server: string, time: ServerTime, { clock }: Terminal): Wire {
  try {
    return openWire({ server, time, machine: clock })
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new CannotRun(error.message, 'It was read from the environment: CLOUD_API_VERSION, WA_BUSINESS_ACCOUNT_ID.')
  }
}
