import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { instantAt } from '#core/kernel/instant.ts'
import { seededDice, systemDice } from './dice.ts'
import { createKeyFile, readKeys } from './key-file.ts'
import { type KeyRing, type KeyRingTrouble, KeyRingUnusable, memoryKeyRing, openKeyRing } from './key-ring.ts'

const now = instantAt(1_767_225_600_000)

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'twostep-key-ring-'))
  t.after(() => rmSync(made, { recursive: true }))
  return made
}

function openAt(file: string, create = true): KeyRing {
  return openKeyRing({ file, create, dice: systemDice, now })
}

/** Checks that `act` is refused for `reason` with words that hold each of `words` and nothing of a root in the file. */
function refused(act: () => unknown, reason: KeyRingTrouble, ...words: string[]): void {
  assert.throws(act, (error: unknown) => {
    assert.ok(error instanceof KeyRingUnusable, String(error))
    assert.equal(error.reason, reason)
    for (const word of words) assert.ok(error.message.includes(word), `${word} in: ${error.message}`)
    assert.equal(error.cause, undefined)
    return true
  })
}

const states = (ring: KeyRing): Record<string, string> =>
  Object.fromEntries(ring.keys().map(key => [key.id, key.state]))

test('the first start makes the file for its owner only, in a folder for its owner only, and leaves nothing else', t => {
  const place = join(folder(t), 'data', 'keys')
  const ring = openAt(join(place, 'keyring.json'))
  assert.equal(statSync(place).mode & 0o777, 0o700)
  assert.equal(statSync(join(place, 'keyring.json')).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(place), ['keyring.json'])
  assert.match(ring.active().id, /^k[0-9a-z]{5}$/)
  assert.equal(ring.active().createdAt, now)
})

test('the second start finds the keys of the first', t => {
  const file = join(folder(t), 'keyring.json')
  const first = openAt(file)
  const second = openAt(file, false)
  assert.equal(second.active().id, first.active().id)
  assert.ok(second.active().seal.equals(first.active().seal))
})

test('of two first starts at once, both go on with the same keys', t => {
  const file = join(folder(t), 'keyring.json')
  const [one, other] = ['one', 'other'].map(seed => {
    const text = memoryKeyRing({ dice: seededDice(seed), now })
    return { id: text.active().id, state: 'active' as const, createdAt: now, root: seededDice(seed).bytes(32) }
  })
  assert.ok(one !== undefined && other !== undefined)
  createKeyFile(file, [one], 'aa')
  createKeyFile(file, [other], 'bb')
  assert.equal(openAt(file, false).active().id, one.id)
  assert.deepEqual(readdirSync(join(file, '..')), ['keyring.json'])
})

test('a missing file is refused where none may be made, with the command that makes one', t => {
  const file = join(folder(t), 'keyring.json')
  refused(() => openAt(file, false), 'missing', file, 'twostep init', 'backup')
  assert.deepEqual(readdirSync(join(file, '..')), [])
})

test('a file that others may read or write is refused, with the line that closes it', t => {
  const file = join(folder(t), 'keyring.json')
  openAt(file)
  for (const mode of [0o640, 0o604, 0o620, 0o602, 0o644, 0o666]) {
    chmodSync(file, mode)
    refused(() => openAt(file), 'open_to_others', `chmod 600 ${file}`, mode.toString(8))
  }
  chmodSync(file, 0o400)
  openAt(file)
})

test('a name that leads to the file elsewhere is followed, and judged by where it leads', t => {
  const place = folder(t)
  openAt(join(place, 'real.json'))
  symlinkSync(join(place, 'real.json'), join(place, 'keyring.json'))
  openAt(join(place, 'keyring.json'), false)
  chmodSync(join(place, 'real.json'), 0o644)
  refused(() => openAt(join(place, 'keyring.json'), false), 'open_to_others')
})

test('what is not a file is refused', t => {
  const file = join(folder(t), 'keyring.json')
  mkdirSync(file, { mode: 0o700 })
  refused(() => openAt(file), 'damaged', 'regular file')
})

test('a key goes from joining to active to leaving to retired, and every step is in the file', t => {
  const file = join(folder(t), 'keyring.json')
  const ring = openAt(file)
  const other = openAt(file)
  const first = ring.active().id
  const second = ring.addJoining(now)
  assert.deepEqual(states(ring), { [first]: 'active', [second]: 'joining' })
  assert.deepEqual(states(other), { [first]: 'active' })
  other.reload()
  assert.deepEqual(states(other), states(ring))

  ring.promote(second)
  assert.equal(ring.active().id, second)
  assert.deepEqual(states(openAt(file)), { [first]: 'leaving', [second]: 'active' })
  ring.retire(first)
  assert.deepEqual(states(openAt(file)), { [first]: 'retired', [second]: 'active' })
  assert.deepEqual(
    ring.indexing().map(key => key.id),
    [second],
  )
  ring.remove(first)
  assert.deepEqual(states(openAt(file)), { [second]: 'active' })
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(join(file, '..')), ['keyring.json'])
})

test('a step goes from what is in the file, not from what this process read long ago', t => {
  const file = join(folder(t), 'keyring.json')
  const stale = openAt(file)
  const first = stale.active().id
  const other = openAt(file)
  const second = other.addJoining(now)
  stale.promote(second)
  assert.deepEqual(states(stale), { [first]: 'leaving', [second]: 'active' })
  refused(() => other.promote(second), 'wrong_state', second, 'active')
})

test('a step that does not fit is refused and changes nothing', t => {
  const file = join(folder(t), 'keyring.json')
  const ring = openAt(file)
  const first = ring.active().id
  const joining = ring.addJoining(now)
  const before = readFileSync(file, 'utf8')
  refused(() => ring.remove(first), 'wrong_state', first, 'is active')
  refused(() => ring.retire(first), 'wrong_state', 'leaving')
  refused(() => ring.promote(first), 'wrong_state')
  refused(() => ring.addJoining(now), 'wrong_state', joining)
  refused(() => ring.retire(joining), 'wrong_state')
  refused(() => ring.promote('kzzzzz'), 'unknown_key', 'kzzzzz', file)
  assert.equal(readFileSync(file, 'utf8'), before)
  assert.deepEqual(readdirSync(join(file, '..')), ['keyring.json'])
  ring.promote(joining)
  refused(() => ring.remove(first), 'wrong_state', 'is leaving')
})

test('a key that never became active can be taken out again', t => {
  const ring = openAt(join(folder(t), 'keyring.json'))
  const joining = ring.addJoining(now)
  ring.remove(joining)
  refused(() => ring.key(joining), 'unknown_key', joining, ring.place)
})

test('a change is refused while another process is at one, with the line that frees it', t => {
  const file = join(folder(t), 'keyring.json')
  const ring = openAt(file)
  writeFileSync(`${file}.new`, 'half', { mode: 0o600 })
  refused(() => ring.addJoining(now), 'busy', `rm ${file}.new`)
  assert.equal(ring.keys().length, 1)
  openAt(file)
})

test('whoever is reading the file while it changes reads the old one, whole', t => {
  const file = join(folder(t), 'keyring.json')
  const ring = openAt(file)
  const before = readFileSync(file, 'utf8')
  const reading = openSync(file, 'r')
  t.after(() => closeSync(reading))
  ring.addJoining(now)
  assert.equal(readFileSync(reading, 'utf8'), before)
  assert.notEqual(readFileSync(file, 'utf8'), before)
})

test('a process killed while it rotates leaves the key ring whole, and its keys in it', {
  timeout: 30_000,
}, async t => {
  const file = join(folder(t), 'keyring.json')
  const first = openAt(file).active().id
  const rotateForever = `
    import { openKeyRing } from ${JSON.stringify(import.meta.resolve('./key-ring.ts'))}
    import { systemDice } from ${JSON.stringify(import.meta.resolve('./dice.ts'))}
    const ring = openKeyRing({ file: ${JSON.stringify(file)}, create: false, dice: systemDice, now: 0 })
    for (;;) {
      const before = ring.active().id
      ring.promote(ring.addJoining(0))
      ring.retire(before)
      ring.remove(before)
      process.stdout.write(ring.active().id)
    }`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', rotateForever], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  await Promise.race([once(child.stdout, 'data'), ended])
  child.kill('SIGKILL')
  await ended
  const ring = openAt(file, false)
  assert.notEqual(ring.active().id, first)
  rmSync(`${file}.new`, { force: true })
  ring.promote(ring.keys().find(key => key.state === 'joining')?.id ?? ring.addJoining(now))
})

test('when reading again fails, the ring goes on with what it knew', t => {
  const file = join(folder(t), 'keyring.json')
  const ring = openAt(file)
  const { id } = ring.active()
  writeFileSync(file, '{ "format"')
  refused(() => ring.reload(), 'damaged', 'not JSON')
  assert.equal(ring.active().id, id)
  rmSync(file)
  refused(() => ring.reload(), 'missing')
  assert.equal(ring.active().id, id)
})

test('no message about a damaged file repeats a piece of it', t => {
  const file = join(folder(t), 'keyring.json')
  openAt(file)
  const text = readFileSync(file, 'utf8')
  const root = /"root":"([^"]+)"/.exec(text)?.[1] ?? ''
  assert.equal(root.length, 44)
  for (let cut = 1; cut < text.length - 1; cut++) {
    let message = ''
    try {
      readKeys(text.slice(0, cut) + text.slice(cut + 1), file)
    } catch (error) {
      message = String(error) + JSON.stringify(error)
    }
    for (let at = 0; at + 6 <= root.length; at++) assert.ok(!message.includes(root.slice(at, at + 6)), message)
  }
})

test('the keys of one root have nothing in common, and two roots share none', () => {
  const ring = memoryKeyRing({ dice: seededDice('derivation'), now })
  ring.addJoining(now)
  const bytes = ring
    .keys()
    .flatMap(({ seal, index, pepper, code, signing }) => [
      ...[seal, index, pepper, code].map(key => key.export().toString('hex')),
      signing.export({ format: 'der', type: 'pkcs8' }).subarray(-32).toString('hex'),
    ])
  assert.equal(new Set(bytes).size, 10)
})
