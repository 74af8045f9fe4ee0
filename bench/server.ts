// Our server as it runs in production, with couriers that hand what they carry to the load generator: one line a message,
// written once a turn. Without them no code could be checked.

import { writeSync } from 'node:fs'
import { destination } from 'pino'
import { readConfig } from '#config'
import type { Courier } from '#delivery/courier.ts'
import { createLog } from '#observe/log.ts'
import { serve } from '../src/serve.ts'
import { speak } from './child.ts'

const config = readConfig(process.env)
const handedTo = 3
let lines = ''

const courier: Courier = {
  async send(message) {
    if (lines === '') setImmediate(hand)
    lines += `${message.to} ${'code' in message ? message.code : ''}\n`
    return { kind: 'taken' }
  },
}

// The reader is on another core and never far behind.
function hand(): void {
  const written = lines
  lines = ''
  writeSync(handedTo, written)
}

// Each line is written as in production; only nobody keeps it.
const to = destination({ dest: '/dev/null', sync: true })
const log = createLog({ level: config.logLevel, now: Date.now, stacks: false, to })
const running = await serve(config, log, { sms: courier, voice: courier, email: courier })
speak({ ready: { port: Number(new URL(running.url).port) }, answer: {}, end: running.stop })
