#!/usr/bin/env node
// The command line's first file: hands the outside (settings, streams, the clock, the server) to the commands.

import process from 'node:process'
import { useCompileCache } from '#compile-cache'

// Before anything else is loaded.
useCompileCache()
const { runCommandLine } = await import('./command-line.ts')
const { systemClock } = await import('#clock')
const { env, stdin, stdout, stderr } = process
const terminal = {
  env,
  stdin,
  stdout,
  stderr,
  clock: systemClock(),
  serve: async () => (await import('#start')).start(),
}
const code = await runCommandLine(process.argv.slice(2), terminal)
if (code !== undefined) process.exitCode = code
