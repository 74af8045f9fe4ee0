// What a half-made copy is called while it is one.

import { StoreUnusable } from '../store.ts'

/** The table that is the mark: it stands in a database from the first step of a copy to the last word. */
export const markTable = 'unfinished_copy'

/** What whoever starts over a half-made copy is told. `removal` is a command. */
export const halfCopied = (place: string, removal: string): StoreUnusable =>
  new StoreUnusable(
    'half_copied',
    `${place} is a copy that was not finished, and nothing runs over a half. Run the same twostep copy again: it goes ` +
      `on where it was. Or be rid of it:  ${removal}`,
  )

/** What a copy is told that would go on with one whose tables are not of this version. */
export const otherVersion = (place: string, removal: string): StoreUnusable =>
  new StoreUnusable(
    'half_copied',
    `${place} is a copy that another version of Twostep began. Finish it with that one, or begin anew:  ${removal}`,
  )

/** What a copy is told that would write over something. */
export const notEmpty = (place: string): StoreUnusable =>
  new StoreUnusable(
    'exists',
    `${place} is a database with something in it, and is not overwritten. If an earlier twostep copy said that it was ` +
      'done, this is what it made. Else name another place, or move this one away.',
  )

/** What a copy is told whose target another run has taken over, or somebody removed. */
export const takenOver = (place: string): StoreUnusable =>
  new StoreUnusable(
    'in_use',
    `Another twostep copy has taken over ${place}, or somebody removed it. This one has stopped; let one run at a time.`,
  )

/** What a copy is told whose source does not keep still. */
export const writtenMeanwhile = (place: string): StoreUnusable =>
  new StoreUnusable(
    'in_use',
    `Somebody writes to ${place} while it is copied: a server still runs over it. Nothing is called done, for what came ` +
      'after would be lost. Stop every server over it, and run this again.',
  )
