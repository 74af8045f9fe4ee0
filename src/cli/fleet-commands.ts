// The commands of `twostep fleet`, for whoever looks after many numbers at Meta's or at a Twostep server.

import type { Command } from 'commander'
import type { Add } from './command-tree.ts'
import type { FleetInitOptions } from './fleet-init.ts'
import type { FleetPlace } from './fleet-place.ts'
import type { FleetRunOptions, RotateOptions } from './fleet-run.ts'

const vaultOption = ['--vault <file>', 'the vault of the fleet', 'fleet.vault'] as const
const passphraseOption = [
  '--passphrase-file <file>',
  'its passphrase (otherwise: asked for, or the first line of standard input)',
] as const
const onlyOption = ['--only <ids...>', 'these phone-number ids, and no others'] as const

const about = `
A vault keeps the tokens and PINs of many numbers, sealed under a passphrase. Every PIN is written down there before it is
sent, so that an interrupted run is simply run again. The guide is docs/guide/fleet.md.
`

/** Adds `fleet` and what is below it. Each command is loaded when it is run. */
export function addFleet(program: Command, add: Add): void {
  const fleet = program
    .command('fleet')
    .description('the PINs of many numbers: kept, registered, rotated and proved')
    .addHelpText('after', about)
  const own: Add = (parent, usage, description, examples, run) =>
    add(parent, usage, description, examples, run)
      .option(...vaultOption)
      .option(...passphraseOption)

  own<FleetInitOptions>(
    fleet,
    'init',
    'make an empty vault, under a passphrase that is asked for',
    [
      'twostep fleet init',
      'twostep fleet init --vault sandbox.vault --server http://127.0.0.1:8022',
      'twostep fleet init --passphrase-file /run/secrets/fleet',
    ],
    async (terminal, options) => (await import('./fleet-init.ts')).fleetInit(terminal, options),
  ).option('--server <url>', 'where the numbers are (otherwise: WA_BASE_URL, or https://graph.facebook.com)')

  own<FleetPlace>(
    fleet,
    'import <file>',
    'take numbers, tokens and PINs from a CSV file; the same file twice changes nothing',
    ['twostep fleet import numbers.csv'],
    async (terminal, options, file) => (await import('./fleet-import.ts')).fleetImport(terminal, file, options),
  )

  addRuns(fleet, own)

  own<FleetPlace>(
    fleet,
    'status',
    'show the age of each PIN, when it was last proved, and what needs a person; asks no server',
    ['twostep fleet status', 'twostep fleet status --json'],
    async (terminal, options) => (await import('./fleet-status.ts')).fleetStatus(terminal, options),
  )

  own<FleetPlace>(
    fleet,
    'export <phone-number-id>',
    'show the PIN of one number, once its id is confirmed',
    ['twostep fleet export 106540352242922'],
    async (terminal, options, id) => (await import('./fleet-export.ts')).fleetExport(terminal, id, options),
  )

  own<FleetPlace>(
    fleet,
    'passphrase',
    'give the vault another passphrase: the old one is asked for, then the new one',
    ['twostep fleet passphrase'],
    async (terminal, options) => (await import('./fleet-init.ts')).fleetPassphrase(terminal, options),
  )
}

/** The commands that go through the numbers, and ask their server. */
function addRuns(fleet: Command, own: Add): void {
  own<FleetRunOptions>(
    fleet,
    'register',
    'register the numbers that are not registered, each with its PIN, or with a new one where it has none',
    ['twostep fleet register', 'twostep fleet register --only 106540352242922 --json'],
    async (terminal, options) => (await import('./fleet-run.ts')).fleetRegister(terminal, options),
  ).option(...onlyOption)

  own<RotateOptions>(
    fleet,
    'rotate',
    'give the numbers new PINs; goes on where it was interrupted',
    [
      'twostep fleet rotate --older-than 90d --passphrase-file /run/secrets/fleet',
      'twostep fleet rotate --dry-run',
      'twostep fleet rotate --only 106540352242922 106540352242923',
      'twostep fleet rotate --resume',
    ],
    async (terminal, options) => (await import('./fleet-run.ts')).fleetRotate(terminal, options),
  )
    .option(...onlyOption)
    .option('--older-than <days>', 'PINs in force for longer than that, such as 90d, or of unknown age')
    .option('--resume', 'only changes that were interrupted')
    .option(
      '--take-over',
      'also numbers whose PIN is not known here or was changed by somebody else (--only does, too)',
    )
    .option('--dry-run', 'say which, and send nothing')

  own<FleetRunOptions>(
    fleet,
    'prove',
    'prove that each PIN is in force, by registering the number anew: one of ten registrations in 72 hours',
    ['twostep fleet prove --only 106540352242922'],
    async (terminal, options) => (await import('./fleet-run.ts')).fleetProve(terminal, options),
  ).option(...onlyOption)
}
