// What a person can do with a number: every call goes to a node of their choosing, and how it ended is written down.

import assert from 'node:assert/strict'
import { addNumber } from '#actions/add-number.ts'
import { deleteNumber } from '#actions/delete-number.ts'
import { deregisterNumber } from '#actions/deregister-number.ts'
import { countUnreadableRegistration, registerNumber } from '#actions/register-number.ts'
import { requestCode } from '#actions/request-code.ts'
import { sendText } from '#actions/send-text.ts'
import { setPin } from '#actions/set-pin.ts'
import { verifyCode } from '#actions/verify-code.ts'
import { Overdue, type World } from '#actions/world.ts'
import type { Door } from '#core/registration-lock/doors.ts'
import { type ClaimId, claimOf, type E164 } from '#core/registration-lock/phone-number.ts'
import { Secret } from '#secrets/secret.ts'
import type { Chance } from './chance.ts'
import { Crashed, type Node } from './nodes.ts'
import type { Witness } from './witness.ts'

/** How a call ended, as far as people act on it. */
export type Ended = {
  readonly kind: string
  readonly retryAt?: number | undefined
  readonly claim?: string
  readonly message?: string
}

/** One phone number, and what is known of its PIN from outside. */
export type Line = {
  readonly number: E164
  /** Its subject's id, once somebody claimed it. */
  id: string | undefined
  /** The PIN in force, and those that calls of this moment may have put in force. */
  pin: string | undefined
  readonly tried: Set<string>
  verifier: string | undefined
  /** How calls ended, by what was called: `register registered` → 3. */
  readonly endings: Map<string, number>
  crashes: number
  unreadable: number
}

/** Which person this is. `honest` ones are asked for an account of how their calls ended. */
export type Person = { readonly name: string; readonly chance: Chance; readonly diary: string[] }

export type Hands = ReturnType<typeof handsOf>

export function handsOf(of: {
  readonly line: Line
  readonly person: Person
  readonly nodes: readonly Node[]
  readonly witness: Witness
}) {
  const { line, person, nodes, witness } = of

  const has = (claim: ClaimId): boolean => {
    const number = witness.number(id())
    return number !== undefined && claimOf(number, claim) !== undefined
  }

  async function act(verb: string, claim: string, work: (world: World) => Promise<Ended>): Promise<Ended> {
    // Of two asked at once, which ends first is up to the threads that hash; the diary has them as they were asked.
    const place = person.diary.push('')
    let ended: Ended
    try {
      ended = await work(person.chance.pick(nodes).worldOf(claim))
    } catch (error) {
      if (error instanceof Overdue && !has(claim)) {
        // Another call of this moment took the claim away; asked again, the door knows no such number.
        ended = { kind: 'gone' }
      } else {
        if (!(error instanceof Crashed)) throw error
        line.crashes += 1
        ended = { kind: 'crashed' }
      }
    }
    line.endings.set(`${verb} ${ended.kind}`, (line.endings.get(`${verb} ${ended.kind}`) ?? 0) + 1)
    // Ids are random: they say nothing of how it ended.
    const { claim: _claim, message: _message, ...told } = ended
    person.diary[place - 1] = `${verb} ${JSON.stringify(told)}`
    return ended
  }

  const id = (): string => {
    assert.ok(line.id !== undefined, 'a number is claimed before it is used')
    return line.id
  }
  const by = (door: Door) => ({ door, requestId: undefined, party: undefined, signal: undefined })
  const mayBeSet = (pin: string, ended: Ended): Ended => {
    if (['set', 'changed', 'registered', 'crashed'].includes(ended.kind)) line.tried.add(pin)
    return ended
  }

  return {
    /** The code that a phone with this number shows, for whoever can read it. */
    code: (claim: ClaimId): string | undefined => witness.codeFor(claim),
    has,
    async add(business: string): Promise<ClaimId | undefined> {
      const command = { business, number: line.number, verifiedName: 'Some Bakery' }
      const ended = await act('add', 'new', async world => {
        const added = await addNumber(world, by('graph'), command)
        line.id ??= (await world.records.find('number', { purpose: 'number', value: line.number }))?.id
        return added
      })
      return ended.claim
    },
    ask: (claim: ClaimId) =>
      act('ask', claim, world =>
        requestCode(world, by('graph'), { number: id(), claim, method: 'sms', language: 'en_US' }),
      ),
    prove: (claim: ClaimId, code: string | undefined) =>
      act('prove', claim, world =>
        verifyCode(world, by('graph'), {
          number: id(),
          claim,
          code: code === undefined ? undefined : Secret.of(code),
        }),
      ),
    async register(claim: ClaimId, door: Door, pin?: string): Promise<Ended> {
      const given = pin === undefined ? undefined : Secret.of(pin)
      const ended = await act('register', claim, world =>
        registerNumber(world, by(door), { number: id(), claim, pin: given }),
      )
      return pin === undefined ? ended : mayBeSet(pin, ended)
    },
    unreadable: (claim: ClaimId) =>
      act('unreadable', claim, world => countUnreadableRegistration(world, by('graph'), { number: id(), claim })),
    async setPin(claim: ClaimId, pin: string): Promise<Ended> {
      const command = { number: id(), claim, pin: Secret.of(pin) }
      return mayBeSet(pin, await act('set-pin', claim, world => setPin(world, by('graph'), command)))
    },
    leave: (claim: ClaimId) =>
      act('leave', claim, world => deregisterNumber(world, by('graph'), { number: id(), claim })),
    async remove(claim: ClaimId, pin: string | 'unreadable' | undefined): Promise<Ended> {
      const given = pin === undefined || pin === 'unreadable' ? pin : Secret.of(pin)
      if (pin === 'unreadable') line.unreadable += 1
      return act('remove', claim, world => deleteNumber(world, by('graph'), { number: id(), claim, pin: given }))
    },
    text: (claim: ClaimId) =>
      act('text', claim, world =>
        sendText(world, by('graph'), { number: id(), claim, to: '+447700900999' as E164, text: 'Ready at noon.' }),
      ),
  }
}
