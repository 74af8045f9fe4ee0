// Changing a prefix, which begins with its first change. It is found by a blind index, as numbers are: it is most of one.

import type { Instant } from '#core/kernel/instant.ts'
import { freshPrefix, type Prefix } from '#core/sending/prefix.ts'
import type { Subject } from '#records/records.ts'
import { change, create, type Step } from '../runner.ts'
import type { Call, World } from '../world.ts'

/** Changes the prefix, whether or not it was there before. With its `id`, it need not be looked for. */
export async function changePrefix<E>(
  world: World,
  call: Call,
  { prefix, region, id: known }: Pick<Prefix, 'prefix' | 'region'> & { readonly id?: string | undefined },
  decide: (prefix: Prefix, now: Instant) => Step<'prefix', E>,
): Promise<E> {
  for (;;) {
    const id = known ?? (await found(world, prefix))?.id
    if (id !== undefined) {
      const ending = await change<'prefix', { readonly told: E }>(world, call, 'prefix', id, (kept, now) => {
        const { ending, change } = decide(kept, now)
        return { ending: { told: ending }, change }
      })
      if (ending !== undefined) return ending.told
    }
    const now = world.clock.now()
    const fresh = freshPrefix({ id: world.secrets.newHexId(), prefix, region }, now)
    const first = decide(fresh, now)
    if (first.change === undefined || (await create(world, call, 'prefix', fresh.id, first.change))) return first.ending
  }
}

/** The prefix as it is, if anything was ever sent to it. */
export async function lookAtPrefix(world: World, prefix: string): Promise<Prefix | undefined> {
  return (await found(world, prefix))?.document
}

const found = ({ records }: World, prefix: string): Promise<Subject<'prefix'> | undefined> =>
  records.find('prefix', { purpose: 'number-prefix', value: prefix })
