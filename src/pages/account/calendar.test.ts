import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Instant } from '#core/kernel/instant.ts'
import { calendarFile } from './calendar.ts'

const file = calendarFile({
  at: Date.UTC(2027, 0, 18, 8, 0, 5) as Instant,
  now: Date.UTC(2027, 0, 15, 8, 0, 0) as Instant,
  summary: 'التحقق بخطوتين يمكن تفعيله الآن من صفحة الحساب، في أي متصفح',
  text: 'One; two, three\\four\nnext',
  url: 'https://id.example.org/account/set-up',
})

test('the date is one event in UTC with an alarm at its beginning', () => {
  assert.match(file, /^BEGIN:VCALENDAR\r\nVERSION:2\.0\r\n/)
  assert.match(file, /\r\nDTSTAMP:20270115T080000Z\r\nDTSTART:20270118T080005Z\r\n/)
  assert.match(file, /\r\nURL:https:\/\/id\.example\.org\/account\/set-up\r\n/)
  assert.match(file, /BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:PT0S\r\n/)
  assert.match(file, /END:VEVENT\r\nEND:VCALENDAR\r\n$/)
})

test('no line is longer than 75 octets, none cuts a sign through, and signs with a meaning are escaped', () => {
  for (const line of file.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line)
  const whole = file.replaceAll('\r\n ', '')
  assert.match(whole, /\r\nSUMMARY:التحقق بخطوتين يمكن تفعيله الآن من صفحة الحساب، في أي متصفح\r\n/)
  assert.match(whole, /\r\nDESCRIPTION:One\\; two\\, three\\\\four\\nnext\r\n/)
  assert.doesNotMatch(file.replaceAll('\r\n', ''), /[\r\n]/)
})
