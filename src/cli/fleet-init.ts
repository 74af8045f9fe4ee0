// `twostep fleet init` makes a vault, `twostep fleet passphrase` gives it another passphrase.

import { listedForms } from '#core/account/password-rule.ts'
import { longestPassword, weakPassword } from '#core/business/password.ts'
import { createVault } from '#fleet/vault.ts'
import { systemDice } from '#secrets/dice.ts'
import { isLeakedPassword } from '#secrets/leaked-passwords/leaked-passwords.ts'
import { recommendedCost } from '#secrets/passphrase-key.ts'
import { Secret } from '#secrets/secret.ts'
import { CannotRun, type CommandEnding } from './ending.ts'
import {
  type Asking,
  askingAt,
  askPassphrase,
  type FleetPlace,
  openFleetVault,
  readServer,
  withVault,
} from './fleet-place.ts'
import type { Terminal } from './terminal.ts'

export type FleetInitOptions = FleetPlace & { readonly server?: string }

const meta = 'https://graph.facebook.com'

// NIST SP 800-63B-4 §3.1.1.2: 15 characters where a password stands alone. Whoever copies the vault guesses without limit.
const leastLength = 15

export const fleetInit = (terminal: Terminal, options: FleetInitOptions): Promise<CommandEnding> =>
  withVault(async () => {
    const server = readServer(options.server ?? (terminal.env.WA_BASE_URL || meta))
    const passphrase = await newPassphrase(terminal, askingAt(terminal), options)
    await createVault(options.vault, passphrase, { server, cost: recommendedCost, dice: systemDice })
    const words = [
      `Made the vault ${options.vault} for numbers on ${server}. Only its owner may read it.`,
      'Keep a copy of its passphrase where you find it again: without it nobody opens the vault, and the PINs are lost.',
      `Next:  twostep fleet import numbers.csv${options.vault === 'fleet.vault' ? '' : ` --vault ${options.vault}`}`,
    ]
    return { code: 0, words: words.join('\n'), json: { vault: options.vault, server } }
  })

export const fleetPassphrase = (terminal: Terminal, options: FleetPlace): Promise<CommandEnding> =>
  withVault(async () => {
    const asking = askingAt(terminal)
    using vault = await openFleetVault(options, await askPassphrase(asking, options))
    const made = await newPassphrase(terminal, asking, { vault: options.vault })
    await vault.changePassphrase(made)
    const words = [
      `The vault ${options.vault} has a new passphrase.`,
      'Copies and backups of the vault from before still open with the old one: delete them, or rotate the PINs.',
    ]
    return { code: 0, words: words.join('\n'), json: { vault: options.vault, changed: true } }
  })

async function newPassphrase(terminal: Terminal, asking: Asking, place: FleetPlace): Promise<Secret> {
  if (place.passphraseFile !== undefined) return checked(await askPassphrase(asking, place))
  const question = `New passphrase of ${place.vault}`
  const passphrase = await checked(Secret.of(await asking(question, true)))
  // Who types unseen may mistype; a pipe does not.
  if (terminal.stdin.isTTY !== true) return passphrase
  const again = await asking('The same once more', true)
  if (again === passphrase.reveal()) return passphrase
  throw new CannotRun('The two are not the same. Nothing was made or changed.', 'Run this again.')
}

async function checked(passphrase: Secret): Promise<Secret> {
  const text = passphrase.reveal()
  const weak = weakPassword(text, { least: leastLength, about: ['twostep', 'fleet', 'vault', 'whatsapp'] })
  const listed = weak === undefined && (await isLeakedPassword(listedForms(text)))
  if (weak === undefined && !listed) return passphrase
  const why = {
    too_short: `is shorter than ${leastLength} characters`,
    too_long: `is longer than ${longestPassword} characters`,
    repeats: 'repeats itself or counts up',
    common: 'is made of words that everybody takes',
    about_you: 'is mostly the name of what it guards',
    listed: 'is on public lists of leaked passwords',
  }[weak ?? 'listed']
  throw new CannotRun(
    `This passphrase ${why}. Whoever copies the vault may guess at it as often as they like.`,
    'Take five or more words drawn at random, such as a password program draws them.',
  )
}
