// The one place where real things are made: settings → server → listen; and a graceful stop.

import { useCompileCache } from './compile-cache.ts'

// Before anything else is loaded.
useCompileCache()
await import('./start.ts')
