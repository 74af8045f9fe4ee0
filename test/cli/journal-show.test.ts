import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { createAccount } from '#core/account/account.ts'
import { limits } from '#core/throttle/limits.ts'
import { folderFor, twostep } from './command.ts'
import { causeAt, changeNumber, claimAt, idAt, inFolder, makeNumber, start } from './stored.ts'

const kept = mkdtempSync(join(tmpdir(), 'twostep-show-'))
after(() => rmSync(kept, { recursive: true, force: true }))

before(async () => {
  const { store, records } = await inFolder(kept)
  const id = await makeNumber(records, 123)
  await changeNumber(records, id, document => document, [{ kind: 'pin.set', claim: claimAt(123) }])
  await changeNumber(records, id, document => document, [
    { kind: 'pin.guess_spent', claim: claimAt(123), for: 'registration' },
    { kind: 'pin.wrong', claim: claimAt(123), for: 'registration' },
  ])
  const address = { address: 'ada@example.com', confirmedAt: start }
  const made = { id: accountId, application: undefined, addresses: [address] }
  const document = createAccount({ ...made, password: { verifier: 'none', weak: false } }, start, limits.strict)
  const from = { place: 'Lisbon', agent: 'Firefox on Linux' }
  const events = [{ kind: 'account.created' }, { kind: 'password.wrong', side: 'stranger', from }] as const
  const unborn = records.unborn('account', accountId, document)
  await records.commit(unborn, { document, events, messages: [] }, causeAt(start))
  await store.close()
})

const accountId = 'a'.repeat(32)

const show = (stdin: string, ...args: string[]) => twostep(kept, ['journal', 'show', ...args], { stdin })

test('the number comes in by standard input, however it is spelled, and its events are told in words', async () => {
  const { code, out, err } = await show('+44 (0)7700 900-123\n')
  assert.deepEqual([code, err], [0, ''])
  const [head = '', ...events] = out.trimEnd().split('\n')
  assert.equal(head, `+44 •••• ••••23, number ${idAt(123)}: 4 events`)
  assert.deepEqual(
    events,
    [
      'the number was added',
      'a PIN was set: two-step verification is on',
      'a guess at the PIN was counted, to register',
      'the PIN was wrong, to register',
    ].map(words => `  2027-01-15T08:00:00.000Z  graph  ${words}  (${claimAt(123)})`),
  )
})

test('a phone-number id finds the same, and as JSON', async () => {
  const { code, json } = await show('', '--json', '--phone-number-id', claimAt(123))
  assert.equal(code, 0)
  const { id, number, events } = json() as { id: string; number: string; events: { event: unknown }[] }
  assert.deepEqual([id, number, events.length], [idAt(123), '+44 •••• ••••23', 4])
  assert.deepEqual(events[3]?.event, { kind: 'pin.wrong', claim: claimAt(123), for: 'registration' })
})

test('a number that nobody added, or an id of nothing, is not found', async () => {
  for (const said of [await show('+447700900999'), await show('', '--phone-number-id', '1')]) {
    assert.deepEqual([said.code, said.out], [1, 'Nothing is kept about this number.\n'])
  }
})

test('an account is found by its address from standard input, or by its id, and told in words', async () => {
  const { code, out, err } = await show('Ada@Example.com\n', '--account')
  assert.deepEqual([code, err], [0, ''])
  assert.deepEqual(out.trimEnd().split('\n'), [
    `account ${accountId}: 2 events`,
    '  2027-01-15T08:00:00.000Z  graph  the account was created',
    '  2027-01-15T08:00:00.000Z  graph  the password was wrong on a new browser (Firefox on Linux, Lisbon)',
  ])
  const byId = await show('', '--json', '--account-id', accountId)
  const { id, events } = byId.json() as { id: string; events: { words: string }[] }
  assert.deepEqual([byId.code, id, events[0]?.words], [0, accountId, 'the account was created'])
})

test('an account that nobody made is not found, and an address as an argument is refused', async () => {
  for (const said of [await show('bob@example.com', '--account'), await show('', '--account-id', '1')]) {
    assert.deepEqual([said.code, said.out], [1, 'Nothing is kept about this account.\n'])
  }
  const { code, err } = await show('', '--account', 'ada@example.com')
  assert.equal(code, 2)
  assert.match(err, /^An e-mail address is not taken as an argument/)
  assert(!err.includes('ada@'))
})

test('a number as an argument is refused, and not repeated', async () => {
  const { code, out, err } = await show('', '+447700900123')
  assert.deepEqual([code, out], [2, ''])
  assert.match(err, /not taken as an argument: it would stay in the shell’s history/)
  assert(!err.includes('7700900123'))
})

test('what is no number is refused, and so is silence', async () => {
  const [wrong, silent] = await Promise.all([show('07700 900123'), show('')])
  assert.match(wrong.err, /That is no phone number\.\nWrite it with \+ and its country code/)
  assert.match(silent.err, /^No answer: Phone number/)
  assert.deepEqual([wrong.code, silent.code], [2, 2])
})

test('an event that does not open is not shown as if nothing were', async t => {
  const folder = folderFor(t, kept)
  const db = new DatabaseSync(join(folder, 'twostep.db'))
  db.exec('UPDATE journal SET body = (SELECT body FROM journal WHERE sequence = 1) WHERE sequence = 2')
  db.close()
  const { code, out, err } = await twostep(folder, ['journal', 'show'], { stdin: '+447700900123' })
  assert.deepEqual([code, out], [2, ''])
  assert.match(err, /does not open\.\nRun {2}twostep journal verify/)
})
