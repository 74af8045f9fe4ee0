// The core, spoilt on purpose, one way at a time: each is a mistake that somebody could make. A walk that does not find
// one of them is a walk that does not look.

import { claims } from './mutations/claims.ts'
import { codes } from './mutations/codes.ts'
import { days } from './mutations/days.ts'
import { guesses } from './mutations/guesses.ts'
import { lock } from './mutations/lock.ts'
import { mail } from './mutations/mail.ts'
import type { Mutation } from './mutations/spoil.ts'

export const mutations: readonly Mutation[] = [...guesses, ...days, ...mail, ...codes, ...lock, ...claims]
