// What the blocklist of PINs promises: the bad ones are refused for the right reason, and not too many others are.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { popularPins } from './popular.ts'
import { type WeakPinKind, weakness } from './weak-pins.ts'

const everyPin = function* () {
  for (let pin = 0; pin < 1_000_000; pin += 1) yield String(pin).padStart(6, '0')
}

const known: Readonly<Record<Exclude<WeakPinKind, 'own_number'>, readonly string[]>> = {
  repeats: ['000000', '111111', '121212', '123123', '112233', '001122', '111222', '700007', '998877'],
  run: ['123456', '654321', '987654', '012345', '024680', '864208', '890123', '456123', '123321', '789987', '123789'],
  pattern: [
    '147258',
    '159753',
    '741852',
    '357159',
    '102030',
    '010203',
    '090807',
    '135531',
    '125896',
    '147896',
    '123698',
  ],
  date: ['241285', '122485', '851224', '198512', '121985', '198585', '851985', '290200', '022900', '311299', '010170'],
  popular: ['134679', '135790', '142536', '246810', '314159', '102938', '123457', '362436', '142857'],
}

for (const [kind, pins] of Object.entries(known)) {
  test(`known bad PINs are refused for the reason a person sees in them: ${kind}`, () => {
    for (const pin of pins) assert.equal(weakness(pin, {})?.kind, kind, pin)
  })
}

test('six digits of the own number are refused, forwards and backwards, whatever signs stand between them', () => {
  const ownNumber = '+44 7946 095-831'
  for (const pin of ['447946', '460958', '095831', '138590', '649744']) {
    assert.equal(weakness(pin, { ownNumber })?.kind, 'own_number', pin)
    assert.notEqual(weakness(pin, { ownNumber: '+16315550000' })?.kind, 'own_number', pin)
  }
  assert.equal(weakness('794609', {}), undefined)
})

test('at most 8 % of all PINs are refused, and every reason is true', () => {
  const popular = popularPins()
  const real = (day: number, month: number) =>
    month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(2000, month, 0)).getUTCDate()
  let refused = 0
  for (const pin of everyPin()) {
    const weak = weakness(pin, {})
    if (weak === undefined) {
      if (popular.has(pin)) assert.fail(`${pin} is popular and was let through`)
      continue
    }
    refused += 1
    if (weak.kind === 'popular' && !popular.has(pin)) assert.fail(`${pin} is on no list`)
    if (weak.kind === 'own_number') assert.fail(`${pin} is part of no number`)
    if (weak.kind === 'date') {
      const [one, two, three] = [pin.slice(0, 2), pin.slice(2, 4), pin.slice(4)].map(Number)
      assert(one !== undefined && two !== undefined && three !== undefined)
      const short = real(one, two) || real(two, one) || real(three, two)
      if (!short && !/^(?:19[4-9]\d|20[0-2]\d)|(?:19[4-9]\d|20[0-2]\d)$/.test(pin)) assert.fail(`${pin} is no date`)
    }
  }
  assert.equal(refused, 73_943, 'the share that weak-pins.ts states')
  assert(refused <= 80_000)
})

test('a phone number refuses twenty PINs more at most', () => {
  const digits = '441632960172345'
  const more = new Set<string>()
  for (let at = 0; at + 6 <= digits.length; at += 1) {
    const part = digits.slice(at, at + 6)
    for (const pin of [part, [...part].reverse().join('')]) {
      if (weakness(pin, {}) === undefined && weakness(pin, { ownNumber: `+${digits}` })) more.add(pin)
    }
  }
  assert(more.size > 0 && more.size <= 20, String(more.size))
})

test('ordinary PINs are accepted', () => {
  for (const pin of ['730496', '904817', '638052', '482719', '560384']) assert.equal(weakness(pin, {}), undefined, pin)
})

test('the list has 15,000 PINs of six ASCII digits, the most popular first', () => {
  const pins = [...popularPins()]
  assert.equal(pins.length, 15_000)
  assert.deepEqual(pins.slice(0, 4), ['123456', '111111', '123123', '696969'])
  for (const pin of pins) assert.match(pin, /^[0-9]{6}$/)
})

test('every refusal has words for the person, and they do not repeat the PIN', () => {
  for (const pins of Object.values(known)) {
    for (const pin of pins) {
      const words = weakness(pin, {})?.explanation ?? ''
      assert.match(words, /^This PIN .+\.$/)
      assert(!words.includes(pin))
    }
  }
})

test('what is not six ASCII digits is a bug of the caller, and the message does not show it', () => {
  for (const pin of ['12345', '1234567', '12345a', '１２３４５６', '', '12345\n']) {
    assert.throws(() => weakness(pin, {}), { name: 'Broken', message: /^a PIN is six ASCII digits/ })
  }
})
