// Starting from the command line: reads the settings, serves, prints what a newcomer needs, and stops when told.

import { destination } from 'pino'
import { advise, ConfigWrong, publicUrl, readConfig } from '#config'
import { second } from '#core/kernel/instant.ts'
import { CannotListen } from '#http/server.ts'
import { createLog } from '#observe/log.ts'
import { KeyRingUnusable } from '#secrets/key-ring.ts'
import { StoreUnusable } from '#storage/store.ts'
import { systemClock } from './clock.ts'
import { giveBackWhenQuiet } from './give-back.ts'
import { type Running, sandboxNumber, serve } from './serve.ts'

/** Starts the server that the environment describes. What is in the way is told, and the exit code is then 1. */
export async function start(): Promise<void> {
  try {
    await serveUntilTold()
  } catch (error) {
    // What a person can mend is told in words; anything else is a bug and shows where it is.
    const known = [ConfigWrong, KeyRingUnusable, StoreUnusable, CannotListen].some(each => error instanceof each)
    process.stderr.write(`${known && error instanceof Error ? error.message : (error as Error)?.stack}\n`)
    process.exitCode = 1
  }
}

async function serveUntilTold(): Promise<void> {
  const config = readConfig(process.env)
  const clock = systemClock()
  const sandbox = config.mode === 'sandbox'
  // Standard output belongs to the person who started the sandbox; the log has standard error to itself.
  const to = destination({ dest: 2, sync: true })
  const log = createLog({ level: config.logLevel, now: () => clock.now(), stacks: sandbox, to })
  const running = await serve(config, log)
  // Before anything is printed: whoever waits for the first line may stop us at once, and must get a graceful stop.
  const stop = async () => {
    await running.stop()
    process.stdout.write('Stopped.\n')
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop())

  const url = publicUrl(config, Number(new URL(running.url).port))
  if (sandbox) process.stdout.write(welcome(url, running))
  else process.stdout.write(`Twostep listens on ${running.url}\n`)
  for (const advice of advise(config)) process.stderr.write(`${advice}\n`)
  giveBackWhenQuiet(second)
}

function welcome(url: string, { ready, admin, healthKey, operatorToken }: Running): string {
  const lines = [
    '',
    `  Twostep sandbox   ${url}`,
    '',
    `  Account pages     ${url}/account   sign up with any address: its mail is in the outbox`,
    `  Outbox            ${url}/sandbox/outbox   what would have been sent: codes, notices, texts`,
    `  API reference     ${url}/docs   to read, to search and to try`,
    `  Health            ${url}/readyz`,
    '',
    '  A business account that is ready to be used:',
    `    business (WABA) id   ${ready?.business}`,
    `    phone-number id      ${ready?.claim}   (${sandboxNumber}, registered, two-step off)`,
    `    access token         ${ready?.accessToken}`,
    `    manager pages        ${url}/manager   (${admin?.email}, ${admin?.password})`,
    `    On-Premises client   ${url}/v1   (admin, secret; the first login brings a new_password)`,
    `    health key           ${healthKey}`,
    '',
    `  Operator token    ${operatorToken.reveal()}`,
    '',
    '  Everything is kept under TWOSTEP_DATA_DIR (./data). Stop with Ctrl-C. This is a sandbox: not for production.',
    '',
    '',
  ]
  return lines.join('\n')
}
