// Where compiled modules are kept between starts: beside what npm installed, filled by `npm ci` (see warm.ts).
//
// This file and the two that programs begin with (main.js, cli/twostep.js) are JavaScript on purpose. Everything else is
// TypeScript, and its cached form has no types left. One file without a cached form brings in the program that takes types
// out: 18 MB of memory and a tenth of a second, in each thread.

import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

/** Turns the cache on. Where it cannot be written, nothing is cached and nothing else changes. */
export function useCompileCache() {
  const folder = join(import.meta.dirname, '..', 'node_modules', '.cache', 'twostep')
  enableCompileCache(folder)
  // A thread looks for it here when it begins.
  process.env.NODE_COMPILE_CACHE ??= folder
}
