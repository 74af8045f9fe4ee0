// The sandbox's own door: what was sent, for programs and for people, and a clock that can be moved. In production none
// of this is mounted.

import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { moveClock, type ShownMessage, shownMessages } from '#actions/sandbox.ts'
import type { Call, World } from '#actions/world.ts'
import { readDuration } from '#core/kernel/duration.ts'
import type { Instant, Milliseconds } from '#core/kernel/instant.ts'
import type { Exchange } from '#http/exchange.ts'
import { problem } from '#http/problem.ts'
import { securityHeaders } from '#http/security-headers.ts'
import { parseNumber } from '#numbering/number.ts'
import { decodeBy } from '../rest/decode.ts'
import { outboxPage, outboxStyle } from './outbox-page.ts'

const contract = () => import('#contract/sandbox.ts')

export type SandboxOptions = {
  /** Moves the world's clock, and wakes what waits for time. */
  readonly advance: (by: Milliseconds) => Instant
  /** The names this machine is asked by, when only it may ask; `undefined` when the sandbox was opened to others. */
  readonly onlyHosts: readonly string[] | undefined
}

/** Mounted at the root, in the sandbox only. */
export function sandboxDoor(world: World, { advance, onlyHosts }: SandboxOptions): Hono<Exchange> {
  const app = new Hono<Exchange>({ strict: false })
  app.use('/sandbox/*', async (c, next) => {
    c.set('door', 'sandbox')
    await next()
  })
  app.use('/sandbox/*', ownVisitorsOnly(onlyHosts))
  app.use('/sandbox/*', securityHeaders('person', false))

  app.get('/sandbox/outbox', async c => {
    const read = await decodeBy(c, async () => (await contract()).outboxRequest)
    if (read.kind === 'refused') return read.reply
    const { to, channel } = read.value
    const messages = await shownMessages(world, { to: to === undefined ? undefined : addressees(to), channel })
    if (wantsPage(c)) return c.html(outboxPage({ messages, now: world.clock.now(), to, channel }))
    return c.json({ messages: messages.map(shown) })
  })
  app.get('/sandbox/outbox.css', c => c.body(outboxStyle, 200, { 'Content-Type': 'text/css; charset=utf-8' }))

  app.post('/sandbox/clock', async c => {
    const read = await decodeBy(c, async () => (await contract()).moveClockRequest)
    if (read.kind === 'refused') return read.reply
    const by = readDuration(read.value.advance)
    if (by === undefined) {
      return problem(c, {
        status: 400,
        kind: 'invalid_request',
        title: 'The request is not valid.',
        detail: 'advance: write an ISO 8601 duration of weeks, days, hours, minutes and seconds, such as P7D or PT30M.',
      })
    }
    const now = await moveClock(world, callOf(c), by, advance)
    if (now === undefined) {
      return problem(c, {
        status: 400,
        kind: 'too_far',
        title: 'The sandbox goes no further than a century ahead.',
        detail: 'Stop the server, delete its data folder, and start anew.',
      })
    }
    return c.json({ now: new Date(now).toISOString() })
  })
  return app
}

// A page of another site must neither read the codes here, by giving its own name our address, nor move the clock.
function ownVisitorsOnly(onlyHosts: readonly string[] | undefined): MiddlewareHandler<Exchange> {
  return async (c, next) => {
    const host = URL.parse(`http://${c.req.header('host') ?? ''}`)?.hostname ?? ''
    const foreign = onlyHosts !== undefined && !onlyHosts.includes(host)
    if (!foreign && c.req.header('sec-fetch-site') !== 'cross-site') return next()
    return problem(c, {
      status: 403,
      kind: 'foreign_site',
      title: 'The sandbox answers its own machine only.',
      detail: 'Use the address that npm start printed. To open it to others, set TWOSTEP_HOST.',
    })
  }
}

// `+` in a query is a space to a form parser; a number is found in any spelling. The id of a device is all digits too.
function addressees(to: string): readonly string[] {
  const parsed = parseNumber(/^ ?[0-9]/.test(to) ? `+${to.trim()}` : to)
  return parsed.kind === 'number' ? [to, parsed.e164] : [to]
}

const shown = ({ id, at, channel, to, from, subject, text, code, link }: ShownMessage) => ({
  id,
  at: new Date(at).toISOString(),
  channel,
  to,
  from,
  subject,
  text,
  code,
  link,
})

const wantsPage = (c: Context<Exchange>): boolean => (c.req.header('accept') ?? '').includes('text/html')

const callOf = (c: Context<Exchange>): Call => ({
  door: 'sandbox',
  party: 'sandbox',
  requestId: c.get('requestId'),
  signal: c.get('deadline'),
})
