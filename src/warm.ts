// Run by `npm ci`: loads what the server loads, so that its first start finds it compiled.

import { flushCompileCache } from 'node:module'
import { useCompileCache } from './compile-cache.ts'

useCompileCache()
await import('./serve.ts')
await import('./cli/command-line.ts')
flushCompileCache()
