// Run by `npm ci`: loads what the server loads, so that its first start finds it compiled.

import { flushCompileCache } from 'node:module'
import { useCompileCache } from './compile-cache.ts'

useCompileCache()
await import('./serve.ts')
await import('./contract/operator.ts')
await import('./contract/sandbox.ts')
await import('./storage/sqlite/write-thread.ts')
await import('./cli/command-line.ts')
flushCompileCache()
