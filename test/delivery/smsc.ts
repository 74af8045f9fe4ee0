// An SMSC for tests: the server's side of SMPP 3.4, over a real socket, that answers as told.

import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { after } from 'node:test'
import smpp, { type ReceivedPdu, type Session } from 'smpp'

/** A submit_sm as it came: its text read by its alphabet, without the header that joins parts. */
export type Submitted = {
  readonly to: string
  readonly from: string
  readonly text: string
  readonly dataCoding: number
  readonly esmClass: number
  readonly header: readonly number[]
  readonly registered: number
  readonly pdu: ReceivedPdu
}

type Answers = {
  /** The status a bind is answered with; 0 unless told. */
  readonly bind?: (pdu: ReceivedPdu) => number
  /** What a submit_sm is answered with; `undefined`: nothing. */
  readonly submit?: (submitted: Submitted, count: number) => { status?: number; id?: string } | undefined
  /** Whether enquire_link is answered. */
  readonly alive?: () => boolean
  readonly tls?: { readonly cert: string; readonly key: string }
}

export type Smsc = Awaited<ReturnType<typeof startSmsc>>

export async function startSmsc(answers: Answers = {}) {
  const submitted: Submitted[] = []
  const heard: string[] = []
  const sessions: Session[] = []
  const waiting = new Set<() => void>()
  const tell = (what: string) => {
    heard.push(what)
    for (const look of [...waiting]) look()
  }
  const each = (session: Session) => {
    sessions.push(session)
    session.on('error', () => session.destroy())
    session.on('close', () => tell('close'))
    session.on('pdu', (pdu: ReceivedPdu) => {
      if (pdu.isResponse()) return
      if (/^bind_/.test(pdu.command)) {
        session.send(pdu.response({ command_status: answers.bind?.(pdu) ?? 0, system_id: 'smsc' }))
      } else if (pdu.command === 'submit_sm') {
        const read = readSubmit(pdu)
        submitted.push(read)
        const answer = answers.submit ? answers.submit(read, submitted.length) : { id: `m${submitted.length}` }
        const { status = 0, id = '' } = answer ?? {}
        if (answer !== undefined) session.send(pdu.response({ command_status: status, message_id: id }))
      } else if (pdu.command !== 'enquire_link' || (answers.alive?.() ?? true)) {
        session.send(pdu.response())
        if (pdu.command === 'unbind') session.close()
      }
      tell(pdu.command)
    })
  }
  const server: Server = smpp.createServer({ ...answers.tls }, each)
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => {
    for (const session of sessions) session.destroy()
    server.close()
  })
  return {
    ...{ submitted, heard, sessions, port: (server.address() as AddressInfo).port },
    /** Waits until what was heard is enough. */
    async until(isEnough: (heard: readonly string[]) => boolean): Promise<void> {
      if (isEnough(heard)) return
      await new Promise<void>(resolve => {
        const look = () => {
          if (!isEnough(heard)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
      })
    },
    /** Sends a receipt as appendix B of SMPP 3.4 shows it; answers with the status it is answered with. */
    receipt: (id: string, stat: string, more: Record<string, unknown> = {}) =>
      new Promise<number>(resolve => {
        const text = `id:${id} sub:001 dlvrd:001 submit date:2701150800 done date:2701150801 stat:${stat} err:000 text:`
        const fields = { esm_class: 4, source_addr: '447700900123', short_message: Buffer.from(text), ...more }
        sessions.at(-1)?.deliver_sm({ ...fields, destination_addr: 'Twostep' }, pdu => resolve(pdu.command_status))
      }),
  }
}

function readSubmit(pdu: ReceivedPdu): Submitted {
  const { message = '' } = (pdu.short_message?.message?.length ? pdu.short_message : pdu.message_payload) ?? {}
  return {
    to: pdu.destination_addr ?? '',
    from: pdu.source_addr ?? '',
    text: typeof message === 'string' ? message : message.toString('latin1'),
    dataCoding: pdu.data_coding ?? 0,
    esmClass: pdu.esm_class ?? 0,
    header: [...(pdu.short_message?.udh?.[0] ?? [])],
    registered: pdu.registered_delivery ?? 0,
    pdu,
  }
}
