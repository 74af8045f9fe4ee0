// The numbers that people were promised. A change here is a change of what the documents say.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classic, strict } from '#test/simulation/a-number.ts'
import { day, hour, minute, second } from '../kernel/instant.ts'

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
    addressesGiven: { limit: 5, span: day, apart: 0 },
    pinChangesMailed: { limit: 10, span: day, apart: 0 },
    recoveryAddressMustBeConfirmed: false,
    reminders: [6 * hour, 12 * hour, day, day, 3 * day, 7 * day],
    claimsPerNumber: 16,
    accessTokensPerBusiness: 100,
    passwordLength: 10,
    passwordGuesses: {
      kind: 'steps',
      atOnce: 5,
      waits: [minute, 2 * minute, 5 * minute, 15 * minute, 30 * minute, hour],
      closesAfter: Number.POSITIVE_INFINITY,
    },
    session: { life: 30 * day, idle: 7 * day },
    invitationLife: day,
    sessionsPerAdmin: 20,
    browsersPerAdmin: 10,
    businessesPerAdmin: 100,
    onPremises: {
      strangersRest: day,
      placeIsKnown: 30 * day,
      placesPerUser: 8,
      tokenLife: 7 * day,
      tokensPerUser: 16,
      users: 32,
    },
    account: {
      deviceCode: {
        digits: 4,
        life: 5 * minute,
        checkWaits: [0, 0],
        sendsAt: [0, minute, 2 * minute, 5 * minute, 10 * minute],
      },
      notifications: { limit: 3, span: hour, apart: 0 },
      failuresInARow: 30,
      password: {
        delay: { free: 3, first: second, most: hour, forgetsAfter: day },
        strangerBuckets: 4,
        leastLength: 8,
        mixed: true,
      },
      signUp: {
        perAddress: { limit: 3, span: day, apart: minute },
        perNetwork: { limit: 60, span: hour, apart: 0 },
        life: day,
      },
      recoveryKey: {
        delay: { free: 10, first: day, most: day, forgetsAfter: day },
        callers: 32,
        diesOnUse: false,
        askEvery: 365 * day,
        retypeWithin: hour,
      },
      waiting: { period: 72 * hour, toFinish: 30 * day },
      browser: { trust: 60 * day, grace: minute, most: 20 },
      session: { life: 30 * day, idle: 7 * day, limitedLife: hour, most: 32 },
      freshProof: 10 * minute,
      signIn: { life: 15 * minute, most: 4 },
      passwordReset: { life: 30 * minute, most: 4 },
      mailedLink: { life: day, perAccount: { limit: 5, span: day, apart: minute } },
      securityQuestions: true,
      birthDate: { free: 5, first: day, most: day, forgetsAfter: day },
      appPasswords: 25,
      devices: 10,
      addresses: 5,
      newNumbers: 8,
      newNumber: { limit: 10, span: day, apart: 0 },
      newAddress: { limit: 10, span: day, apart: 0 },
    },
  })
})

test('the strict profile differs in guesses, addresses, passwords, sessions and eight rows for accounts', () => {
  const { account } = classic
  assert.deepEqual(strict, {
    ...classic,
    passwordLength: 15,
    session: { life: day, idle: hour },
    pinGuesses: { kind: 'refill', inAll: 10, every: day, closesAfter: 100 },
    recoveryAddressMustBeConfirmed: true,
    account: {
      ...account,
      deviceCode: { ...account.deviceCode, digits: 6, life: 10 * minute, checkWaits: [0, 0, 0, 0] },
      failuresInARow: 100,
      password: { ...account.password, leastLength: 15, mixed: false },
      recoveryKey: { ...account.recoveryKey, diesOnUse: true },
      browser: { ...account.browser, trust: 30 * day },
      session: { ...account.session, life: 24 * hour, idle: hour },
      securityQuestions: false,
    },
  })
})
