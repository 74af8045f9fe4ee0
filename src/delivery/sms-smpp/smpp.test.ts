// SMPP: binding, texts in both alphabets and in parts, receipts, what an SMSC may answer, and lines that break. Against an
// SMSC over real sockets; test/delivery/kannel.test.ts has Kannel on the other end.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { after as afterTests, test } from 'node:test'
import type { ReceivedPdu } from 'smpp'
import { after, minute, second } from '#core/kernel/instant.ts'
import { seededDice } from '#secrets/dice.ts'
import { begin, code, houseWith, never } from '#test/delivery/house.ts'
import { startSmsc } from '#test/delivery/smsc.ts'
import { certificate } from '#test/http/wire.ts'
import { languages } from '../messages/language.ts'
import { ownershipCodeText } from '../messages/ownership-code.ts'
import { smsLength } from '../messages/sms-segments.ts'
import type { Provider } from '../providers/provider.ts'
import { readProviders } from '../providers/provider-list.ts'
import { readDeliveryReceipt } from './delivery-receipt.ts'
import { segmentsOf } from './segments.ts'
import { type SmppProviderOptions, smppProvider } from './smpp-provider.ts'

type More = Partial<SmppProviderOptions> & {
  readonly query?: string
  readonly scheme?: string
  readonly enquireEvery?: number
}

function providerOn(port: number, { query = '', scheme = 'smpp', enquireEvery, ...more }: More = {}) {
  const url = `${scheme}://twostep:secret@localhost:${port}?from=Twostep${query}`
  const read = readProviders(url, 'sms', () => undefined)
  assert('value' in read, JSON.stringify(read))
  const [spec] = read.value
  assert(spec?.kind === 'smpp')
  const changes: string[] = []
  const provider = smppProvider({
    server: enquireEvery === undefined ? spec.server : { ...spec.server, enquireEvery },
    ...{ terms: spec.terms, dice: seededDice('smpp'), firstRest: 1, patience: 2_000 },
    onChange: what => changes.push(what),
    ...more,
  })
  const close = () => provider.close?.()
  afterTests(close)
  return Object.assign(provider, { changes })
}

const sending = (text: string, to = '+447700900123') => ({
  ...{ message: { channel: 'sms', to, text } as const, id: 'a'.repeat(32) },
  ...{ now: begin, expires: after(begin, 10 * minute) },
})
const send = (provider: Provider, text = 'a text', signal = never) => provider.send(sending(text), signal)

test('a text goes out in the default alphabet, from and to whom it says, and for no longer than it is good', async () => {
  const smsc = await startSmsc({ submit: () => ({ id: 'abc' }) })
  assert.deepEqual(await send(providerOn(smsc.port), 'Ünïque? No: €5 [ok]'.replace('ï', 'i')), {
    kind: 'taken',
    ref: 'abc',
  })
  const [got] = smsc.submitted
  assert(got !== undefined)
  assert.deepEqual(
    [got.to, got.from, got.text, got.dataCoding, got.esmClass, got.registered],
    ['447700900123', 'Twostep', 'Ünique? No: €5 [ok]', 0, 0, 1],
  )
  const { pdu } = got
  assert.deepEqual([pdu.dest_addr_ton, pdu.dest_addr_npi, pdu.source_addr_ton, pdu.source_addr_npi], [1, 1, 5, 0])
  const valid = pdu.validity_period
  assert(valid instanceof Date)
})

test('a text that the default alphabet cannot write goes out in UCS-2', async () => {
  const smsc = await startSmsc()
  const text = '您的验证码是 123-456 😀'
  await send(providerOn(smsc.port), text)
  assert.deepEqual([smsc.submitted[0]?.text, smsc.submitted[0]?.dataCoding], [text, 8])
})

test('every text of the catalogue comes out at the other end as it went in', async () => {
  const smsc = await startSmsc()
  const provider = providerOn(smsc.port, { query: '&window=99' })
  const code = { channel: 'sms', code: '123456', product: 'Twostep', origin: 'two-step.example.com' } as const
  const texts = languages.map(({ tag }) => ownershipCodeText({ ...code, language: tag }))
  for (const text of texts) await send(provider, text)
  assert.equal(smsc.submitted.map(each => each.text).join(''), texts.join(''))
})

test('a longer text goes in parts that a phone joins, of which the last is reported on', async () => {
  const smsc = await startSmsc()
  const text = `${'x'.repeat(152)}€${'y'.repeat(20)}`
  assert.deepEqual(await send(providerOn(smsc.port), text), { kind: 'taken', ref: 'm2' })
  const [first, second_] = smsc.submitted
  assert(first !== undefined && second_ !== undefined)
  // The sign of two septets is not split.
  assert.deepEqual([first.text.length, second_.text], [152, `€${'y'.repeat(20)}`])
  assert.deepEqual([first.esmClass, first.registered, second_.registered], [0x40, 0, 1])
  assert.deepEqual(first.header.slice(3), [2, 1])
  assert.deepEqual(second_.header.slice(3), [2, 2])
  assert.equal(first.header[2], second_.header[2])
})

test('a line that takes long texts in one piece gets them so', async () => {
  const smsc = await startSmsc()
  const text = '验'.repeat(200)
  await send(providerOn(smsc.port, { query: '&long=payload' }), text)
  assert.deepEqual([smsc.submitted.length, smsc.submitted[0]?.text], [1, text])
})

test('parts are as many as the count says, none is too long, and together they are the text', () => {
  for (const text of ['', 'x'.repeat(160), 'x'.repeat(161), '€'.repeat(81), '验'.repeat(71), '😀'.repeat(80)]) {
    const { dataCoding, segments } = segmentsOf(text, 7)
    assert(segments.length >= smsLength(text).segments)
    for (const { bytes } of segments) assert(bytes.length <= (dataCoding === 0 ? 160 : 140), `${bytes.length}`)
    const bodies = segments.map(({ bytes, esmClass }) => (esmClass === 0 ? bytes : bytes.subarray(6)))
    if (dataCoding === 8) assert.equal(Buffer.concat(bodies).swap16().toString('utf16le'), text)
    // Each part is whole: no half of a sign, no escape at its end.
    for (const body of bodies) {
      if (dataCoding === 8) assert(Buffer.from(body).swap16().toString('utf16le').isWellFormed())
      else assert.notEqual(body.at(-1), 27)
    }
  }
})

test('what an SMSC answers says whether to come back later, to try another, or never to try this number', async () => {
  const answers = [
    [0x58, { kind: 'later', fault: 'throttled', wait: 2 * second }],
    [0x14, { kind: 'later', fault: 'queue_full', wait: 2 * second }],
    [0x64, { kind: 'later', fault: 'temporary', wait: 2 * second }],
    [0x0b, { kind: 'declined', fault: 'destination' }],
    [0x01, { kind: 'declined', fault: 'text_length' }],
    [0x0a, { kind: 'failed', fault: 'smpp_0a' }],
    [0x45, { kind: 'failed', fault: 'smpp_45' }],
    [0xff, { kind: 'failed', fault: 'smpp_ff' }],
  ] as const
  const smsc = await startSmsc({ submit: (_, count) => ({ status: answers[count - 1]?.[0] ?? 0 }) })
  const provider = providerOn(smsc.port)
  for (const [status, ending] of answers) assert.deepEqual(await send(provider), ending, `${status}`)
})

test('no more than a window of messages waits for answers, and places come free as they come', async () => {
  const held: (() => void)[] = []
  const smsc = await startSmsc({ submit: () => undefined })
  const provider = providerOn(smsc.port, { query: '&window=2' })
  const both = [send(provider), send(provider)]
  await smsc.until(() => smsc.submitted.length === 2)
  assert.deepEqual(await send(provider), { kind: 'later', fault: 'window_full', wait: second })
  for (const { pdu } of smsc.submitted) held.push(() => smsc.sessions[0]?.send(pdu.response({ message_id: 'x' })))
  for (const answer of held) answer()
  assert.deepEqual(await Promise.all(both), [
    { kind: 'taken', ref: 'x' },
    { kind: 'taken', ref: 'x' },
  ])
  const late = new AbortController()
  const third = send(provider, 'third', late.signal)
  await smsc.until(() => smsc.submitted.length === 3)
  late.abort()
  assert.deepEqual(await third, { kind: 'silent', fault: 'no_answer' })
})

test('a receipt finds its message, closes its delivery, and is acknowledged once it is stored', async () => {
  const smsc = await startSmsc({ submit: () => ({ id: 'ABC1' }) })
  const house = houseWith([providerOn(smsc.port)])
  await house.put()
  await house.at(begin)
  assert.deepEqual(await house.states(), ['waiting'])
  assert.equal(await smsc.receipt('ABC1', 'ENROUTE'), 0)
  assert.equal(await smsc.receipt('ABC1', 'DELIVRD'), 0)
  assert.equal(house.standings.rate('smpp', 'GB'), 1)
  await house.at(after(begin, minute))
  assert.deepEqual([await house.states(), await house.deliveries()], [[], 0])
})

test('receipts are read by their fields before their text, in hex or decimal, and never out of what somebody wrote', () => {
  const pdu = (fields: Partial<ReceivedPdu>) => ({ esm_class: 4, ...fields }) as ReceivedPdu
  const text = (message: string) => pdu({ short_message: { message } })
  const read = (each: ReceivedPdu, ids: 'same' | 'decimal' = 'same') => readDeliveryReceipt(each, ids)
  assert.deepEqual(read(text('id:7f sub:001 stat:UNDELIV err:001')), { ref: '7f', state: 'undelivered' })
  assert.deepEqual(read(text('ID:255 STAT:delivrd')), { ref: '255', state: 'delivered' })
  assert.deepEqual(read(text('id:255 stat:DELIVRD'), 'decimal'), { ref: 'ff', state: 'delivered' })
  const fields = { receipted_message_id: 'tlv', message_state: 5, short_message: { message: 'id:x stat:DELIVRD' } }
  assert.deepEqual(read(pdu(fields)), { ref: 'tlv', state: 'undelivered' })
  for (const stat of ['ACCEPTD', 'UNKNOWN', 'ENROUTE', '']) assert.equal(read(text(`id:1 stat:${stat}`)), undefined)
  assert.equal(read({ ...text('id:1 stat:DELIVRD'), esm_class: 0 }), undefined)
  assert.equal(read(text('stat:DELIVRD')), undefined)
  assert.equal(read(pdu({})), undefined)
})

test('a flood of receipts is held back: what is not in hand is to come later, and every message is still heard of', async () => {
  const smsc = await startSmsc()
  const provider = providerOn(smsc.port)
  const open = Promise.withResolvers<void>()
  let taken = 0
  provider.listen?.(async () => {
    taken += 1
    await open.promise
  })
  await send(provider)
  const flood = Array.from({ length: 200 }, (_, at) => smsc.receipt(`r${at}`, 'DELIVRD'))
  const refused = flood.slice(32)
  assert((await Promise.all(refused)).every(status => status === 0x64))
  assert.equal(taken, 32)
  open.resolve()
  assert((await Promise.all(flood.slice(0, 32))).every(status => status === 0))
  assert.equal(await smsc.receipt('again', 'DELIVRD'), 0)
})

test('a receipt that cannot be stored is not acknowledged', async () => {
  const smsc = await startSmsc()
  const provider = providerOn(smsc.port)
  provider.listen?.(() => Promise.reject(new Error('the database is away')))
  await send(provider)
  assert.equal(await smsc.receipt('x', 'DELIVRD'), 0x64)
})

test('a line that breaks is bound again, and what was under way may have been taken', async () => {
  const smsc = await startSmsc({ submit: (_, count) => (count === 1 ? undefined : { id: 'again' }) })
  const provider = providerOn(smsc.port)
  const lost = send(provider)
  await smsc.until(() => smsc.submitted.length === 1)
  smsc.sessions[0]?.destroy()
  assert.deepEqual(await lost, { kind: 'silent', fault: 'no_answer' })
  assert.deepEqual(await send(provider), { kind: 'taken', ref: 'again' })
  assert.deepEqual(provider.changes, ['bound', 'broken', 'bound'])
})

test('an SMSC that says goodbye is answered, and bound to again', async () => {
  const smsc = await startSmsc()
  const provider = providerOn(smsc.port)
  await send(provider)
  const answered = Promise.withResolvers<void>()
  smsc.sessions[0]?.unbind({}, () => answered.resolve())
  await answered.promise
  await smsc.until(heard => heard.filter(each => each === 'bind_transceiver').length === 2)
  assert.equal((await send(provider)).kind, 'taken')
})

test('a line on which nobody answers is found out and left, and one that is kept alive stays', async () => {
  let alive = true
  const smsc = await startSmsc({ alive: () => alive })
  const provider = providerOn(smsc.port, { enquireEvery: 15, patience: 200 })
  await smsc.until(heard => heard.filter(each => each === 'enquire_link').length > 4)
  assert.deepEqual(provider.changes, ['bound'])
  alive = false
  await smsc.until(heard => heard.filter(each => each === 'bind_transceiver').length === 2)
  assert.deepEqual(provider.changes.slice(0, 2), ['bound', 'broken'])
})

test('a bind that is refused, or never answered, is no line; it is tried again', async () => {
  const smsc = await startSmsc({ bind: () => 0x0e })
  const provider = providerOn(smsc.port)
  assert.deepEqual(await send(provider), { kind: 'failed', fault: 'not_bound' })
  assert(provider.changes.includes('bind_refused'))
  await smsc.until(heard => heard.filter(each => each === 'bind_transceiver').length > 2)
  provider.close?.()

  const hanging = await bytesServer(() => {})
  const stuck = providerOn(hanging.port, { patience: 30 })
  await hanging.connections(2)
  assert.deepEqual(stuck.changes[0], 'unreachable')
})

test('garbage, half a PDU and a PDU of four gigabytes end the line, not the program', async () => {
  for (const bytes of [
    Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
    Buffer.from([0xff, 0xff, 0xff, 0xff, 0x80, 0, 0, 9]),
    Buffer.from([0, 0, 0, 5, 1, 2, 3, 4, 5, 6, 7]),
    Buffer.alloc(4_096),
    Buffer.from([0, 0, 0, 20, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 65, 65, 65, 65]),
  ]) {
    const server = await bytesServer(socket => void socket.write(bytes))
    const provider = providerOn(server.port, { patience: 30 })
    await server.connections(2)
    provider.close?.()
    assert(!provider.changes.includes('bound'))
  }
})

test('a stop unbinds before it hangs up, and nothing is sent after it', async () => {
  const smsc = await startSmsc()
  const provider = providerOn(smsc.port)
  await send(provider)
  provider.close?.()
  await smsc.until(heard => heard.includes('close'))
  assert.deepEqual(smsc.heard.slice(-2), ['unbind', 'close'])
  assert.deepEqual(await send(provider), { kind: 'failed', fault: 'not_bound' })
})

test('with TLS the certificate is checked against the name, and no password is said to anybody else', async () => {
  const { cert, key } = certificate()
  const smsc = await startSmsc({ tls: { cert, key: key.reveal() } })
  assert.equal((await send(providerOn(smsc.port, { scheme: 'smpps', ca: cert }))).kind, 'taken')
  const heard = smsc.heard.length
  const strict = providerOn(smsc.port, { scheme: 'smpps' })
  assert.equal((await send(strict, 'a text', AbortSignal.timeout(100))).kind, 'failed')
  strict.close?.()
  assert(!smsc.heard.slice(heard).some(each => each.startsWith('bind')))
})

test('a code that an SMSC throttles leaves by another provider at once', async () => {
  const busy = await startSmsc({ submit: () => ({ status: 0x58 }) })
  const quick = await startSmsc()
  const house = houseWith([
    providerOn(busy.port, { query: '&name=busy' }),
    providerOn(quick.port, { query: '&rank=2' }),
  ])
  await house.put()
  await house.at(begin)
  assert.deepEqual([busy.submitted.length, quick.submitted[0]?.text], [1, code.text])
  assert.deepEqual(house.faults, ['busy throttled'])
})

/** A server that knows no SMPP. */
async function bytesServer(each: (socket: Socket) => void) {
  let count = 0
  let look = () => {}
  const sockets: Socket[] = []
  const server = createServer(socket => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.resume()
    count += 1
    each(socket)
    look()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterTests(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    port: (server.address() as AddressInfo).port,
    connections: (least: number) =>
      new Promise<void>(resolve => {
        look = () => {
          if (count >= least) resolve()
        }
        look()
      }),
  }
}
