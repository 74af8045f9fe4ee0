// Where compiled modules are kept between starts: beside what npm installed, filled by `npm ci` (see warm.ts). Without it
// the first start takes twice as long.

import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

/** Turns the cache on. Where it cannot be written, nothing is cached and nothing else changes. */
export function useCompileCache(): void {
  enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'twostep'))
}
