// The places where codes are asked for, with a person at each of them, and an account that can be put back as it was: for
// tests that try every code, or every order, everywhere.

import assert from 'node:assert/strict'
import type { Account } from '#core/account/account.ts'
import type { Purpose } from '#core/account/challenge.ts'
import type { Reply } from '../graph/door.ts'
import { type AccountsDoor, expecting } from './door.ts'

type Channel = 'sms' | 'notification'

/** A place where a code is asked for. */
export type Place = {
  readonly name: string
  readonly account: string
  /** Asks for a code; answers it. */
  readonly ask: () => Promise<string>
  readonly check: (code: string) => Promise<Reply>
}

export async function documentOf(door: AccountsDoor, id: string) {
  const subject = await door.sandbox.world.records.load('account', id)
  assert(subject !== undefined)
  return subject
}

/** Puts an account back as it was. */
export async function putBack(door: AccountsDoor, document: Account): Promise<void> {
  const subject = await documentOf(door, document.id)
  if (JSON.stringify(subject.document) === JSON.stringify(document)) return
  const cause = { at: document.seen, door: 'operator', requestId: undefined } as const
  const { kind } = await door.sandbox.world.records.commit(subject, { document, events: [], messages: [] }, cause)
  assert.equal(kind, 'committed')
}

/** A person at every place at once: signed in, signing in, resetting, with two-step on; and another who turns it on. */
export async function placesOf(door: AccountsDoor, who: string): Promise<readonly Place[]> {
  const on = await door.turnedOn({ email: `${who}@home.example` })
  // A number gets a code a minute at most.
  await door.advance('PT1M')
  await door.freshen(on)
  const tablet = await withDevice(door, on.session)
  const sign = await door.begun(on)
  const reset = await expecting(
    201,
    door.post('/password-resets', { identifier: on.email, recovery_key: on.recoveryKey }),
  )
  const resetAt = (step: string, json: object) =>
    door.post(`/password-resets/${reset.body.id}/${step}`, json, String(reset.body.token))

  const later = await door.owner({ email: `${who}-later@home.example` })
  const turning = (step: string, json: object = {}) => door.post(`/account/two-step/${step}`, json, later.session)
  const first = `+1631555${who === 'ada' ? '7001' : '7002'}`
  await expecting(200, turning('begin'))
  await expecting(202, turning('devices', { kind: 'number', number: first }))
  await expecting(200, turning('devices/check', { code: await door.newestCode(first) }))

  const receives = {
    sms: { id: on.device, code: () => door.newestCode(on.number) },
    notification: { id: tablet.id, code: () => door.newestCode(tablet.id) },
  }
  const at = (path: string) => (json: object) => door.post(path, json, on.session)
  const known = (purpose: Purpose, account: string, to: (json: object) => Promise<Reply>, check: Place['check']) =>
    (['sms', 'notification'] as const).map(channel => ({
      name: `${purpose}/${channel}/${who}`,
      account,
      async ask() {
        await expecting(202, to({ device: receives[channel].id }))
        return receives[channel].code()
      },
      check,
    }))
  const added = (purpose: Purpose, account: string, to: (json: object) => Promise<Reply>, check: Place['check']) =>
    (['sms', 'notification'] as const).map(channel => ({
      name: `${purpose}/${channel}/${who}`,
      account,
      async ask() {
        const number = `+1631555${who === 'ada' ? '8' : '9'}${purpose === 'enrol' ? '001' : '002'}`
        const reply = await expecting(202, to(newDevice(channel, number)))
        const { id } = reply.body.device as { readonly id: string }
        return door.newestCode(channel === 'sms' ? number : id)
      },
      check,
    }))
  const checks = (post: (json: object) => Promise<Reply>) => (code: string) => post({ code })
  return [
    ...known(
      'sign-in',
      on.id,
      json => sign.step('code', json),
      checks(json => sign.step('code/check', json)),
    ),
    ...known('step-up', on.id, at('/account/step-up/code'), checks(at('/account/step-up/code/check'))),
    ...known(
      'reset-password',
      on.id,
      json => resetAt('code', json),
      checks(json => resetAt('code/check', json)),
    ),
    ...added('add-device', on.id, at('/account/devices'), checks(at('/account/devices/check'))),
    ...added(
      'enrol',
      later.id,
      json => turning('devices', json),
      checks(json => turning('devices/check', json)),
    ),
  ]
}

const newDevice = (channel: Channel, number: string) =>
  channel === 'sms' ? { kind: 'number', number } : { kind: 'device', name: 'New', app: true }

async function withDevice(door: AccountsDoor, session: string): Promise<{ readonly id: string }> {
  const reply = await expecting(202, door.post('/account/devices', newDevice('notification', ''), session))
  const { id } = reply.body.device as { readonly id: string }
  await expecting(200, door.post('/account/devices/check', { code: await door.newestCode(id) }, session))
  return { id }
}
