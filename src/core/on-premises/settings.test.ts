import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allSettings, changeSettings, readWhole } from './settings.ts'

test('what nobody set has its default, and a change leaves the rest as it was', () => {
  const first = changeSettings({}, { webhooks: { url: 'https://bakery.example/hook' }, sent_status: 'true' })
  assert(first.kind === 'changed')
  const second = changeSettings(first.next, { webhooks: { max_concurrent_requests: '12' }, heartbeat_interval: 7 })
  assert(second.kind === 'changed')
  const all = allSettings(second.next)
  assert.deepEqual(all.webhooks, { max_concurrent_requests: 12, url: 'https://bakery.example/hook' })
  assert.deepEqual([all.sent_status, all.heartbeat_interval, all.callback_persist], [true, 7, true])
  assert.deepEqual(Object.keys(all), Object.keys(allSettings({})))
})

test('a setting that there is not, and a value that it may not have, change nothing', () => {
  const wrong: [given: Record<string, unknown>, kind: string, name: string][] = [
    [{ sent_status: true, colour: 'red' }, 'unknown', 'colour'],
    [{ constructor: 1 }, 'unknown', 'constructor'],
    [{ webhooks: { secret: 'x' } }, 'unknown', 'webhooks.secret'],
    [{ webhooks: 'https://bakery.example' }, 'wrong', 'webhooks'],
    [{ webhooks: { url: 'file:///etc/passwd' } }, 'wrong', 'webhooks.url'],
    [{ webhooks: { url: 'https://bakery.example/\r\nX: y' } }, 'wrong', 'webhooks.url'],
    [{ webhooks: { url: `https://bakery.example/${'x'.repeat(2_001)}` } }, 'wrong', 'webhooks.url'],
    [{ webhooks: { max_concurrent_requests: 7 } }, 'wrong', 'webhooks.max_concurrent_requests'],
    [{ media: { auto_download: ['image', 'malware'] } }, 'wrong', 'media.auto_download'],
    [{ media: { auto_download: 'image' } }, 'wrong', 'media.auto_download'],
    [{ sent_status: 'yes' }, 'wrong', 'sent_status'],
    [{ sent_status: null }, 'wrong', 'sent_status'],
    [{ heartbeat_interval: 0 }, 'wrong', 'heartbeat_interval'],
    [{ heartbeat_interval: 1.5 }, 'wrong', 'heartbeat_interval'],
    [{ heartbeat_interval: '１５' }, 'wrong', 'heartbeat_interval'],
  ]
  for (const [given, kind, name] of wrong) assert.deepEqual(changeSettings({}, given), { kind, name })
})

test('a whole number is read from digits of ASCII and from nothing else', () => {
  assert.deepEqual([readWhole(8), readWhole('8'), readWhole('08')], [8, 8, 8])
  for (const value of ['', ' 8', '8 ', '+8', '-8', '0x8', '1e3', '８', 8.5, Number.NaN, true, [8], null, undefined]) {
    assert.equal(readWhole(value), undefined)
  }
})
