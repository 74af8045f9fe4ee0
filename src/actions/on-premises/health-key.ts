// The key a monitor shows instead of a token: it opens the health of an installation and nothing else.

import type { Installation } from '#core/on-premises/installation.ts'
import type { Secret } from '#secrets/secret.ts'
import type { World } from '../world.ts'
import { installationOf } from './installation.ts'

/** What a health key begins with. */
export const healthKeyPrefix = 'twh_'

/** The installation, for whoever holds its health key. One read, and none for garbage. */
export async function healthKeyHolds(world: World, business: string, key: Secret): Promise<Installation | undefined> {
  const presented = world.secrets.readToken(healthKeyPrefix, key.reveal())
  if (presented?.subjectId !== business) return undefined
  const installation = await installationOf(world, business)
  if (installation === undefined) return undefined
  return world.secrets.tokenMatches(installation.healthKey.verifier, presented.secret) ? installation : undefined
}
