#!/usr/bin/env node
// The command line's first file: hands the outside (settings, streams, the clock, the server) to the commands.

import process from 'node:process'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major > 24 || (major === 24 && minor >= 15)) await run()
else {
  // An older one would fail on what it does not know, in words that help nobody.
  process.stderr.write(
    `Twostep needs Node.js 24.15 or newer; this is ${process.version}.\n` +
      'Run it in its folder with  npx twostep : npm ci brought the right one there.\n',
  )
  process.exitCode = 2
}

async function run() {
  // Before anything else is loaded.
  const { useCompileCache } = await import('#compile-cache')
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
}
