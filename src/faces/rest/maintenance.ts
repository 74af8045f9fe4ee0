// The operator's door to a running server's upkeep: rotating its keys.

import { type Context, Hono } from 'hono'
import type { KeyRotation, RotationState } from '#actions/key-rotation.ts'
import type { Exchange } from '#http/exchange.ts'

const rotation = '/api/v1/operator/keys/rotation'

/** Mounted at the root, behind the operator's token (see operator.ts). */
export function maintenanceDoor(keys: KeyRotation): Hono<Exchange> {
  const app = new Hono<Exchange>({ strict: false })
  app.get(rotation, c => answer(c, keys.state(), 200))
  app.post(rotation, c => answer(c, keys.start(), 202))
  return app
}

const answer = (c: Context<Exchange>, { kind, ...rest }: RotationState, status: 200 | 202) =>
  c.json({ state: kind, ...rest }, status)
