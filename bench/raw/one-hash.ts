// One argon2id at the cost the server uses.

import { hashRaw } from '@node-rs/argon2'
import { owaspPinParameters } from '#secrets/pin-verifier.ts'

const { memoryKiB: memoryCost, passes: timeCost, lanes: parallelism } = owaspPinParameters

export const oneHash = (): Promise<Uint8Array> =>
  // 2: argon2id, as in the server.
  hashRaw('271828', { algorithm: 2, memoryCost, timeCost, parallelism, outputLen: 32 })
