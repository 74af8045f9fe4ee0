// The pages for people: the files behind them, and the manager.

import { Hono } from 'hono'
import type { World } from '#actions/world.ts'
import type { Exchange } from '#http/exchange.ts'
import { pageAssets } from './assets.ts'
import { managerPages } from './manager/routes.ts'
import type { ManagerOptions } from './manager/visit.ts'

/** Mounted at the root. */
export function pages(world: World, options: ManagerOptions): Hono<Exchange> {
  const app = new Hono<Exchange>({ strict: false })
  app.route('/', pageAssets(options))
  app.route('/', managerPages(world, options))
  return app
}
