// The one place where real things are made: settings → server → listen; and a graceful stop.

import { useCompileCache } from './compile-cache.js'

// Before anything else is loaded.
useCompileCache()
const { start } = await import('./start.ts')
await start()
