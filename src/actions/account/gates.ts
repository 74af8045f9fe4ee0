// Gates: whether a session reaches, by the rules that are built in and those of the application whose user asks.

import { type GateEnding, type GateRule, gates, passGate } from '#core/account/gate.ts'
import { gatesOf } from '#core/application/gates.ts'
import type { Instant } from '#core/kernel/instant.ts'
import { watched } from '../runner.ts'
import type { Call, World } from '../world.ts'
import { type AtSession, changeAccount } from './account.ts'
import { type Told, told } from './ending.ts'

/** A gate as it is asked for. `key`: what a session remembers it by, where two applications may have one of each name. */
export type Gate = { readonly name: string; readonly key: string; readonly rule: GateRule }

/**
 * A gate by its name. `application`: whose it is, where it is none that is built in; left out, the one whose user asks.
 * The gates of other applications may be asked for as well: they say no more than whether this session reaches.
 */
export async function findGate(
  world: World,
  at: AtSession,
  wanted: { readonly name: string; readonly application: string | undefined },
): Promise<Gate | undefined> {
  const { name } = wanted
  const builtIn = builtInGates.find(each => each.name === name)
  if (builtIn !== undefined) return builtIn
  const application = wanted.application ?? at.account.application?.id
  return (await ownGates(world, application)).find(each => each.name === name)
}

const builtInGates: readonly Gate[] = Object.entries(gates).map(([name, rule]) => ({ name, key: name, rule }))

async function ownGates(world: World, application: string | undefined): Promise<readonly Gate[]> {
  const subject = application === undefined ? undefined : await world.records.load('application', application)
  if (subject === undefined) return []
  return gatesOf(subject.document).map(({ name, rule }) => ({ name, key: `${subject.id}/${name}`, rule }))
}

/** A gate, and whether the session would pass it now. */
export type SeenGate = { readonly gate: Gate; readonly ending: GateEnding; readonly passedBefore: boolean }

/** The gates that are built in, and those of the application whose user this is. Changes nothing. */
export async function lookAtGates(world: World, at: AtSession): Promise<readonly SeenGate[]> {
  const all = [...builtInGates, ...(await ownGates(world, at.account.application?.id))]
  return all.map(gate => ({
    gate,
    ending: passGate(at.account, passOf(at, gate), at.now, world.limits),
    passedBefore: at.session.gates.includes(gate.key),
  }))
}

export type PassGateEnding = Told<GateEnding> | { readonly kind: 'no_gate'; readonly now: Instant }

/** Passes a gate, if the session reaches. One commit the first time, none from then on. */
export const passAccountGate = (
  world: World,
  call: Call,
  at: AtSession,
  wanted: { readonly name: string; readonly application: string | undefined },
): Promise<PassGateEnding> =>
  watched(world, 'pass_gate', async () => {
    const gate = await findGate(world, at, wanted)
    if (gate === undefined) return { kind: 'no_gate', now: at.now }
    return changeAccount<PassGateEnding>(world, call, at.id, (account, now) => {
      const step = told(passGate(account, passOf(at, gate), now, world.limits), now)
      // Passed before: there is nothing to write.
      return step.change?.events.length === 0 ? { ending: step.ending } : step
    })
  })

const passOf = (at: AtSession, { key, rule }: Gate) => ({ session: at.session.id, name: key, rule })
