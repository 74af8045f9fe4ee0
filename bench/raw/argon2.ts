// The raw limit of PIN checks: argon2id at the cost the server uses, as many at once as it has cores, and nothing else.

import { availableParallelism } from 'node:os'
import { hashRaw } from '@node-rs/argon2'
import { owaspPinParameters } from '#secrets/pin-verifier.ts'
import { speak } from '../child.ts'

const { memoryKiB: memoryCost, passes: timeCost, lanes: parallelism } = owaspPinParameters
// 2: argon2id, as in the server.
const options = { algorithm: 2, memoryCost, timeCost, parallelism, outputLen: 32 }

async function run(milliseconds: number): Promise<{ count: number; milliseconds: number }> {
  const began = performance.now()
  let count = 0
  const one = async () => {
    while (performance.now() - began < milliseconds) {
      await hashRaw('271828', options)
      count += 1
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, one))
  return { count, milliseconds: performance.now() - began }
}

speak({ ready: {}, answer: { run: ({ milliseconds }) => run(Number(milliseconds)) } })
