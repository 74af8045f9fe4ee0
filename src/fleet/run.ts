// Goes through the numbers of a fleet, one after the other, and stops asking where that makes no sense: a token that is not
// accepted, a server that asks to slow down, a server that does not answer.

import type { NeedKind } from './needs.ts'
import type { Ending, Fleet } from './work.ts'

/** What came of one number. `skipped`: it was not asked about, because of what another one met. */
export type Result = {
  readonly id: string
  readonly ending: Ending | { readonly kind: 'skipped'; readonly because: NeedKind }
}

/** After so many numbers in a row without any answer, nobody is there. */
const patience = 3

export async function goThrough(
  { vault }: Pick<Fleet, 'vault'>,
  ids: readonly string[],
  work: (id: string) => Promise<Ending>,
  onDone: (done: number) => void,
): Promise<readonly Result[]> {
  const results: Result[] = []
  // By token: what is wrong with it is wrong with all its numbers.
  const aside = new Map<string, NeedKind>()
  let silent = 0
  for (const id of ids) {
    const token = vault.number(id).token.reveal()
    const because = silent >= patience ? 'away' : aside.get(token)
    if (because === undefined) {
      const ending = await work(id)
      results.push({ id, ending })
      const needs = ending.kind === 'needs' ? ending.need.kind : undefined
      silent = ending.kind === 'needs' && !ending.reached ? silent + 1 : 0
      if (needs === 'token' || needs === 'slow_down') aside.set(token, needs)
    } else {
      results.push({ id, ending: { kind: 'skipped', because } })
    }
    onDone(results.length)
  }
  return results
}
