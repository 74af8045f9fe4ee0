// What the world outside remembers after a step.

import type { Limits } from '#core/throttle/limits.ts'
import {
  type CodeMemory,
  contestOf,
  keeperOf,
  type Memory,
  type Party,
  type State,
  type Step,
  sideOf,
} from './state.ts'

const noLooks = { keeper: [], others: [] } as const

/** A state, one step further. */
export function advance(before: State, step: Step, limits: Limits): State {
  return {
    now: step.now,
    number: step.change.next,
    flight: step.flight,
    memory: remember(before, step, limits),
    serial: step.serial,
  }
}

function remember(before: State, step: Step, limits: Limits): Memory {
  const memory = step.detail.counted ? countedAttempt(before.memory, step) : before.memory
  const { by, now } = step
  if (by === undefined) return memory
  const side = sideOf(before.number, by)
  const stands = contestOf(before.number) !== undefined
  const dead = memory.link === undefined ? undefined : { ...memory.link, dead: true }
  const unlocked = { ...memory, pin: undefined, looks: noLooks, link: dead }

  switch (step.deed) {
    case 'pin_looked':
      return { ...memory, looks: { ...memory.looks, [side]: [...memory.looks[side], now] } }
    case 'pin_set':
    case 'pin_changed':
      return { ...newPin(memory, step), link: dead, lastUse: stands ? memory.lastUse : now }
    case 'registered':
      if (step.detail.how === 'pin') {
        // Who keeps the number already starts their own side over; a newcomer is a keeper from here on, with a clean slate.
        const looks = side === 'keeper' ? { ...memory.looks, keeper: [] } : noLooks
        return { ...memory, looks, lastUse: now, deletedAt: undefined }
      }
      return {
        ...unlocked,
        ...(step.detail.secret === undefined ? {} : newPin(unlocked, step)),
        lastUse: now,
        deletedAt: undefined,
      }
    case 'pin_removed':
    case 'link_confirmed':
      return unlocked
    case 'deleted': {
      // Codes and attempts belong to the claim and go with it.
      const orphaned = { newest: undefined, before: memory.codes[by].newest?.secret, sent: [], looks: [] }
      const left = keeperOf(before.number) === by ? { ...unlocked, deletedAt: now } : memory
      return withCode({ ...left, attempts: { ...left.attempts, [by]: [] } }, by, orphaned)
    }
    case 'answered':
      return {
        ...memory,
        lastUse: now,
        looks: step.detail.use === undefined ? memory.looks : { ...memory.looks, [side]: [] },
      }
    case 'reminded':
      return { ...memory, looks: { ...memory.looks, [side]: [] } }
    case 'used':
    case 'deregistered':
      return stands ? memory : { ...memory, lastUse: now }
    case 'link_mailed':
      return { ...memory, link: { secret: step.detail.secret ?? '', at: now, dead: false } }
    case 'address_given':
      return { ...memory, link: dead }
    case 'code_sent':
      return {
        ...memory,
        codes: { ...memory.codes, [by]: sentCode(memory.codes[by], step, limits) },
        sends: { ...memory.sends, [side]: [...memory.sends[side], now] },
      }
    case 'code_looked':
      return withCode(memory, by, { looks: [...memory.codes[by].looks, now] })
    case 'code_right': {
      const { newest } = memory.codes[by]
      return withCode(memory, by, { newest: newest && { ...newest, used: true }, sent: [], looks: [] })
    }
    default:
      return memory
  }
}

const newPin = (memory: Memory, step: Step): Memory => ({
  ...memory,
  pin: step.detail.secret,
  oldPin: memory.pin ?? memory.oldPin,
  looks: noLooks,
})

const countedAttempt = (memory: Memory, { by, now }: Step): Memory =>
  by === undefined ? memory : { ...memory, attempts: { ...memory.attempts, [by]: [...memory.attempts[by], now] } }

const withCode = (memory: Memory, by: Party, parts: Partial<CodeMemory>): Memory => ({
  ...memory,
  codes: { ...memory.codes, [by]: { ...memory.codes[by], ...parts } },
})

function sentCode(code: CodeMemory, { now, detail }: Step, limits: Limits): CodeMemory {
  const { newest } = code
  const runs = newest !== undefined && !newest.used && now < newest.at + limits.ownershipCode.life
  return {
    newest: { secret: detail.secret ?? '', at: now, used: false },
    before: newest?.secret,
    sent: runs ? [...code.sent, now] : [now],
    looks: runs ? code.looks : [],
  }
}
