// What the serving thread and the writing thread say to each other.

import type { Changes } from './changes.ts'
import type { Failure } from './failure.ts'
import type { PackedCommits } from './packing.ts'

/** What the writing thread is started with. */
export type WriterSettings = {
  readonly file: string
  readonly maxPages: number | undefined
  readonly groupSize: number
}

/** One change that is asked for. */
export type WriteCall = {
  readonly [Name in keyof Changes]: { readonly name: Name; readonly args: Parameters<Changes[Name]> }
}[keyof Changes]

/**
 * To the writing thread: changes in the order they are to be made, or the wish to finish and close. A change that is
 * `commit` is the next one of `commits`.
 */
export type ToWriter =
  | {
      readonly kind: 'write'
      readonly calls: readonly (Exclude<WriteCall, { name: 'commit' }> | 'commit')[]
      readonly commits: PackedCommits
    }
  | { readonly kind: 'close' }

/** How one change ended; given after it is durable. A number is a commit's ending, packed. */
export type WriteAnswer =
  | number
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly failure: Failure }

/**
 * From the writing thread. `answers` are those to the changes that wait longest, in the order they were asked for;
 * `transactions` counts the ones that they took: 1, or one a change when alone.
 */
export type FromWriter =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unusable'; readonly failure: Failure }
  | { readonly kind: 'answers'; readonly answers: readonly WriteAnswer[]; readonly transactions: number }
  | { readonly kind: 'closed' }
