import assert from 'node:assert/strict'
import { test } from 'node:test'
import { day, instantAt } from '#core/kernel/instant.ts'
import { Secret } from '#secrets/secret.ts'
import { type FleetNumber, newNumber } from './number.ts'
import { dueNumbers, isOver, type Round, type Selection } from './round.ts'

const now = instantAt(1_800_000_000_000)
const number = (id: string, more: Partial<FleetNumber> = {}): FleetNumber => ({
  ...newNumber(id, Secret.of('EAAG')),
  ...more,
})
const set = (days: number): Partial<FleetNumber> => ({
  pin: { kind: 'kept', pin: Secret.of('493816'), from: 'set', since: instantAt(now - days * day) },
})
const changing: Partial<FleetNumber> = {
  pin: { kind: 'changing', to: Secret.of('493816'), at: now, before: { kind: 'unknown' } },
}
const due = (numbers: readonly FleetNumber[], selection: Selection, round?: Round, only?: readonly string[]) =>
  dueNumbers(numbers, only, { selection, round, now })
const roundOf = (serial: number, isOpen: boolean, only?: readonly string[]): Round => ({ serial, only, isOpen })

test('a rotation of all goes on where it was interrupted, and rotates no number twice', () => {
  const began = due([number('1'), number('2')], { kind: 'round' })
  assert.deepEqual(began, { ids: ['1', '2'], round: roundOf(1, true), goesOn: false })
  const goesOn = due([number('1', { round: 1 }), number('2')], { kind: 'round' }, began.round)
  assert.deepEqual([goesOn.ids, goesOn.round?.serial, goesOn.goesOn], [['2'], 1, true])
  const closed = roundOf(1, false)
  const next = due([number('1', { round: 1 }), number('2', { round: 1 })], { kind: 'round' }, closed)
  assert.deepEqual([next.ids, next.round?.serial], [['1', '2'], 2])
})

test('a rotation of other numbers than the one that was interrupted is another one', () => {
  const open = roundOf(4, true, ['1', '2'])
  assert.equal(due([number('1')], { kind: 'round' }, open, ['2', '1']).goesOn, true)
  assert.equal(due([number('1')], { kind: 'round' }, open, ['1']).goesOn, false)
  assert.equal(due([number('1')], { kind: 'round' }, open).round?.serial, 5)
})

test('by age, a PIN of exactly so many days stays, one of unknown age goes, and a change that was interrupted always goes on', () => {
  const numbers = [
    number('1', set(90)),
    number('2', set(90.001)),
    number('3'),
    number('4', changing),
    number('5', set(1)),
  ]
  assert.deepEqual(due(numbers, { kind: 'older', than: 90 * day }).ids, ['2', '3', '4'])
  assert.deepEqual(due(numbers, { kind: 'resume' }).ids, ['4'])
})

test('a round is over when all that is left needs a person, and not while a number only waits', () => {
  const needs = (kind: 'token' | 'away') => ({
    id: '1',
    ending: { kind: 'needs', need: { kind, at: now }, reached: true } as const,
  })
  assert.equal(isOver([{ id: '2', ending: { kind: 'rotated' } }, needs('token')]), true)
  assert.equal(isOver([needs('away')]), false)
  assert.equal(isOver([{ id: '3', ending: { kind: 'skipped', because: 'token' } }]), false)
})
