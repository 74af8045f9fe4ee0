// A server as `npm start` runs it, but for its couriers: they tell whoever started it what they are handed, and answer
// when they are let. Run by takeover.test.ts as a process of its own; the messages both ways are below.

import { readConfig } from '#config'
import type { Courier } from '#delivery/courier.ts'
import { createLog } from '#observe/log.ts'
import { serve } from '../../src/serve.ts'

/** What the server tells. `handed` is the id of a message that left, or would have; `heard` is the last thing it was asked. */
export type Told =
  | { readonly listens: string }
  | { readonly heard: Asked }
  | { readonly handed: string }
  | { readonly logged: string }

/** What it is told: `hold` keeps each handing open from now on, `release` lets all of them end. */
export type Asked = 'hold' | 'release'

const tell = (told: Told) => process.send?.(told)

let gate: PromiseWithResolvers<void> | undefined
const courier: Courier = {
  async send(_message, id) {
    tell({ handed: id })
    await gate?.promise
    return { kind: 'taken' }
  },
}

process.on('message', (asked: Asked) => {
  gate?.resolve()
  gate = asked === 'hold' ? Promise.withResolvers() : undefined
  tell({ heard: asked })
})

const log = createLog({ level: 'warn', now: () => 0, stacks: true, to: { write: logged => tell({ logged }) } })
const running = await serve(readConfig(process.env), log, { sms: courier, voice: courier, email: courier })
const stop = async () => {
  await running.stop()
  if (process.connected) process.disconnect()
}
process.once('SIGTERM', stop)
// Whoever started us is gone.
process.once('disconnect', stop)
tell({ listens: running.url })
