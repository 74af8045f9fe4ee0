// The raw limit of PIN checks: argon2id at the cost the server uses, as many at once as it has cores, and nothing else.

import { availableParallelism } from 'node:os'
import { speak } from '../child.ts'
import { oneHash } from './one-hash.ts'

async function run(milliseconds: number): Promise<{ count: number; milliseconds: number }> {
  const began = performance.now()
  let count = 0
  const one = async () => {
    while (performance.now() - began < milliseconds) {
      await oneHash()
      count += 1
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, one))
  return { count, milliseconds: performance.now() - began }
}

speak({ ready: {}, answer: { run: ({ milliseconds }) => run(Number(milliseconds)) } })
