// A push service and the browser behind it, for tests: it takes what is posted, checks who signed it (RFC 8292), and
// decrypts it (RFC 8291, RFC 8188), by hand and with Node's own crypto.

import assert from 'node:assert/strict'
import { createDecipheriv, createECDH, createHmac, createPublicKey, randomBytes, verify } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Pushed = {
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** What the browser shows: the decrypted payload. */
  readonly payload: Readonly<Record<string, unknown>>
  /** The claims of the token that was signed with the key in `k`. */
  readonly claims: Readonly<Record<string, unknown>>
  /** The server's public key, as it shows itself. */
  readonly key: string
}

/** Opens one. `answer`: the status of each next answer, 201 unless told. */
export async function openPushEndpoint() {
  const arrived: Pushed[] = []
  const answers: number[] = []
  let wakes: (() => void)[] = []
  const curve = createECDH('prime256v1')
  const p256dh = curve.generateKeys('base64url')
  const auth = randomBytes(16)

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const { key, claims } = signedBy(request.headers.authorization ?? '')
      arrived.push({ headers: request.headers, body, payload: JSON.parse(opened(body)), claims, key })
      response.writeHead(answers.shift() ?? 201).end()
      for (const wake of wakes) wake()
      wakes = []
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  // RFC 8188 §2: salt, record size, the sender's public key, one record.
  function opened(body: Buffer): string {
    const [salt, idLength] = [body.subarray(0, 16), body[20] ?? 0]
    assert.equal(idLength, 65, 'the key id is the public key that the sender made for this message')
    const sender = body.subarray(21, 86)
    assert.ok(body.length <= body.readUInt32BE(16) + 86, 'one record')
    const context = Buffer.concat([Buffer.from('WebPush: info\0'), curve.getPublicKey(), sender])
    const shared = expand(hmac(auth, curve.computeSecret(sender)), context, 32)
    const pseudo = hmac(salt, shared)
    const key = expand(pseudo, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
    const nonce = expand(pseudo, Buffer.from('Content-Encoding: nonce\0'), 12)
    const opening = createDecipheriv('aes-128-gcm', key, nonce)
    opening.setAuthTag(body.subarray(-16))
    const padded = Buffer.concat([opening.update(body.subarray(86, -16)), opening.final()])
    const end = padded.lastIndexOf(2)
    assert.ok(end > 0 && padded.subarray(end + 1).every(byte => byte === 0), 'the last record ends in 2 and zeros')
    return padded.subarray(0, end).toString()
  }

  return {
    origin,
    arrived,
    /** What the browser tells the page when it subscribes. */
    subscription: { endpoint: `${origin}/wpush/v2/abc`, keys: { p256dh, auth: auth.toString('base64url') } },
    /** The next one is answered so. */
    answers: (status: number) => void answers.push(status),
    /** Once so many have arrived. */
    async has(count: number): Promise<readonly Pushed[]> {
      while (arrived.length < count) await new Promise<void>(resolve => wakes.push(resolve))
      return arrived
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const hmac = (key: Uint8Array, data: Uint8Array): Buffer => createHmac('sha256', key).update(data).digest()
// HKDF-Expand (RFC 5869) of one block, which is all that is needed here.
const expand = (key: Uint8Array, info: Uint8Array, length: number): Buffer =>
  hmac(key, Buffer.concat([info, Buffer.of(1)])).subarray(0, length)

/** RFC 8292 §3: a token signed with the key that stands beside it. */
function signedBy(authorization: string): { key: string; claims: Record<string, unknown> } {
  const [, token = '', key = ''] = /^vapid t=([\w.-]+), k=([\w-]{87})$/.exec(authorization) ?? []
  const [head = '', claims = '', signature = ''] = token.split('.')
  const point = Buffer.from(key, 'base64url')
  const part = (from: number) => point.subarray(from, from + 32).toString('base64url')
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: part(1), y: part(33) }, format: 'jwk' })
  const signed = Buffer.from(`${head}.${claims}`)
  const right = verify(
    'sha256',
    signed,
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  assert.ok(right, 'the token is signed with the key beside it')
  assert.deepEqual(JSON.parse(Buffer.from(head, 'base64url').toString()), { typ: 'JWT', alg: 'ES256' })
  return { key, claims: JSON.parse(Buffer.from(claims, 'base64url').toString()) }
}
