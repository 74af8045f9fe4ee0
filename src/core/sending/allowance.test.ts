// What nodes lease of an allowance, and what a seeded crowd of them sends of it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hour, instantAt } from '../kernel/instant.ts'
import { freshAllowance, lease, withHold } from './allowance.ts'

const rules = { span: hour, limit: 1_000, shares: 20 }
const at = (span: number) => instantAt(500_000 * hour + span)

test('nodes lease less the less is left, and never more than there is', () => {
  let allowance = freshAllowance('all', at(0))
  const amounts: number[] = []
  for (let ending = lease(allowance, 1, at(1), rules); ; ending = lease(allowance, 1, at(1), rules)) {
    if (ending.kind !== 'leased') {
      assert.equal(ending.kind === 'spent' && ending.until, at(hour))
      break
    }
    amounts.push(ending.amount)
    allowance = ending.next
  }
  assert.equal(amounts[0], 50)
  assert.equal(
    amounts.reduce((sum, each) => sum + each),
    1_000,
  )
  assert(amounts.length < 120, `${amounts.length} commits for 1000 sends`)
})

test('that it is used up is written down once, and a new span begins anew', () => {
  const full = { ...freshAllowance('all', at(0)), began: at(0), leased: 1_000 }
  const first = lease(full, 1, at(5), rules)
  assert(first.kind === 'spent' && first.next?.spentAt === at(5))
  const second = lease(first.next, 1, at(6), rules)
  assert(second.kind === 'spent' && second.next === undefined)
  const anew = lease(first.next, 1, at(hour), rules)
  assert(anew.kind === 'leased' && anew.next.leased === 50 && anew.next.spentAt === undefined)
})

test('what is held by hand leases nothing until it is over', () => {
  const held = withHold(freshAllowance('GB', at(0)), { since: at(0), until: at(10) })
  assert.deepEqual(lease(held, 1, at(9), rules), { kind: 'held', until: at(10) })
  assert.equal(lease(held, 1, at(10), rules).kind, 'leased')
})

test('who needs more than a share is leased what they need, and nothing where that is not left', () => {
  const nearly = { ...freshAllowance('all', at(0)), began: at(0), leased: 990 }
  const enough = lease(nearly, 10, at(1), rules)
  assert(enough.kind === 'leased' && enough.amount === 10)
  assert.equal(lease(nearly, 11, at(1), rules).kind, 'spent')
})
