// What the serving thread and the writing thread say to each other.

import type { Changes } from './changes.ts'
import type { Failure } from './failure.ts'

/** What the writing thread is started with. */
export type WriterSettings = {
  readonly file: string
  readonly maxPages: number | undefined
  readonly groupSize: number
}

/** One change that is asked for; `id` tells its answer. */
export type WriteCall = {
  readonly [Name in keyof Changes]: {
    readonly id: number
    readonly name: Name
    readonly args: Parameters<Changes[Name]>
  }
}[keyof Changes]

/** To the writing thread: changes in the order they are to be made, or the wish to finish and close. */
export type ToWriter = { readonly kind: 'write'; readonly calls: readonly WriteCall[] } | { readonly kind: 'close' }

/** How one change ended; given after it is durable. */
export type WriteAnswer =
  | { readonly id: number; readonly kind: 'done'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'failed'; readonly failure: Failure }

/** From the writing thread. `transactions` counts the ones that this group took: 1, or one a change when alone. */
export type FromWriter =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unusable'; readonly failure: Failure }
  | { readonly kind: 'answers'; readonly answers: readonly WriteAnswer[]; readonly transactions: number }
  | { readonly kind: 'closed' }
