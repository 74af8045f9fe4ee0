// The operator's call that makes an On-Premises client for a business.

import { Hono } from 'hono'
import { installOnPremises } from '#actions/on-premises/install.ts'
import type { World } from '#actions/world.ts'
import type { Exchange } from '#http/exchange.ts'
import { problem } from '#http/problem.ts'
import { callOf } from '../rest/operator.ts'
import { install } from './outcomes.ts'

/** Mounted at the root, behind the operator's token (see rest/operator.ts). */
export function installDoor(world: World): Hono<Exchange> {
  const app = new Hono<Exchange>({ strict: false })
  app.post('/api/v1/operator/businesses/:id/on-premises', async c => {
    const business = c.req.param('id')
    const ending = await installOnPremises(world, callOf(c), { business })
    if (ending.kind !== 'installed') {
      const refusal = install[ending.kind] as (refused: typeof ending) => Parameters<typeof problem>[1]
      return problem(c, refusal(ending))
    }
    const { username, password, healthKey } = ending
    // Told once; what is kept can check them and no more.
    const told = { username, password: password.reveal(), health_key: healthKey.reveal() }
    return c.json({ path: `/on-premises/${business}/v1`, ...told }, 201)
  })
  return app
}
