// What a line of the log shows, and what never gets into one.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog, idForLog, type Log, type LogLevel } from '#observe/log.ts'
import { Secret } from '#secrets/secret.ts'

const opened = (options: { level?: LogLevel; stacks?: boolean } = {}): { log: Log; lines: () => unknown[] } => {
  const written: string[] = []
  const log = createLog({
    level: options.level ?? 'trace',
    now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6),
    stacks: options.stacks ?? false,
    to: { write: (line: string) => void written.push(line) },
  })
  return { log, lines: () => written.map(line => JSON.parse(line)) }
}

test('an event is one line of JSON with its time, its level as a word and its fields', () => {
  const { log, lines } = opened()
  log.info('request served', {
    requestId: idForLog('0f3c-1'),
    status: 201,
    cached: false,
    door: 'rest',
    list: [1, 'a'],
  })
  log.with({ requestId: idForLog('r2') }).warn('slow', { tookMs: 12.5 })
  const time = '2026-01-02T03:04:05.006Z'
  assert.deepEqual(lines(), [
    {
      level: 'info',
      time,
      requestId: '0f3c-1',
      status: 201,
      cached: false,
      door: 'rest',
      list: [1, 'a'],
      msg: 'request served',
    },
    { level: 'warn', time, requestId: 'r2', tookMs: 12.5, msg: 'slow' },
  ])
})

test('each line has the moment it was written at, to the millisecond, also when the clock is set back', () => {
  const moments = [-1, 0, 7, 999, 1000, 999.9, 86_400_000, 5, Date.UTC(2026, 11, 31, 23, 59, 59, 999)]
  let at = 0
  const written: string[] = []
  const to = { write: (line: string) => void written.push(line) }
  const log = createLog({ level: 'info', now: () => at, stacks: false, to })
  for (const moment of moments) {
    at = moment
    log.info('x')
  }
  const times = written.map(line => (JSON.parse(line) as { time: string }).time)
  assert.deepEqual(
    times,
    moments.map(moment => new Date(Math.floor(moment)).toISOString()),
  )
})

test('a level writes itself and what is graver', () => {
  const { log, lines } = opened({ level: 'error' })
  log.warn('no')
  log.error('yes')
  log.fatal('yes')
  assert.equal(lines().length, 2)
})

test('a secret prints as sealed wherever it stands', () => {
  const { log, lines } = opened({ stacks: true })
  const secret = Secret.of('open-sesame')
  log.with({ bound: { secret } }).error('odd', {
    secret,
    nested: { list: [secret, { secret }] },
    error: Object.assign(new Error(`with ${secret}`, { cause: secret }), { secret, pin: 'open-sesame' }),
    many: new AggregateError([secret, 'open-sesame', new Error('inner')], 'many'),
  })
  const [line] = lines()
  const text = JSON.stringify(line)
  assert(!text.includes('sesame'), text)
  assert.equal(text.match(/\[sealed\]/g)?.length, 8, text)
})

test('free text does not compile', () => {
  const { log, lines } = opened()
  const number: string = 'a text from outside'
  const branded = '1' as string & { readonly brand: true }
  // @ts-expect-error a message is written in the code
  log.info(number)
  // @ts-expect-error a field holds no free text
  log.info('x', { number })
  // @ts-expect-error nor deep inside
  log.info('x', { deep: [{ number }] })
  // @ts-expect-error nor put together from parts
  log.info('x', { at: `to ${number}` as const })
  // @ts-expect-error a phone number with a type of its own is still a phone number
  log.info('x', { branded })
  // @ts-expect-error nor bound to a child
  log.with({ number })
  log.info('x', { how: number.length > 3 ? 'long' : 'short', id: idForLog(number) })
  assert.equal(lines().length, 6)
})

test('an id that does not look like one is not written', () => {
  assert.equal(idForLog('8c1f6b1e-0000-4000-8000-123456789abc'), '8c1f6b1e-0000-4000-8000-123456789abc')
  assert.equal(idForLog('/api/v1/numbers/:number/pin'), '/api/v1/numbers/:number/pin')
  for (const odd of ['', 'two words', '/+4915112345678', 'a@b.example', '+4915112345678', 'x'.repeat(129)])
    assert.equal(idForLog(odd), 'odd')
})

test('an error shows its name, message, code and causes; its stack in the sandbox only', () => {
  const error = Object.assign(new TypeError('no disk', { cause: new Error('EIO') }), { code: 'EIO', fd: 3 })
  const [production, sandbox] = [opened(), opened({ stacks: true })]
  production.log.error('failed', { error })
  sandbox.log.error('failed', { error })
  const shown = { name: 'TypeError', message: 'no disk', code: 'EIO', causes: [{ name: 'Error', message: 'EIO' }] }
  const [line] = production.lines() as [{ error: object }]
  assert.deepEqual(line.error, shown)
  const [full] = sandbox.lines() as [{ error: { stack: string } }]
  assert.match(full.error.stack, /log\.test\.ts/)
})

test('what slips through the types is blanked: numbers, addresses, codes, tokens', () => {
  const { log, lines } = opened({ stacks: true })
  log.error('failed', {
    error: new Error('cannot send 123456 to +49 151 12345678 or ada@example.org, EAAGm0PX4ZCpsBAKJ'),
  })
  const text = JSON.stringify(lines())
  for (const part of ['123456', '151', 'ada', 'EAAG']) assert(!text.includes(part), text)
  const cast = opened()
  cast.log.info('x', { to: '+4915112345678' as '+' })
  cast.log.with({ to: '+4915112345678' as '+' }).info('y')
  assert.deepEqual(
    cast.lines().map(line => (line as { to: string }).to),
    ['[scrubbed]', '[scrubbed]'],
  )
})

test('a field cannot pose as the line’s own, hold a class, a loop or a flood', () => {
  const { log, lines } = opened()
  const loop: { self?: object } = {}
  loop.self = loop
  const odd = { time: 1, level: 2, msg: 'm', bytes: Buffer.from('key'), loop, long: 'x'.repeat(1e6), run: () => 1 }
  log.info('x', odd as unknown as { time: number })
  const [line] = lines() as [Record<string, unknown>]
  assert.deepEqual([line.time, line.level, line.msg], ['2026-01-02T03:04:05.006Z', 'info', 'x'])
  assert.equal(line.bytes, '[object]')
  assert(JSON.stringify(line).length < 3_000)
})
