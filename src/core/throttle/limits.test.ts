// The numbers that people were promised. A change here is a change of what the documents say.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classic, strict } from '#test/simulation/a-number.ts'
import { day, hour, minute } from '../kernel/instant.ts'

test('the classic profile has the numbers of the public documents', () => {
  assert.deepEqual(classic, {
    ownershipCode: {
      digits: 6,
      life: 10 * minute,
      checkWaits: [0, 0, minute, 2 * minute],
      sendsAt: [0, minute, 2 * minute, 5 * minute, 10 * minute],
      perNumber: { limit: 5, span: 24 * hour, apart: minute },
    },
    pinGuesses: {
      kind: 'steps',
      atOnce: 5,
      waits: [minute, 5 * minute, 15 * minute, hour, 6 * hour, 24 * hour],
      closesAfter: 100,
    },
    registerAndDeregister: { limit: 10, span: 72 * hour, apart: 0 },
    afterDeletion: 5 * minute,
    ownershipProofLife: 31 * day,
    withoutPin: { pendingMessages: 7 * day, account: 30 * day },
    recoveryLink: { life: 24 * hour, perLock: { limit: 5, span: day, apart: minute } },
    recoveryAddressMustBeConfirmed: false,
    reminders: [6 * hour, 12 * hour, day, day, 3 * day, 7 * day],
    claimsPerNumber: 16,
    accessTokensPerBusiness: 100,
  })
})

test('the strict profile differs in how the PIN is guessed and in which address counts, and in nothing else', () => {
  assert.deepEqual(strict, {
    ...classic,
    pinGuesses: { kind: 'refill', inAll: 10, every: day, closesAfter: 100 },
    recoveryAddressMustBeConfirmed: true,
  })
})
