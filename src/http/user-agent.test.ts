// What a browser says of itself, in words for its owner.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agentOf } from './user-agent.ts'

const known = {
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0': 'Firefox on Linux',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0':
    'Edge on Windows',
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0 Mobile Safari/537.36':
    'Chrome on Android',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15':
    'Safari on macOS',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1':
    'Safari on iPhone',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 CriOS/138.0 Mobile/15E148 Safari/604.1':
    'Chrome on iPhone',
  'curl/8.14.1': 'curl',
  'okhttp/5.0': 'an Android app',
}

test('browsers and systems are named as people know them', () => {
  for (const [header, name] of Object.entries(known)) assert.equal(agentOf(header), name)
})

test('nobody puts words of their own before the owner’s eyes', () => {
  for (const header of [undefined, '', 'Your account is locked, call +1 555 0100', '\u202eFirefox']) {
    assert.equal(agentOf(header), '')
  }
  assert.equal(agentOf(`${'x'.repeat(600)} Firefox/140.0`), '')
})
