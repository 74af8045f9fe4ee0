// An account with two-step verification on and devices that receive notifications, put into a running sandbox by the actions
// and the core themselves: for tests of how codes travel, which need no person at the doors.

import assert from 'node:assert/strict'
import { changeAccount } from '#actions/account/account.ts'
import { codeOnItsWay, newCode } from '#actions/account/codes.ts'
import { type DeviceCredentials, draftOf, type Reached } from '#actions/account/new-device.ts'
import { create } from '#actions/runner.ts'
import type { World } from '#actions/world.ts'
import { type Account, createAccount } from '#core/account/account.ts'
import { type Purpose, type Slot, sendCode } from '#core/account/challenge.ts'
import { type DeviceDraft, deviceOf, withTrusted } from '#core/account/trusted-device.ts'
import type { Outgoing } from '#core/message/message.ts'

const call = { door: 'rest', requestId: undefined, party: undefined, signal: undefined } as const

export type Registered = {
  readonly account: string
  readonly device: string
  readonly credentials: DeviceCredentials
  /** What it shows when it calls. */
  readonly headers: Readonly<Record<string, string>>
}

export function notifiedIn(world: World) {
  const stored = async (id: string): Promise<Account> => {
    const subject = await world.records.load('account', id)
    assert(subject !== undefined)
    return subject.document
  }

  function drafted(account: string, reached: Reached): { draft: DeviceDraft; credentials: DeviceCredentials } {
    const made = draftOf(world, account, { kind: 'device', name: 'Laptop', model: 'Firefox', ...reached })
    assert(made.kind === 'draft' && made.credentials !== undefined, JSON.stringify(made))
    return { draft: made.draft, credentials: made.credentials }
  }

  /** A new account with two-step verification on, whose one device is reached so. */
  async function registered(reached: Reached): Promise<Registered> {
    const id = world.secrets.newNumericId()
    const now = world.clock.now()
    const password = { verifier: 'none', weak: false }
    const addresses = [{ address: `${id}@example.org`, confirmedAt: now }]
    const made = { id, application: undefined, password, addresses }
    const on = { kind: 'on', since: now, devices: [], key: undefined, replacement: undefined } as const
    const { draft, credentials } = drafted(id, reached)
    const account = withTrusted({ ...createAccount(made, now, world.limits), twoStep: on }, draft, now)
    assert(await create(world, call, 'account', id, { next: account, events: [{ kind: 'account.created' }] }))
    return { account: id, device: draft.id, credentials, headers: headersOf(credentials) }
  }

  /** Sends a code to the device, as if this sign-in had asked for it; answers the code. */
  const notify = (of: Registered, signIn: string, purpose: Purpose = 'sign-in', side: 'known' | 'stranger' = 'known') =>
    commitCode(of, { purpose, side, of: signIn })

  /** The same as another node does it, whose outbox hands the message over: here, nobody hears of it. */
  const commitSilently = (of: Registered, signIn: string) =>
    commitCode(of, { purpose: 'sign-in', side: 'known', of: signIn }, [])

  function commitCode(of: Registered, slot: Slot, messages?: readonly Outgoing[]) {
    const from = { place: 'Lisbon, Portugal', agent: 'Firefox on Linux' }
    return changeAccount<string>(world, call, of.account, (account, now) => {
      const to = deviceOf(account, of.device)
      assert(to !== undefined, 'the device is trusted')
      const code = newCode(world, account, slot, to)
      const sent = sendCode(account, { ...slot, to, verifier: code.verifier, from }, now, world.limits)
      assert(sent.kind === 'sent', sent.kind)
      const way = codeOnItsWay(world, sent, code, now)
      return { ending: code.code.reveal(), ...way, messages: messages ?? way.messages }
    })
  }

  return { stored, registered, notify, commitSilently, drafted }
}

export const headersOf = ({ token, installation }: DeviceCredentials): Readonly<Record<string, string>> => ({
  authorization: `Bearer ${token.reveal()}`,
  'device-installation': installation.reveal(),
})
