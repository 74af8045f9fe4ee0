// A trial of the way out: what each hop of one message says, and the first hops that all of them share.
//
//     name ─▶ addresses ─▶ connection ─▶ TLS ─▶ login ─▶ the message, and what it is called there
//
// It is shown to the operator who asked for it, and written to no log: what a server says may quote the message.

import { lookup } from 'node:dns/promises'
import { connect, isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import type { Milliseconds } from '#core/kernel/instant.ts'
import type { AddressGuard } from '../webhook/addresses.ts'

export type Hop = {
  readonly hop: 'settings' | 'choice' | 'dns' | 'tcp' | 'tls' | 'login' | 'signature' | 'handing' | 'receipt'
  readonly ok: boolean
  /** In plain words, of one line. */
  readonly says: string
}

export type Target = {
  readonly host: string
  readonly port: number
  /** Whether TLS begins with the first byte. */
  readonly tls: boolean
  /** What may be called; everything unless told. */
  readonly guard?: AddressGuard
  readonly ca?: string | undefined
  readonly patience: Milliseconds
}

/** `socket`: the line, where there is one; whoever asked ends it. */
export type Reached = { readonly hops: readonly Hop[]; readonly socket: Socket | undefined }

/** Looks the name up, connects, and begins TLS where it is to begin at once. Never throws. */
export async function reach({ host, port, tls, guard, ca, patience }: Target): Promise<Reached> {
  const hops: Hop[] = []
  const found = await addressesOf(host, patience)
  if (found.length === 0) {
    const says = `${host} has no address: check the name, and the resolver of this machine`
    return { hops: [{ hop: 'dns', ok: false, says }], socket: undefined }
  }
  hops.push({ hop: 'dns', ok: true, says: isIP(host) > 0 ? `${host} is an address` : `${host} is ${found.join(', ')}` })
  const inner = guard && found.find(address => !guard.mayCall(address))
  if (inner !== undefined) {
    const says = `${inner} is not on the public internet; name it in TWOSTEP_WEBHOOK_ALLOW if it is to be called`
    return { hops: [...hops, { hop: 'dns', ok: false, says }], socket: undefined }
  }
  const socket = await connected(connect({ host, port }), 'connect', patience)
  if (typeof socket === 'string') {
    const says = `no connection to ${host}, port ${port} (${socket}): check the port, and the firewalls on the way`
    return { hops: [...hops, { hop: 'tcp', ok: false, says }], socket: undefined }
  }
  hops.push({ hop: 'tcp', ok: true, says: `connected to ${socket.remoteAddress ?? host}, port ${port}` })
  if (!tls) return { hops, socket }
  const options: ConnectionOptions = { socket, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) }
  const secured = await connected(
    connectTls({ ...options, host, ...(isIP(host) === 0 ? { servername: host } : {}) }),
    'secureConnect',
    patience,
  )
  if (typeof secured === 'string') {
    socket.destroy()
    return { hops: [...hops, { hop: 'tls', ok: false, says: `${tlsWords(secured)} (${secured})` }], socket: undefined }
  }
  return { hops: [...hops, tlsHop(secured)], socket: secured }
}

/** What a line's TLS is, and until when its certificate is good. */
export function tlsHop(socket: TLSSocket): Hop {
  const { subject, issuer, valid_to } = socket.getPeerCertificate()
  const says =
    `${socket.getProtocol()}, ${socket.getCipher().name}; the certificate is ${plain(String(subject?.CN ?? 'nameless'))}'s, ` +
    `by ${plain(String(issuer?.O ?? issuer?.CN ?? 'nobody'))}, good until ${valid_to}`
  return { hop: 'tls', ok: true, says }
}

const tlsWords = (code: string): string =>
  /CERT|SIGNED|ISSUER|ALTNAME|VERIFY/.test(code)
    ? 'its certificate is not accepted; NODE_EXTRA_CA_CERTS names an authority of your own'
    : 'no TLS could be agreed on; is it the port that speaks TLS from the first byte?'

const longestSaid = 300

/** What a stranger's program says, as it may be printed: one line, no signs that a terminal obeys, none of `secrets`. */
export function plain(said: string, secrets: readonly string[] = []): string {
  const hidden = secrets
    .flatMap(secret => [secret, Buffer.from(secret).toString('base64')])
    .filter(secret => secret.length > 3)
    .reduce((text, secret) => text.replaceAll(secret, '[hidden]'), said)
  return hidden
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, longestSaid)
}

async function addressesOf(host: string, patience: Milliseconds): Promise<readonly string[]> {
  if (isIP(host) > 0) return [host]
  try {
    const looked = lookup(host, { all: true }).then(found => found.map(({ address }) => address))
    return await inTime(looked, patience, [])
  } catch {
    return []
  }
}

/** Settles as `work` does, or as `otherwise` when that takes too long. */
export function inTime<Made>(work: Promise<Made>, patience: Milliseconds, otherwise: Made): Promise<Made> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Made>(resolve => {
    timer = setTimeout(() => resolve(otherwise), patience)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** The line once it is there; or why it is not, in a word. */
function connected<Line extends Socket>(line: Line, event: string, patience: Milliseconds): Promise<Line | string> {
  return new Promise(resolve => {
    const late = setTimeout(() => end('ETIMEDOUT'), patience)
    const end = (ended: Line | string) => {
      clearTimeout(late)
      if (typeof ended === 'string') line.destroy()
      resolve(ended)
    }
    line.on('error', (error: NodeJS.ErrnoException) =>
      end(/^[A-Z_0-9]+$/.test(error.code ?? '') ? (error.code ?? '') : 'EUNKNOWN'),
    )
    line.once('close', () => end('ECLOSED'))
    line.once(event, () => end(line))
  })
}
