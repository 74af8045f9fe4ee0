// A server that is killed in the middle of a flood, told to stop in the middle of a burst, or left by its clients.

import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import {
  dataFolder,
  newBusiness,
  type Reply,
  type Spawned,
  spawnSandbox,
  startSandbox,
  verifiedNumber,
} from '#test/faces/sandbox.ts'
import { onTheWire, openLine } from './line.ts'
import { flood, type Handle, readFolder, register, storedBy, type Target, target, times, wrong } from './target.ts'

/** Ends a server that a failing test left behind, and takes its folder away. */
function clean(folder: string, server: () => Spawned | undefined): Disposable {
  return {
    [Symbol.dispose]() {
      server()?.child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

test('a server that is killed in the middle of floods never looks at more than the budget, starts again, and its journal verifies', async () => {
  const folder = dataFolder()
  let server: Spawned | undefined
  using _ = clean(folder, () => server)
  server = await spawnSandbox(folder)
  const aimed = await target(server.url, '7700900211')

  for (const answers of [1, 4]) {
    const { child, url, end }: Spawned = server
    let answered = 0
    const replies = flood(200, async at => {
      const reply = await register(url, aimed.thief, wrong(aimed.pin, at)).catch(() => undefined)
      answered += reply === undefined ? 0 : 1
      if (answered === answers) child.kill('SIGKILL')
      return reply
    })
    await replies
    assert.equal(await end('SIGKILL'), 'SIGKILL')
    const [stored] = await readFolder(folder, [aimed.number])
    assert.ok(stored !== undefined && times(stored, 'pin.guess_spent') <= 5)
    assert.ok(times(stored, 'pin.wrong') <= times(stored, 'pin.guess_spent'))
    server = await spawnSandbox(folder)
  }

  const { url } = server
  await flood(200, at => register(url, aimed.thief, wrong(aimed.pin, at)))
  assert.equal((await register(url, aimed.owner, aimed.pin)).status, 200, 'the owner gets in')
  assert.equal(await server.end('SIGTERM'), 0)
  const [stored] = await readFolder(folder, [aimed.number])
  assert.ok(stored !== undefined)
  // Five of the thief, and the one of the owner.
  assert.equal(times(stored, 'pin.guess_spent'), 6)
})

test('told to stop in the middle of a burst, the server answers everything it accepted, keeps it, and ends with 0', async () => {
  const folder = dataFolder()
  let server: Spawned | undefined
  using _ = clean(folder, () => server)
  server = await spawnSandbox(folder, { TWOSTEP_REQUEST_DEADLINE: 'PT1M' })
  const { url, end } = server
  const nationals = ['7700900221', '7700900222', '7700900223', '7700900224']
  const business = await newBusiness(url)
  const handles: Handle[] = []
  for (const national of nationals) {
    handles.push({ id: await verifiedNumber(url, business, national), token: business.token })
  }

  const lines = Array.from({ length: 40 }, () => openLine(url))
  // Each line has been served once, so that what is sent on it now needs nobody to accept it.
  await Promise.all(lines.map(line => line.ask(onTheWire(url, { method: 'GET', path: '/healthz' }))))

  let ended: ReturnType<Spawned['end']> | undefined
  const replies = await Promise.all(
    lines.map(async (line, at) => {
      const { id, token } = handles[at % handles.length] ?? { id: '', token: '' }
      const body = { pin: wrong('730519', at) }
      const reply = await line.ask(onTheWire(url, { method: 'POST', path: `/v25.0/${id}`, token, body }))
      // The first answer comes after a hash: by then all the others have been sent, and most of them wait for theirs.
      ended ??= end('SIGTERM')
      return reply
    }),
  )

  for (const reply of replies) assert.match(reply, /^HTTP\/1\.1 200 /)
  assert.equal(await ended, 0)
  const numbers = nationals.map(national => `+44${national}`)
  for (const stored of await readFolder(folder, numbers)) {
    assert.equal(times(stored, 'pin.set') + times(stored, 'pin.changed'), 10, 'nothing that was answered is lost')
  }
})

/** Waits for the thing itself; when it never comes, the test's own time-out ends this. */
async function until(t: TestContext, holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    t.signal.throwIfAborted()
    await new Promise(resolve => setImmediate(resolve))
  }
}

const patience = { timeout: 20_000 }

test(
  'who hangs up once their guess is paid for keeps neither the guess nor the contest from the journal',
  patience,
  async t => {
    await using server = await startSandbox()
    const { world, url } = server
    const aimed = await target(url, '7700900231')

    const { socket } = openLine(url)
    socket.on('error', () => {})
    socket.write(rawRegistration(aimed, wrong(aimed.pin, 0)))
    const happened = async (kind: 'pin.guess_spent' | 'pin.wrong') =>
      times(await storedBy(world, aimed.number), kind) > 0
    await until(t, () => happened('pin.guess_spent'))
    socket.destroy()

    await until(t, () => happened('pin.wrong'))
    const stored = await storedBy(world, aimed.number)
    assert.equal(times(stored, 'pin.guess_spent'), 1)
    assert.equal(times(stored, 'registration.contested'), 1)
  },
)

test(
  'of a crowd that hangs up at once, every guess that was paid for is settled, and no more than five are',
  patience,
  async t => {
    await using server = await startSandbox()
    const { world, url } = server
    const aimed = await target(url, '7700900232')

    await flood(50, at => {
      const { socket } = openLine(url)
      return new Promise<void>(resolve => {
        socket.on('error', () => {})
        socket.once('close', () => resolve())
        socket.write(rawRegistration(aimed, wrong(aimed.pin, at)), () => socket.destroy())
      })
    })

    // Somebody who waits for the answer comes after them in the number's lane.
    const last: Reply = await register(url, aimed.thief, wrong(aimed.pin, 50))
    assert.ok(last.status < 500)
    await until(t, async () => {
      const stored = await storedBy(world, aimed.number)
      assert.ok(times(stored, 'pin.guess_spent') <= 5)
      return times(stored, 'pin.wrong') === times(stored, 'pin.guess_spent')
    })
  },
)

const rawRegistration = ({ url, thief: { id, token } }: Target, pin: string): string =>
  onTheWire(url, {
    method: 'POST',
    path: `/v25.0/${id}/register`,
    token,
    body: { messaging_product: 'whatsapp', pin },
  })
