// What stands in a vault's box, as JSON. It was sealed by whoever knows the passphrase, so it is read to find our own
// mistakes and other versions, not to fend off strangers; still nothing of it gets into a message.

import { type Instant, instantAt } from '#core/kernel/instant.ts'
import { Secret } from '#secrets/secret.ts'
import { isNeedKind, type Need } from './needs.ts'
import type { FleetNumber } from './number.ts'
import type { EarlierPin, PinState, SettledPin } from './pin-state.ts'
import type { Round } from './round.ts'
import type { VaultContents } from './vault.ts'
import { VaultUnusable } from './vault-unusable.ts'

export function vaultText({ server, numbers, round }: VaultContents): string {
  const written = [...numbers.values()].map(({ token, pin, earlier, ...number }) => ({
    ...number,
    token: token.reveal(),
    pin: plainPin(pin),
    earlier: earlier.map(each => ({ ...each, pin: each.pin.reveal() })),
  }))
  return JSON.stringify({ server, round, numbers: written })
}

function plainPin(pin: PinState): object {
  switch (pin.kind) {
    case 'unknown':
      return pin
    case 'kept':
    case 'contradicted':
      return { ...pin, pin: pin.pin.reveal() }
    case 'changing':
      return { ...pin, to: pin.to.reveal(), before: plainPin(pin.before) }
  }
}

/** Throws `VaultUnusable` (`damaged`). */
export function readVaultText(text: string, file: string): VaultContents {
  try {
    const { server, round, numbers } = record(JSON.parse(text))
    const read = list(numbers).map(readNumber)
    return {
      server: string(server),
      round: round === undefined ? undefined : readRound(round),
      numbers: new Map(read.map(number => [number.id, number])),
    }
  } catch (error) {
    if (!(error instanceof Misread) && !(error instanceof SyntaxError)) throw error
    const message = `What is in the vault ${file} cannot be read by this version of the program.`
    throw new VaultUnusable('damaged', message, 'Update the program, or put the file back from your backup.')
  }
}

/** Not what it should be. */
class Misread extends Error {
  override readonly name = 'Misread'
}

function readNumber(value: unknown): FleetNumber {
  const { id, token, name, region, number, pin, earlier, registrations, blocked, round, need } = record(value)
  return {
    id: string(id),
    token: Secret.of(string(token)),
    name: optional(name, string),
    region: optional(region, string),
    number: optional(number, string),
    pin: readPin(pin),
    earlier: list(earlier).map(readEarlier),
    registrations: list(registrations).map(instant),
    blocked: optional(blocked, readNeed),
    round: optional(round, integer),
    need: optional(need, readNeed),
  }
}

function readPin(value: unknown): PinState {
  const { kind, to, at, before } = record(value)
  if (kind !== 'changing') return readSettled(value)
  return { kind, to: readDigits(to), at: instant(at), before: readSettled(before) }
}

function readSettled(value: unknown): SettledPin {
  const { kind, pin, from, since, proved, at, lateUntil } = record(value)
  if (kind === 'unknown') return { kind }
  if (kind === 'contradicted') return { kind, pin: readDigits(pin), at: instant(at) }
  if (kind !== 'kept' || (from !== 'imported' && from !== 'set')) throw new Misread()
  return {
    ...{ kind, from, pin: readDigits(pin) },
    since: optional(since, instant),
    proved: optional(proved, instant),
    lateUntil: optional(lateUntil, instant),
  }
}

function readEarlier(value: unknown): EarlierPin {
  const { pin, until } = record(value)
  return { pin: readDigits(pin), until: instant(until) }
}

function readNeed(value: unknown): Need {
  const { kind, at, code, until } = record(value)
  if (!isNeedKind(kind)) throw new Misread()
  return { kind, at: instant(at), code: optional(code, integer), until: optional(until, instant) }
}

function readRound(value: unknown): Round {
  const { serial, only, isOpen } = record(value)
  return { serial: integer(serial), only: optional(only, each => list(each).map(string)), isOpen: isOpen === true }
}

const optional = <Read>(value: unknown, read: (value: unknown) => Read): Read | undefined =>
  value === undefined ? undefined : read(value)

function readDigits(value: unknown): Secret {
  const text = string(value)
  if (!/^[0-9]{6}$/.test(text)) throw new Misread()
  return Secret.of(text)
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Misread()
  return value as Readonly<Record<string, unknown>>
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Misread()
  return value
}

function string(value: unknown): string {
  if (typeof value !== 'string') throw new Misread()
  return value
}

function integer(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new Misread()
  return value
}

const instant = (value: unknown): Instant => instantAt(integer(value))
