// The pages for people: the files behind them, the API reference, the accounts, and the manager.

import { Hono } from 'hono'
import type { World } from '#actions/world.ts'
import type { Exchange } from '#http/exchange.ts'
import { accountPages } from './account/routes.ts'
import type { AccountOptions } from './account/visit.ts'
import { type AssetOptions, pageAssets } from './assets.ts'
import { managerPages } from './manager/routes.ts'
import type { ManagerOptions } from './manager/visit.ts'
import { type ReferenceOptions, referencePages } from './reference/routes.ts'

/** What all pages need, and where they are reached. */
export type PagesOptions = ManagerOptions & AccountOptions & AssetOptions & ReferenceOptions

/** Mounted at the root. */
export function pages(world: World, options: PagesOptions): Hono<Exchange> {
  const app = new Hono<Exchange>({ strict: false })
  app.route('/', pageAssets(options))
  app.route('/', referencePages(world, options))
  app.route('/', accountPages(world, options))
  app.route('/', managerPages(world, options))
  return app
}
