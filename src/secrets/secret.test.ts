import assert from 'node:assert/strict'
import { test } from 'node:test'
import { format, inspect } from 'node:util'
import { Secret } from './secret.ts'

test('a secret is sealed in every way of printing it, and only reveal gives its text', () => {
  const secret = Secret.of('493017')
  const printed = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ deep: [secret] }, { showHidden: true, depth: 9 }),
    format('%s %o %j', secret, secret, secret),
    JSON.stringify(Object.entries(secret)),
    JSON.stringify({ ...secret }),
    inspect(structuredClone(secret)),
    new Error(`wrong: ${secret}`).message,
  ]
  for (const text of printed) assert.ok(!text.includes('493017'), text)
  assert.equal(`${secret}`, '[sealed]')
  assert.equal(JSON.stringify([secret]), '["[sealed]"]')
  assert.equal(inspect(secret), '[sealed]')
  assert.equal(secret.reveal(), '493017')
})
