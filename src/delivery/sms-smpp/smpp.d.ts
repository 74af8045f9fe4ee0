// What we use of the package `smpp`, which comes without types.

declare module 'smpp' {
  import type { EventEmitter } from 'node:events'
  import type { Server as NetServer, Socket } from 'node:net'

  type Decoded = { readonly message?: string | Buffer; readonly udh?: readonly Buffer[] }

  /** A PDU as it came in. What the other side left out is missing. */
  export type ReceivedPdu = {
    readonly command: string
    readonly command_status: number
    readonly sequence_number: number
    readonly system_id?: string
    readonly password?: string
    readonly message_id?: string
    readonly source_addr?: string
    readonly source_addr_ton?: number
    readonly source_addr_npi?: number
    readonly destination_addr?: string
    readonly dest_addr_ton?: number
    readonly dest_addr_npi?: number
    readonly esm_class?: number
    readonly data_coding?: number
    readonly registered_delivery?: number
    readonly validity_period?: Date | string
    readonly message_state?: number
    readonly receipted_message_id?: string
    readonly short_message?: Decoded
    readonly message_payload?: Decoded
    isResponse(): boolean
    response(fields?: Record<string, unknown>): ReceivedPdu
  }

  type Fields = Record<string, unknown>
  type Answered = (pdu: ReceivedPdu) => void

  export class Session extends EventEmitter {
    readonly socket: Socket
    send(pdu: ReceivedPdu): boolean
    bind_transceiver(fields: Fields, answered: Answered): boolean
    bind_transmitter(fields: Fields, answered: Answered): boolean
    bind_receiver(fields: Fields, answered: Answered): boolean
    submit_sm(fields: Fields, answered: Answered): boolean
    deliver_sm(fields: Fields, answered: Answered): boolean
    enquire_link(fields: Fields, answered: Answered): boolean
    unbind(fields: Fields, answered: Answered): boolean
    close(closed?: () => void): void
    destroy(closed?: () => void): void
  }

  const smpp: {
    connect(options: Record<string, unknown>): Session
    createServer(options: Record<string, unknown>, each: (session: Session) => void): NetServer
  }
  export default smpp
}
