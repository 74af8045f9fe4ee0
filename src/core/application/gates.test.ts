import assert from 'node:assert/strict'
import { test } from 'node:test'
import { day, instantAt } from '../kernel/instant.ts'
import type { Application } from './application.ts'
import { defineGate, gatesOf, gatesPerApplication, removeGate } from './gates.ts'

const now = instantAt(0)
const bakery: Application = { name: 'Bakery', createdAt: now, seen: now, keyVerifier: '§key' }
const everyday = { needs: 'two-step', opens: 'change', maxAge: undefined } as const
const looking = { needs: 'first-step', opens: 'read', maxAge: undefined } as const

test('a gate is defined, changed and removed', () => {
  const defined = defineGate(bakery, 'orders.cancel', everyday)
  assert(defined.kind === 'defined')
  const changed = defineGate(defined.next, 'orders.cancel', { ...everyday, maxAge: day })
  assert(changed.kind === 'defined')
  assert.deepEqual(gatesOf(changed.next), [{ name: 'orders.cancel', rule: { ...everyday, maxAge: day } }])
  const removed = removeGate(changed.next, 'orders.cancel')
  assert.deepEqual(removed && gatesOf(removed), [])
  assert.equal(removeGate(bakery, 'orders.cancel'), undefined)
})

test('what is built in stays as it is, and a gate without a second step opens nothing that may be changed', () => {
  assert.deepEqual(defineGate(bakery, 'account.manage', looking), { kind: 'not_a_gate', why: 'taken' })
  assert.deepEqual(defineGate(bakery, 'Orders!', everyday), { kind: 'not_a_gate', why: 'name' })
  assert.deepEqual(defineGate(bakery, 'orders', { ...looking, opens: 'change' }), {
    kind: 'not_a_gate',
    why: 'reads_only',
  })
  assert.equal(defineGate(bakery, 'orders', looking).kind, 'defined')
})

test('an application has so many gates and no more, and may still change those it has', () => {
  let full = bakery
  for (let made = 0; made < gatesPerApplication; made += 1) {
    const ending = defineGate(full, `gate-${String.fromCharCode(97 + (made % 26))}${made}`, everyday)
    assert(ending.kind === 'defined')
    full = ending.next
  }
  assert.equal(defineGate(full, 'one-more', everyday).kind, 'too_many_gates')
  assert.equal(defineGate(full, gatesOf(full)[0]?.name ?? '', looking).kind, 'defined')
})
