// The operator's door to the secret that signs a business's webhooks.

import { Hono } from 'hono'
import { makeAppSecret } from '#actions/business-webhook.ts'
import type { World } from '#actions/world.ts'
import type { Exchange } from '#http/exchange.ts'
import { problem } from '#http/problem.ts'
import { callOf } from './operator.ts'

/** Mounted at the root, behind the operator's token (see operator.ts). */
export function appSecretDoor(world: World): Hono<Exchange> {
  const app = new Hono<Exchange>({ strict: false })
  app.post('/api/v1/operator/businesses/:id/app-secret', async c => {
    const ending = await makeAppSecret(world, callOf(c), { business: c.req.param('id') })
    if (ending.kind === 'made') return c.json({ app_secret: ending.secret.reveal() }, 201)
    return problem(c, {
      status: 404,
      kind: 'no_such_business',
      title: 'There is no such business.',
      detail: 'Create it with POST /api/v1/operator/businesses and use the id of its answer.',
    })
  })
  return app
}
