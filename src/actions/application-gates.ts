// The gates of an application: defined with its API key.

import { type DefineGateEnding, defineGate, gatesOf, type NamedGate, removeGate } from '#core/application/gates.ts'
import { change, watched } from './runner.ts'
import type { Call, World } from './world.ts'

/** Those it defined, in the order of their names. One read. */
export async function gatesOfApplication(world: World, application: string): Promise<readonly NamedGate[]> {
  const subject = await world.records.load('application', application)
  const gates = subject === undefined ? [] : gatesOf(subject.document)
  return gates.toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

export type PutGateEnding =
  | { readonly kind: 'defined'; readonly gate: NamedGate }
  | Exclude<DefineGateEnding, { readonly kind: 'defined' }>
  | { readonly kind: 'no_such_application' }

/** Defines a gate, or changes its rule. One commit. */
export const putGate = (
  world: World,
  call: Call,
  { application: id, gate }: { readonly application: string; readonly gate: NamedGate },
): Promise<PutGateEnding> =>
  watched(world, 'put_gate', async () => {
    const ending = await change<'application', PutGateEnding>(world, call, 'application', id, application => {
      const defined = defineGate(application, gate.name, gate.rule)
      if (defined.kind !== 'defined') return { ending: defined }
      const events = [{ kind: 'gate.defined', gate: gate.name }] as const
      return { ending: { kind: 'defined', gate }, change: { next: defined.next, events } }
    })
    return ending ?? { kind: 'no_such_application' }
  })

export type DeleteGateEnding = { readonly kind: 'removed' | 'no_such_gate' }

/** Takes a gate away: whoever asks for it then is told that there is none. One commit. */
export const deleteGate = (
  world: World,
  call: Call,
  { application: id, name }: { readonly application: string; readonly name: string },
): Promise<DeleteGateEnding> =>
  watched(world, 'delete_gate', async () => {
    const ending = await change<'application', DeleteGateEnding>(world, call, 'application', id, application => {
      const next = removeGate(application, name)
      if (next === undefined) return { ending: { kind: 'no_such_gate' } }
      return { ending: { kind: 'removed' }, change: { next, events: [{ kind: 'gate.removed', gate: name }] } }
    })
    return ending ?? { kind: 'no_such_gate' }
  })
