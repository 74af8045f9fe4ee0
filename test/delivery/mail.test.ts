// E-mail from end to end: a real server that sends over SMTP through its outbox, to a mail server that is not always there.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { openRest, pin, type RestDoor } from '../faces/rest/door.ts'

/** A mail server; `refuses` are how many mails it refuses for now before it takes one. */
async function mailServer({ port = 0, refuses = 0 } = {}) {
  const ids: string[] = []
  const taken: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    closeTimeout: 1,
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', chunk => chunks.push(chunk))
      stream.once('end', () => {
        const raw = Buffer.concat(chunks).toString()
        ids.push(/^Message-ID: (.*)$/im.exec(raw)?.[1]?.trim() ?? '')
        if (ids.length > refuses) {
          taken.push(raw)
          done()
        } else done(Object.assign(new Error('later'), { responseCode: 451 }))
      })
    },
  })
  server.on('error', () => {})
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  return {
    ids,
    taken,
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise<void>(resolve => server.close(resolve)),
  }
}

const open = (port: number): Promise<RestDoor> =>
  openRest({ TWOSTEP_SMTP_URL: `smtp://127.0.0.1:${port}`, TWOSTEP_MAIL_FROM: 'Twostep <no-reply@twostep.example>' })

const address = 'holder@mail.example'

/** Turns two-step off, so that a mail goes out. */
async function warn(rest: RestDoor): Promise<void> {
  const holder = await rest.locked(await rest.application(), { email: address, email_repeat: address })
  assert.equal((await holder.post('two-step/off', { pin })).status, 200)
}

/** Moves the clock until it is so. */
async function forward(rest: RestDoor, step: string, isSo: () => boolean): Promise<void> {
  for (let steps = 0; steps < 500 && !isSo(); steps += 1) await rest.advance(step)
  assert(isSo(), 'in time')
}

test('a mail that is refused for now is handed over again, under the same id, and shown in the outbox', async () => {
  const server = await mailServer({ refuses: 3 })
  const rest = await open(server.port)
  try {
    await warn(rest)
    await forward(rest, 'PT1M', () => server.taken.length > 0)
    // A clock that is moved while a mail is on its way may end its lease: at least once, and always under one id.
    assert(server.ids.length >= 4)
    assert.equal(new Set(server.ids).size, 1)
    assert.match(server.ids[0] ?? '', /^<[0-9a-f]{32}@twostep\.example>$/)
    assert.equal((await rest.outbox(address)).length, 1)
  } finally {
    await rest[Symbol.asyncDispose]()
    await server.close()
  }
})

test('a mail server that is down for a day gets the mail when it is back, under one id', async () => {
  const first = await mailServer()
  await first.close()
  const rest = await open(first.port)
  try {
    await warn(rest)
    await rest.advance('PT1M')
    await rest.advance('PT24H')
    const back = await mailServer({ port: first.port })
    try {
      await forward(rest, 'PT1M', () => back.taken.length > 0)
      assert.equal(new Set(back.ids).size, 1)
    } finally {
      await back.close()
    }
  } finally {
    await rest[Symbol.asyncDispose]()
  }
})
