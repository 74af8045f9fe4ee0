// Takes a list of numbers into a vault. The same list twice changes nothing; an old one never undoes a rotation.

import type { Instant } from '#core/kernel/instant.ts'
import { equalText } from '#secrets/equal.ts'
import type { Secret } from '#secrets/secret.ts'
import type { Mistake, Row } from './csv.ts'
import { type FleetNumber, newNumber, withPin } from './number.ts'
import { candidates, isSame, type PinState } from './pin-state.ts'
import { mostNumbers } from './vault.ts'

export type Merged = {
  readonly kind: 'merged'
  readonly changed: readonly FleetNumber[]
  readonly added: number
  readonly updated: number
  readonly unchanged: number
  /** Ids whose PIN in the list is not the vault's, which was kept: it is the newer one. */
  readonly pinsKept: readonly string[]
}

export type MergeEnding = Merged | { readonly kind: 'wrong'; readonly mistakes: readonly Mistake[] }

export function merge(numbers: ReadonlyMap<string, FleetNumber>, rows: readonly Row[], now: Instant): MergeEnding {
  const mistakes: Mistake[] = []
  const changed: FleetNumber[] = []
  const pinsKept: string[] = []
  let added = 0
  for (const row of rows) {
    const known = numbers.get(row.id)
    const token = row.token ?? known?.token
    if (token === undefined) {
      const says = 'is empty, and this number is not in the vault yet'
      mistakes.push({ line: row.line, column: 'access_token', says })
      continue
    }
    const before = known ?? newNumber(row.id, token)
    const next = mergedNumber(before, row, token, now)
    if (row.pin !== undefined && !candidates(next.pin).some(pin => row.pin !== undefined && isSame(pin, row.pin))) {
      pinsKept.push(row.id)
    }
    if (known === undefined) added += 1
    if (known === undefined || next !== before) changed.push(next)
  }
  if (numbers.size + added > mostNumbers) {
    mistakes.push({ line: 1, says: `begins a list that makes more than ${mostNumbers} numbers in this vault` })
  }
  if (mistakes.length > 0) return { kind: 'wrong', mistakes }
  const updated = changed.length - added
  return { kind: 'merged', changed, added, updated, unchanged: rows.length - changed.length, pinsKept }
}

/** The very same number where nothing changes. */
function mergedNumber(number: FleetNumber, row: Row, token: Secret, now: Instant): FleetNumber {
  const sameToken = equalText(token.reveal(), number.token.reveal())
  const pin = importedPin(number, row.pin)
  const [name, region] = [row.name ?? number.name, row.region ?? number.region]
  if (sameToken && pin === number.pin && name === number.name && region === number.region) return number
  const solved = sameToken ? [] : ['token', 'permission', 'missing']
  if (pin !== number.pin) solved.push('pin_unknown', 'pin_elsewhere')
  const need = number.need !== undefined && solved.includes(number.need.kind) ? undefined : number.need
  return { ...withPin(number, pin, now), token, name, region, need }
}

// A PIN that this vault set is newer than any list. One that somebody else changed, or that nobody ever proved, is a
// person's to say; but not with a PIN that this number had before: that list is an old one.
function importedPin({ pin, earlier }: FleetNumber, given: Secret | undefined): PinState {
  if (given === undefined || pin.kind === 'changing') return pin
  if (candidates(pin).some(each => isSame(each, given)) || earlier.some(each => isSame(each.pin, given))) return pin
  if (pin.kind === 'kept' && (pin.from === 'set' || pin.proved !== undefined)) return pin
  return { kind: 'kept', pin: given, from: 'imported' }
}
