// What must never happen, each with its name. Every promise is checked on every step of a walk, and in every state.
//
// They are written from the rules and the memory, never by asking the core.

import { bounds } from './promises/bounds.ts'
import { codes } from './promises/codes.ts'
import { guesses } from './promises/guesses.ts'
import { lock } from './promises/lock.ts'
import type { PromiseOfTheCore } from './promises/promise.ts'
import { registration } from './promises/registration.ts'

export const promises: readonly PromiseOfTheCore[] = [...bounds, ...guesses, ...codes, ...lock, ...registration]
