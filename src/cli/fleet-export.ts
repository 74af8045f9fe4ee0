// `twostep fleet export`: shows the PIN of one number, for a person who has to type it elsewhere.

import { candidates } from '#fleet/pin-state.ts'
import { CannotRun, type CommandEnding } from './ending.ts'
import { askingAt, askPassphrase, type FleetPlace, readFleetVault, withVault } from './fleet-place.ts'
import { called, moment } from './fleet-words.ts'
import type { Terminal } from './terminal.ts'

export const fleetExport = (terminal: Terminal, id: string, options: FleetPlace): Promise<CommandEnding> =>
  withVault(async () => {
    const asking = askingAt(terminal)
    const { numbers } = await readFleetVault(options, await askPassphrase(asking, options))
    const number = numbers.get(id)
    if (number === undefined) {
      throw new CannotRun(`Not in the vault ${options.vault}: ${id}.`, 'twostep fleet status  lists those that are.')
    }
    // A PIN on a screen is read by whoever stands there: nobody shows one by a slip of the arrow key.
    const last = id.slice(-4)
    const typed = await asking(`The PIN of ${called(number)} will be shown. Type the last four digits of its id`, false)
    if (typed !== last)
      throw new CannotRun('Those are not the last four digits of its id. Nothing was shown.', 'Run this again.')
    const { pin, earlier } = number
    const pins = candidates(pin).map(each => each.reveal())
    const words = [
      ...pins,
      ...(pin.kind === 'unknown' ? ['The vault knows no PIN of this number.'] : []),
      ...(pin.kind === 'changing' ? ['One of these is in force. To know which:  twostep fleet rotate --resume'] : []),
      ...(pin.kind === 'contradicted'
        ? [`It was in force until somebody else changed it, before ${moment(pin.at)}.`]
        : []),
    ]
    const before = earlier.map(each => ({ pin: each.pin.reveal(), until: moment(each.until) }))
    const code = pin.kind === 'kept' ? 0 : 1
    return { code, words: words.join('\n'), json: { id, state: pin.kind, pins, earlier: before } }
  })
