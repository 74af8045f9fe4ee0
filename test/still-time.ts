// The machine's time, standing still: a wait ends at the very millisecond a test says, and no test takes longer for it.

import { mock } from 'node:test'

let isStill = false

/** Time stands still, or goes on standing still, until the file has ended. */
export function stopTime(): void {
  if (isStill) return
  isStill = true
  mock.timers.enable({ apis: ['Date'], now: 1_800_000_000_000 })
}

/** Lets so many milliseconds pass, for everybody. */
export const pass = (milliseconds: number): void => mock.timers.tick(milliseconds)

/** The time that it really is, for the next file of this process. */
export function letTimeGo(): void {
  isStill = false
  mock.timers.reset()
}
