// The command as a person runs it, killed at every step of what it writes and sends, against a running sandbox; then run
// again, and its PIN held to the server by a registration.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { newNumber } from '#fleet/number.ts'
import { candidates } from '#fleet/pin-state.ts'
import { openVault, readVault } from '#fleet/vault.ts'
import { systemDice } from '#secrets/dice.ts'
import { Secret } from '#secrets/secret.ts'
import { call, newBusiness, startSandbox, verifiedNumber } from '#test/faces/sandbox.ts'
import { fleet, fleetFolder, newVault, passphrase } from './house.ts'

const folder = fleetFolder(after)
const sandbox = await startSandbox()
after(() => sandbox[Symbol.asyncDispose]())
const { url } = sandbox
const bakery = await newBusiness(url)
const old = '493816'
let numbers = 0

const register = (id: string, pin: string) =>
  call(url, 'POST', `/v25.0/${id}/register`, { token: bakery.token, body: { messaging_product: 'whatsapp', pin } })

type House = { readonly file: string; readonly id: string }

/** A vault with one number: registered with the PIN `old`, which the vault knows; or proved, and not registered yet. */
async function house(isRegistered: boolean): Promise<House> {
  numbers += 1
  const id = await verifiedNumber(url, bakery, String(7_700_900_400 + numbers))
  const file = await newVault(join(folder, `${id}.vault`), url)
  using vault = await openVault(file, passphrase, systemDice)
  const number = newNumber(id, Secret.of(bakery.token))
  if (isRegistered) assert.equal((await register(id, old)).status, 200)
  vault.save(isRegistered ? { ...number, pin: { kind: 'kept', pin: Secret.of(old), from: 'imported' } } : number)
  return { file, id }
}

/** Runs `twostep fleet` as a process of its own with a step at which it dies; see kill-at.ts. */
function runUntil(step: string, args: readonly string[]): Promise<{ readonly ended: unknown; readonly err: string }> {
  const child = spawn(
    process.execPath,
    ['--import', './test/fleet/kill-at.ts', 'src/cli/twostep.js', 'fleet', ...args],
    {
      env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, STEP: step },
      stdio: ['pipe', 'ignore', 'pipe'],
    },
  )
  let err = ''
  child.stderr.on('data', (piece: Buffer) => {
    err += piece.toString()
  })
  child.stdin.on('error', () => {})
  child.stdin.end(`${passphrase.reveal()}\n`)
  return new Promise(resolve => child.once('close', (code, signal) => resolve({ ended: signal ?? code, err })))
}

const pinsOf = async (file: string, id: string): Promise<readonly string[]> => {
  const number = (await readVault(file, passphrase)).numbers.get(id)
  return number === undefined ? [] : candidates(number.pin).map(pin => pin.reveal())
}

// Steps 1 to 3 are those of a look: nothing is written or changed before them. 4 to 7: the new PIN is written down. 8 to 10:
// it is sent. 11 to 14: that it is in force is written down.
const [firstWrite, onItsWay, done, lastStep] = [4, 9, 10, 14]
const steps = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)

/** Each on a number of its own, two at once. */
async function killAt(steps: readonly number[], command: readonly string[], each: (step: number) => Promise<House>) {
  const left = [...steps]
  const worker = async (): Promise<void> => {
    for (let step = left.shift(); step !== undefined; step = left.shift()) {
      const { file, id } = await each(step)
      const { ended, err } = await runUntil(`kill:${step}`, [...command, '--vault', file])
      assert.equal(ended, 'SIGKILL', `step ${step}: ${err}`)
      const again = await fleet([...(command[0] === 'rotate' ? ['rotate', '--resume'] : command), '--vault', file])
      assert.deepEqual([again.code, again.err], [0, ''], `step ${step}: ${again.out}`)
      const [pin = '', ...others] = await pinsOf(file, id)
      assert.deepEqual(others, [])
      assert.equal((await register(id, pin)).status, 200, `step ${step}: the PIN that is kept is not in force`)
      // Before the rename nothing had changed: the old PIN is kept, and in force.
      if (command[0] === 'rotate') assert.equal(pin === old, step < firstWrite + 3, `step ${step}`)
    }
  }
  await Promise.all([worker(), worker()])
}

test('a rotation that is killed at any step goes on when it is run again, and the PIN it then keeps is in force', async () => {
  const whole = await house(true)
  const command = ['rotate', '--older-than', '0d']
  const { ended } = await runUntil(`kill:${lastStep + 1}`, [...command, '--vault', whole.file])
  assert.equal(ended, 0, 'there are more steps than are killed at')
  await killAt(steps(firstWrite, lastStep), command, () => house(true))
})

test('a first registration that is killed while it is sent is gone through with, and its PIN is in force', async () => {
  await killAt([onItsWay], ['register'], () => house(false))
})

test('on a full disk nothing is sent that is not written down, and what was sent is settled once there is room', async () => {
  // While the new PIN is written down, and when it is in force and that is to be written down.
  for (const [step, sent] of [
    [firstWrite + 1, false],
    [done + 1, true],
  ] as const) {
    const { file, id } = await house(true)
    const { ended, err } = await runUntil(`full:${step}`, ['rotate', '--older-than', '0d', '--vault', file])
    assert.equal(ended, 2)
    assert.match(err, /cannot be written \(ENOSPC\).*\n.*run this again/)
    assert.equal((await register(id, old)).status, sent ? 400 : 200)
    const again = await fleet(['rotate', '--resume', '--vault', file])
    assert.equal(again.code, 0, again.out + again.err)
    const [pin = ''] = await pinsOf(file, id)
    assert.equal((await register(id, pin)).status, 200)
    assert.equal(pin === old, !sent)
  }
})
