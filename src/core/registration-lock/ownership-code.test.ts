// The ownership code: sent seldom, checked seldom, right once, and never right late, used, foreign or replaced.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  anna,
  as,
  at,
  boris,
  classic,
  heldNumber,
  kindsOf,
  lockedNumber,
  made,
  someNumber,
  xenia,
} from '#test/simulation/a-number.ts'
import { day, hour, minute, second } from '../kernel/instant.ts'
import { checksPerRequest, codeStatus, codeWasRight, codeWasWrong, sendCode, spendCheck } from './ownership-code.ts'
import { type ClaimId, claimOf, hasProved, type PhoneNumber } from './phone-number.ts'
import { deleteClaim } from './registration.ts'

const send = (number: PhoneNumber, moment: number, verifier = `code of ${moment}`, claim: ClaimId = xenia) =>
  sendCode(number, { claim, method: 'sms', verifier }, at(moment), classic)
const sent = (number: PhoneNumber, moment: number, verifier?: string, claim?: ClaimId): PhoneNumber =>
  as(send(number, moment, verifier, claim), 'sent').next
const check = (number: PhoneNumber, moment: number, claim: ClaimId = xenia) =>
  spendCheck(number, claim, at(moment), classic)
const looked = (number: PhoneNumber, moment: number, claim?: ClaimId): PhoneNumber =>
  as(check(number, moment, claim), 'look').next
const right = (number: PhoneNumber, moment: number, verifier: string, claim: ClaimId = xenia) =>
  codeWasRight(number, { claim, verifier }, at(moment), classic)

test('the codes of one request go out at 0, 1, 2, 5 and 10 minutes, to the millisecond', () => {
  let number = sent(someNumber(), 0)
  for (const moment of [1, 2, 5, 10].map(each => each * minute)) {
    assert.deepEqual(send(number, moment - 1), { kind: 'too_many_codes', retryAt: at(moment) })
    number = sent(number, moment)
  }
  assert.equal(claimOf(number, xenia)?.request?.sends, 5)
  as(send(number, 19 * minute), 'too_many_codes')
})

test('a request ends ten minutes after its newest code, and only then may another begin', () => {
  let number = sent(someNumber(), 0)
  number = sent(number, 9 * minute)
  as(check(number, 19 * minute - 1), 'look')
  as(check(number, 19 * minute), 'no_code')
  const { request } = claimOf(sent(number, 19 * minute), xenia) ?? {}
  assert.deepEqual([request?.sends, request?.began], [1, at(19 * minute)])
  assert.equal(claimOf(sent(number, 19 * minute - 1), xenia)?.request?.began, at(0))
})

test('one number gets five codes a day, by whomever they are asked for, in a moving day', () => {
  let number = someNumber()
  for (const [index, claim] of [anna, boris, xenia, anna, boris].entries()) {
    number = sent(number, index * hour, 'v', claim)
  }
  assert.deepEqual(send(number, 5 * hour, 'v', anna), { kind: 'too_many_codes', retryAt: at(day) })
  assert.deepEqual(send(number, day - 1, 'v', xenia), { kind: 'too_many_codes', retryAt: at(day) })
  number = sent(number, day, 'v', xenia)
  assert.deepEqual(send(number, day + minute, 'v', anna), { kind: 'too_many_codes', retryAt: at(day + hour) })
})

test('two codes to one number are sixty seconds apart, whoever asks', () => {
  const number = sent(someNumber(), 0, 'v', boris)
  assert.deepEqual(send(number, minute - 1), { kind: 'too_many_codes', retryAt: at(minute) })
  sent(number, minute)
})

test('what others ask for never uses up the keeper, and the other way round', () => {
  let number: PhoneNumber = lockedNumber()
  for (let index = 0; index < 5; index += 1) number = sent(number, index * hour, 'v', boris)
  as(send(number, 5 * hour, 'v', boris), 'too_many_codes')
  for (const moment of [0, 1, 2, 5, 10]) number = sent(number, 5 * hour + moment * minute, 'v', anna)
  as(send(number, 5 * hour + 20 * minute, 'v', anna), 'too_many_codes')
})

test('a refused code changes nothing and says from when one is sent', () => {
  const refused = as(send(sent(someNumber(), 0), 5 * second), 'too_many_codes')
  assert.deepEqual(Object.keys(refused).toSorted(), ['kind', 'retryAt'])
})

test('after four wrong checks with waits of 0, 0, 1 and 2 minutes the fifth is the last', () => {
  let number = sent(someNumber(), 0)
  number = looked(number, 0)
  number = looked(number, 0)
  number = looked(number, 0)
  assert.deepEqual(check(number, minute - 1), { kind: 'too_soon', retryAt: at(minute) })
  number = looked(number, minute)
  assert.deepEqual(check(number, 3 * minute - 1), { kind: 'too_soon', retryAt: at(3 * minute) })
  number = looked(number, 3 * minute)
  assert.deepEqual(check(number, 9 * minute), { kind: 'checks_spent', retryAt: at(10 * minute) })
  assert.equal(checksPerRequest(classic), 5)
})

test('a new code replaces the old one and never restores checks', () => {
  let number = sent(someNumber(), 0, 'first')
  for (let checks = 0; checks < 3; checks += 1) number = looked(number, 0)
  number = sent(number, minute, 'second')
  assert.equal(right(number, minute, 'first'), undefined)
  assert.equal(as(check(number, minute), 'look').verifier, 'second')
  number = looked(looked(number, minute), 3 * minute)
  as(check(number, 5 * minute), 'checks_spent')
})

test('when its checks are spent a request sends no more codes, and a new one begins when it has ended', () => {
  let number = sent(someNumber(), 0)
  for (const moment of [0, 0, 0, minute, 3 * minute]) number = looked(number, moment)
  assert.deepEqual(send(number, 5 * minute), { kind: 'too_many_codes', retryAt: at(10 * minute) })
  number = sent(number, 10 * minute)
  assert.equal(claimOf(number, xenia)?.request?.checks, 0)
})

test('the check is spent in the change that hands out the verifier', () => {
  const look = as(check(sent(someNumber(), 0), 7), 'look')
  assert.equal(claimOf(look.next, xenia)?.request?.checks, 1)
  assert.equal(claimOf(look.next, xenia)?.request?.lastCheckAt, at(7))
  assert.deepEqual(kindsOf(look), ['code.guess_spent'])
})

test('a right code proves the number, once', () => {
  const number = looked(sent(someNumber(), 0, 'code'), 5)
  const proved = made(right(number, 6, 'code'))
  assert.deepEqual(claimOf(proved.next, xenia)?.proof, { kind: 'proved', at: at(6) })
  assert.deepEqual(kindsOf(proved), ['code.right'])
  assert.equal(right(proved.next, 6, 'code'), undefined)
  as(check(proved.next, 6), 'no_code')
})

test('of two looks at one code that are both right, one proves the number', () => {
  const twice = looked(looked(sent(someNumber(), 0, 'code'), 5), 5)
  assert.equal(right(made(right(twice, 6, 'code')).next, 6, 'code'), undefined)
})

test('a code that ran out while it was looked at was not right', () => {
  const number = looked(sent(someNumber(), 0, 'code'), 10 * minute - 1)
  assert(right(number, 10 * minute - 1, 'code') !== undefined)
  assert.equal(right(number, 10 * minute, 'code'), undefined)
})

test("a code is right for the claim it was sent for and for no other's", () => {
  const number = sent(sent(someNumber(), 0, 'code of Boris', boris), minute, 'code of Xenia', xenia)
  assert.equal(right(number, minute, 'code of Boris', xenia), undefined)
  assert.equal(right(number, minute, 'code of Xenia', anna), undefined)
  assert(right(number, minute, 'code of Xenia', xenia) !== undefined)
})

test('where no code was sent, a claim is gone or its request is over, a check is answered alike and costs nothing', () => {
  assert.deepEqual(check(someNumber(), 0), { kind: 'no_code' })
  assert.deepEqual(check(someNumber(), 0, 'gone'), { kind: 'no_code' })
  assert.deepEqual(check(sent(someNumber(), 0), 10 * minute), { kind: 'no_code' })
})

test('a claim deleted while its code was looked at has proved nothing', () => {
  const number = deleteClaim(looked(sent(someNumber(), 0, 'code'), 5), xenia, at(6), 'manager').next
  assert.equal(right(number, 7, 'code'), undefined)
})

test('a wrong code changes nothing that its check had not changed', () => {
  const number = looked(sent(someNumber(), 0), 5)
  assert.deepEqual(codeWasWrong(number, xenia), {
    next: number,
    events: [{ kind: 'code.wrong', claim: xenia }],
    notices: [],
  })
})

test('the holder who proves the number again stays the holder', () => {
  const number = looked(sent(heldNumber(), 0, 'code', anna), 1, anna)
  assert.equal(made(right(number, 2, 'code', anna)).next.holder?.claim, anna)
})

test('an ended proof is a proof again after a right code', () => {
  const ended = { ...someNumber().claims[2], proof: { kind: 'ended', at: at(0) } }
  const number = someNumber({ claims: [ended as PhoneNumber['claims'][0]] })
  assert(hasProved(made(right(sent(number, 0, 'code'), 1, 'code')).next, xenia))
})

test('whatever is asked and when: five codes a day at most, five looks at one request, twenty-five a day', () => {
  const step = fc.record({ wait: fc.nat(6 * minute), claim: fc.constantFrom(anna, boris, xenia), send: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), steps => {
      let number = someNumber()
      let moment = 0
      const sends: number[] = []
      const looks: number[] = []
      const checksOf = new Map<string, number>()
      for (const each of steps) {
        moment += each.wait
        if (each.send) {
          const ending = send(number, moment, 'v', each.claim)
          if (ending.kind !== 'sent') continue
          number = ending.next
          sends.push(moment)
          assert(sends.filter(sentAt => sentAt > moment - day).length <= 5)
        } else {
          const ending = check(number, moment, each.claim)
          if (ending.kind !== 'look') continue
          const request = `${each.claim} ${claimOf(number, each.claim)?.request?.began}`
          number = ending.next
          looks.push(moment)
          checksOf.set(request, (checksOf.get(request) ?? 0) + 1)
          assert((checksOf.get(request) ?? 0) <= 5)
          assert(looks.filter(lookedAt => lookedAt > moment - day).length <= 25)
        }
      }
    }),
  )
})

test('how a claim stands with its code is what sending and checking would have told it', () => {
  const status = (number: PhoneNumber, moment: number) => codeStatus(number, xenia, at(moment), classic)
  assert.deepEqual(status(someNumber(), 5), { out: undefined, sendOpensAt: at(5) })
  let number = sent(someNumber(), 0)
  const { life } = classic.ownershipCode
  const fresh = { out: { expires: at(life), checksLeft: 5, checkOpensAt: at(0) }, sendOpensAt: at(minute) }
  assert.deepEqual(status(number, 5), fresh)
  number = looked(looked(looked(number, 1), 2), 3)
  assert.deepEqual(status(number, 4).out, { expires: at(life), checksLeft: 2, checkOpensAt: at(3 + minute) })
  assert.deepEqual(check(number, 4), { kind: 'too_soon', retryAt: at(3 + minute) })
  number = looked(looked(number, 3 * minute), 6 * minute)
  assert.deepEqual(status(number, 7 * minute), {
    out: { expires: at(life), checksLeft: 0, checkOpensAt: at(life) },
    sendOpensAt: at(life),
  })
  assert.deepEqual(send(number, 7 * minute), { kind: 'too_many_codes', retryAt: at(life) })
  assert.deepEqual(status(number, life), { out: undefined, sendOpensAt: at(life) })
})
