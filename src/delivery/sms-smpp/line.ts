// One line to an SMSC: bound once, kept alive, bound again when it breaks.
//
//                connect            bound
//     (begun) ─────────▶ opening ─────────▶ open ◀────────┐ enquire_link, each answered in time
//                ▲          │                │ ├──────────┘
//                │ refused, │ no answer      │ │ unbind, a broken line, no answer to enquire_link
//                │          ▼                ▼ ▼
//                └──────── resting (a second, doubling to a minute, with jitter)
//     close: unbind, then gone
//
// What was under way on a line that breaks may have been taken: that is said, never guessed at.

import smpp, { type ReceivedPdu, type Session } from 'smpp'
import { type Milliseconds, minute, second } from '#core/kernel/instant.ts'
import type { Dice } from '#secrets/dice.ts'
import type { SmppServer } from './smpp-url.ts'

export type LineOptions = {
  readonly server: SmppServer
  readonly dice: Dice
  /** What the SMSC delivers. Answered once it is settled; a failure is answered as one for the moment. */
  readonly onDelivered: (pdu: ReceivedPdu) => Promise<void>
  /** Told what happened to the line, in words of a closed set. */
  readonly onChange: (what: 'bound' | 'bind_refused' | 'broken' | 'unreachable') => void
  readonly ca?: string
  /** 5 seconds unless told: for connecting and binding, for the answer to enquire_link and to unbind. */
  readonly patience?: Milliseconds
  /** How long the first rest is; a second unless told. */
  readonly firstRest?: Milliseconds
}

/** How a submit_sm was answered: by a PDU, by nothing although it left, or it never left. */
export type Submitted =
  | { readonly kind: 'answered'; readonly status: number; readonly messageId: string }
  | { readonly kind: 'silent' | 'unsent' }

export type Line = {
  /** Whether the line is bound, after waiting for it as long as `signal` lets it. */
  readonly open: (signal: AbortSignal) => Promise<boolean>
  /** How many submits have no answer yet. */
  readonly underWay: () => number
  readonly submit: (fields: Record<string, unknown>, signal: AbortSignal) => Promise<Submitted>
  readonly close: () => Promise<void>
}

const longestRest: Milliseconds = minute
/** What is delivered to us and not stored yet. More is told to come later: a flood must not become a backlog of ours. */
const mostInHand = 32
const temporaryFault = 0x64
const invalidCommand = 0x03

export function openLine(options: LineOptions): Line {
  const { server, dice, onChange, patience = 5 * second, firstRest = second } = options
  const waiting = new Set<(isOpen: boolean) => void>()
  let session: Session | undefined
  let bound = false
  let closed = false
  let rests = 0
  let resting: NodeJS.Timeout | undefined
  let underWay = 0

  const tell = (isOpen: boolean) => {
    for (const each of [...waiting]) each(isOpen)
  }

  const rest = () => {
    if (closed) return
    const full = Math.min(longestRest, firstRest * 2 ** Math.min(rests, 10))
    rests += 1
    const [byte = 0] = dice.bytes(1)
    resting = setTimeout(connect, full / 2 + (full / 2) * (byte / 255))
  }

  function connect() {
    const made = sessionTo(server, options.ca)
    session = made
    // Neither a connection nor a bind may take its time: one that hangs looks like one that is coming.
    const late = setTimeout(() => made.destroy(), patience)
    const keptAlive = keepAlive(made, server.enquireEvery, patience)
    made.on('error', () => made.destroy())
    made.on('close', () => {
      clearTimeout(late)
      keptAlive.stop()
      if (session !== made) return
      onChange(bound ? 'broken' : 'unreachable')
      session = undefined
      bound = false
      tell(false)
      rest()
    })
    made.on('pdu', (pdu: ReceivedPdu) => hear(made, pdu, options.onDelivered))
    made.on(server.tls ? 'secureConnect' : 'connect', () => {
      const { user, password, systemType } = server
      const fields = { system_id: user, password: password.reveal(), system_type: systemType, interface_version: 0x34 }
      const bind = server.bind === 'transceiver' ? 'bind_transceiver' : 'bind_transmitter'
      made[bind](fields, answer => {
        clearTimeout(late)
        if (answer.command_status !== 0) {
          onChange('bind_refused')
          made.destroy()
          return
        }
        bound = true
        rests = 0
        keptAlive.start()
        onChange('bound')
        tell(true)
      })
    })
  }
  connect()

  return {
    open(signal) {
      if (bound || closed || signal.aborted) return Promise.resolve(bound)
      return new Promise(resolve => {
        const done = (isOpen: boolean) => {
          waiting.delete(done)
          signal.removeEventListener('abort', giveUp)
          resolve(isOpen)
        }
        const giveUp = () => done(false)
        waiting.add(done)
        signal.addEventListener('abort', giveUp)
      })
    },

    underWay: () => underWay,

    submit(fields, signal) {
      const over = session
      if (over === undefined || !bound || closed) return Promise.resolve({ kind: 'unsent' })
      return new Promise(resolve => {
        underWay += 1
        let answered = false
        const settle = (ended: Submitted) => {
          signal.removeEventListener('abort', giveUp)
          resolve(ended)
        }
        const giveUp = () => settle({ kind: 'silent' })
        // The place in the window is held until the SMSC answers, or the line is gone: it counts the same way.
        const free = () => {
          if (answered) return
          answered = true
          underWay -= 1
          over.off('close', broken)
        }
        const broken = () => {
          free()
          giveUp()
        }
        const isSent = over.submit_sm(fields, ({ command_status, message_id = '' }) => {
          free()
          settle({ kind: 'answered', status: command_status, messageId: message_id })
        })
        if (!isSent) {
          free()
          settle({ kind: 'unsent' })
          return
        }
        over.on('close', broken)
        signal.addEventListener('abort', giveUp)
        if (signal.aborted) giveUp()
      })
    },

    async close() {
      if (closed) return
      closed = true
      clearTimeout(resting)
      tell(false)
      const ending = session
      if (ending === undefined) return
      await new Promise<void>(resolve => {
        const late = setTimeout(() => ending.destroy(), patience)
        ending.once('close', () => {
          clearTimeout(late)
          resolve()
        })
        // Unbound, the SMSC keeps receipts for the next line instead of sending them into this one.
        if (!bound || !ending.unbind({}, () => ending.close())) ending.destroy()
      })
    },
  }
}

function sessionTo({ host, port, tls }: SmppServer, ca: string | undefined): Session {
  const secure = { tls: true, servername: host, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) }
  const made = smpp.connect({ host, port, ...(tls ? secure : {}) })
  made.setMaxListeners(0)
  return made
}

/** Asks now and then whether the other side is there, and ends a line on which nobody answers. */
function keepAlive(session: Session, every: Milliseconds, patience: Milliseconds) {
  let asking: NodeJS.Timeout | undefined
  let late: NodeJS.Timeout | undefined
  return {
    start() {
      asking = setInterval(() => {
        if (late !== undefined) return
        late = setTimeout(() => session.destroy(), patience)
        session.enquire_link({}, () => {
          clearTimeout(late)
          late = undefined
        })
      }, every)
    },
    stop() {
      clearInterval(asking)
      clearTimeout(late)
    },
  }
}

const inHand = new WeakMap<Session, number>()

/** Answers what the SMSC asks. */
function hear(session: Session, pdu: ReceivedPdu, onDelivered: LineOptions['onDelivered']): void {
  if (pdu.isResponse() || pdu.command === 'alert_notification' || pdu.command === 'outbind') return
  const answer = (status: number) => session.send(pdu.response({ command_status: status }))
  switch (pdu.command) {
    case 'enquire_link':
      answer(0)
      return
    case 'unbind':
      answer(0)
      session.close()
      return
    case 'deliver_sm': {
      const before = inHand.get(session) ?? 0
      if (before >= mostInHand) {
        answer(temporaryFault)
        return
      }
      inHand.set(session, before + 1)
      // Only what is stored is said to be taken: else the SMSC forgets what we never knew.
      void onDelivered(pdu)
        .then(
          () => answer(0),
          () => answer(temporaryFault),
        )
        .finally(() => inHand.set(session, (inHand.get(session) ?? 1) - 1))
      return
    }
    default:
      answer(invalidCommand)
  }
}
