// The gates that an application defines for its own pages and calls, beside those that are built in.
//
//   none ── defined ──▶ rule ── defined anew ──▶ another rule ── removed ──▶ none
//
// A gate without a second step opens what may be read, and nothing that may be changed.

import { type GateRule, whyNoGate } from '../account/gate.ts'
import type { Application } from './application.ts'

/** Read with every gate that is passed. */
export const gatesPerApplication = 32

export type DefineGateEnding =
  | { readonly kind: 'defined'; readonly next: Application }
  | { readonly kind: 'not_a_gate'; readonly why: NonNullable<ReturnType<typeof whyNoGate>> }
  | { readonly kind: 'too_many_gates' }

/** Defines a gate, or changes the rule of one. Whoever passed it before is asked by the new rule. */
export function defineGate(application: Application, name: string, rule: GateRule): DefineGateEnding {
  const why = whyNoGate(name, rule)
  if (why !== undefined) return { kind: 'not_a_gate', why }
  const others = gatesOf(application).filter(each => each.name !== name)
  if (others.length >= gatesPerApplication) return { kind: 'too_many_gates' }
  return { kind: 'defined', next: { ...application, gates: [...others, { name, rule }] } }
}

/** `undefined` when there is no such gate. */
export function removeGate(application: Application, name: string): Application | undefined {
  const others = gatesOf(application).filter(each => each.name !== name)
  return others.length === gatesOf(application).length ? undefined : { ...application, gates: others }
}

export type NamedGate = { readonly name: string; readonly rule: GateRule }

export const gatesOf = (application: Application): readonly NamedGate[] => application.gates ?? []
