// Where a device's notifications go, and what it is shown of an open request.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onScene } from '#test/simulation/account-samples.ts'
import { after, instantAt } from '../kernel/instant.ts'
import { limits } from '../throttle/limits.ts'
import { sendCode } from './challenge.ts'
import { notificationsFor, withNotification } from './notification.ts'
import { denied } from './sign-in.ts'
import { deviceGone, deviceMoved, deviceOf, warningsOf } from './trusted-device.ts'

for (const profile of ['classic', 'strict'] as const) {
  const rows = limits[profile]
  const { account, now } = onScene(rows)
  const address = 'push of d2'

  test(`${profile}: a device that cannot be reached stays trusted, and its owner is warned until it can be`, () => {
    const tell = (from = account, told = { device: 'd2', address }) => deviceGone(from, { ...told, next: 'here' })
    const gone = tell()
    assert(gone !== undefined)
    const shown = deviceOf(gone.next, 'd2')
    assert.deepEqual(shown?.kind === 'device' && [shown.unreachable, shown.address], [true, 'here'])
    assert.ok(warningsOf(gone.next, now, rows).includes('device_unreachable'))
    assert.deepEqual([gone.events.map(each => each.kind), gone.notices], [['device.unreachable'], []])
    const back = deviceMoved(gone.next, { device: 'd2', address })
    assert.equal(back && deviceOf(back.next, 'd2')?.unreachable, false)
    assert.ok(!warningsOf(back?.next ?? account, now, rows).includes('device_unreachable'))
    // Nothing is written twice, and the word of an address that is its address no more counts for nothing.
    assert.equal(tell(gone.next), undefined)
    assert.equal(tell(account, { device: 'd2', address: 'an old one' }), undefined)
    assert.equal(tell(account, { device: 'n1', address }), undefined)
  })

  test(`${profile}: a device that moves can be reached again; a number, a stranger and another’s address do not move`, () => {
    const gone = deviceGone(account, { device: 'd2', address, next: 'here' })?.next ?? account
    for (const to of ['a new one', address]) {
      const moved = deviceMoved(gone, { device: 'd2', address: to })
      const device = moved && deviceOf(moved.next, 'd2')
      assert.deepEqual(device?.kind === 'device' && [device.address, device.unreachable], [to, false])
    }
    assert.equal(deviceMoved(account, { device: 'd2', address })?.next, account)
    assert.equal(deviceMoved(account, { device: 'n1', address: 'a new one' }), undefined)
    assert.equal(deviceMoved(account, { device: 'd9', address: 'a new one' }), undefined)
    const on = account.twoStep
    const second = deviceOf(account, 'd2')
    assert(on.kind === 'on' && second?.kind === 'device')
    const other = { ...second, id: 'd3', address: 'push of d3' }
    const two = { ...account, twoStep: { ...on, devices: [...on.devices, other] } }
    assert.equal(deviceMoved(two, { device: 'd3', address }), undefined)
  })

  test(`${profile}: a device is shown an open request while its code lives, and no more once it was denied`, () => {
    const to = deviceOf(account, 'd2')
    assert(to !== undefined)
    const send = {
      purpose: 'sign-in',
      side: 'known',
      of: 's1',
      to,
      verifier: '§v',
      from: { place: '', agent: '' },
    } as const
    const sent = sendCode(account, send, now, rows)
    assert(sent.kind === 'sent')
    assert.deepEqual(notificationsFor(sent.next, 'd2', now, rows), [])
    const shown = withNotification(sent.next, '§v', 'sealed')
    const at = (moment: number, device = 'd2') =>
      notificationsFor(shown, device, instantAt(moment), rows).map(each => [each.notification, each.expires])
    assert.deepEqual(at(now), [['sealed', sent.expires]])
    assert.deepEqual(at(now, 'n1'), [])
    assert.equal(at(sent.expires - 1).length, 1)
    assert.deepEqual(at(sent.expires), [])
    const denial = denied(shown, { device: 'd2', of: 's1' }, after(now, 1))
    assert.deepEqual(denial && notificationsFor(denial.next, 'd2', now, rows), [])
  })
}
