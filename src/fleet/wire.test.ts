import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hour, instantAt, minute } from '#core/kernel/instant.ts'
import { Secret } from '#secrets/secret.ts'
import type { NeedKind } from './needs.ts'
import { newNumber } from './number.ts'
import { serverTime } from './server-time.ts'
import { openWire } from './wire.ts'

const machine = { now: () => instantAt(Date.now()) }
const number = newNumber('106540352242922', Secret.of('EAAG'))

/** What comes of setting a PIN when the server answers this. */
async function answered(status: number, body: unknown, headers: Record<string, string> = {}) {
  const time = serverTime(machine)
  const fetch = async () =>
    typeof body === 'string' ? new Response(body, { status }) : Response.json(body, { status, headers })
  const wire = openWire({ server: 'http://127.0.0.1:8022', time, machine, fetch })
  return { time, answer: await wire.setPin(number, Secret.of('493816')), look: () => wire.look(number) }
}

const refusal = (code: number, error_subcode?: number) => ({
  error: {
    message: `(#${code}) PIN 493816`,
    type: 'OAuthException',
    code,
    error_subcode,
    is_transient: true,
    fbtrace_id: 'A',
  },
})

test('each refusal of Graph is what stands in the way, whatever its status says; what is not certain is unanswered', async () => {
  const cases: readonly (readonly [code: number, kind: NeedKind, subcode?: number])[] = [
    ...([
      [190, 'token'],
      [104, 'token'],
      [10, 'permission'],
      [200, 'permission'],
      [219, 'permission'],
    ] as const),
    ...([
      [33, 'missing'],
      [100, 'missing', 33],
      [803, 'missing'],
      [100, 'refused'],
      [100, 'display_name', 2388001],
    ] as const),
    ...([
      [133005, 'pin_elsewhere'],
      [133006, 'not_proved'],
      [133008, 'guesses'],
      [133009, 'guesses'],
    ] as const),
    ...([
      [133010, 'not_registered'],
      [133015, 'deleted_recently'],
      [133016, 'registration_limit'],
    ] as const),
    ...([
      [131031, 'locked'],
      [368, 'locked'],
      [4, 'slow_down'],
      [17, 'slow_down'],
      [80007, 'slow_down'],
    ] as const),
    ...([[130429, 'slow_down']] as const),
  ]
  for (const [code, kind, subcode] of cases) {
    for (const status of [400, 429, 500]) {
      const { answer } = await answered(status, refusal(code, subcode))
      assert.ok(answer.kind === 'refused', String(code))
      assert.deepEqual([answer.need.kind, answer.need.code], [kind, code])
    }
  }
  for (const [status, body] of [
    ...([1, 2, 131000, 133000, 133004, 999_999].map(code => [500, refusal(code)]) as [number, unknown][]),
    ...([
      [502, '<html>Bad gateway'],
      [200, { success: false }],
      [200, {}],
    ] as [number, unknown][]),
  ]) {
    const { answer } = await answered(status, body)
    assert.ok(answer.kind === 'unanswered' && answer.reached, JSON.stringify(body))
  }
})

test('until when nothing helps is told by the server’s time, not by this machine’s', async () => {
  const date = new Date(Date.now() - 2 * hour).toUTCString()
  const { answer, time } = await answered(400, refusal(133016), { date, 'retry-after': '3600' })
  assert.ok(answer.kind === 'refused' && answer.need.until !== undefined)
  assert.ok(Math.abs(answer.need.until - (Date.now() - hour)) < minute)
  assert.ok(Math.abs((time.offset() ?? 0) + 2 * hour) < minute)
  const near = await answered(200, { success: true }, { date: new Date(Date.now() - 2_000).toUTCString() })
  assert.equal(near.time.offset(), 0)
})

test('what a server calls a number is digits on the screen, whatever it sends', async () => {
  const { look } = await answered(200, {
    id: '1',
    display_phone_number: '\u001b[2J+44 7700 900123\n\u202eevil',
    status: 'CONNECTED',
  })
  const seen = await look()
  assert.ok(seen.kind === 'done')
  assert.deepEqual(
    [seen.look.number, seen.look.standing, seen.look.hasPin, seen.look.isOnPhone],
    ['2+44 7700 900123', 'registered', undefined, false],
  )
})
