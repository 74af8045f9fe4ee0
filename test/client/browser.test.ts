// The client in a real Chromium, bundled as a page would have it: WebCrypto and fetch are all it needs.

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, test } from 'node:test'
import { build } from 'esbuild'
import { newBusiness, startSandbox, verifiedNumber } from '../faces/sandbox.ts'
import { openBrowser, person } from '../pages/browser.ts'

const sandbox = await startSandbox()
after(() => sandbox[Symbol.asyncDispose]())
const { url } = sandbox

// What a page would do, where the bundle is `client`. It is handed over as its text.
async function program({ accessToken, phoneNumberId, signature, body }: Given) {
  const { client, location } = globalThis as unknown as { client: Client; location: URL }
  const warnings: string[] = []
  const onWarning = ({ kind }: { kind: string }) => warnings.push(kind)
  const whatsapp = new client.WhatsApp({ baseUrl: location.origin, accessToken, phoneNumberId, onWarning })
  const { data } = await whatsapp.registration.register({ pin: '123456' })
  const refused = await whatsapp.registration.register({ pin: '837465' }).catch((error: { code: number }) => error.code)
  const headers = { 'x-hub-signature-256': signature }
  const webhook = await client.readWhatsAppWebhook({ headers, body, appSecret: 'app secret' })
  const handshake = await client.answerHandshake('/?hub.mode=subscribe&hub.challenge=1&hub.verify_token=t', 't')
  return [data.success, refused, warnings.join(), webhook.ok, handshake.status]
}
type Given = Readonly<Record<'accessToken' | 'phoneNumberId' | 'signature' | 'body', string>>
type Client = typeof import('#client/index.ts')

test('a bundle of the client works in a browser', async () => {
  const { outputFiles } = await build({
    entryPoints: ['src/client/index.ts'],
    ...{ bundle: true, minify: true, write: false, format: 'iife', globalName: 'client', logLevel: 'silent' },
  })
  const business = await newBusiness(url)
  const phoneNumberId = await verifiedNumber(url, business, '7700903001')
  const browser = await openBrowser()
  try {
    await using page = await person(browser, url)
    // A page of the server's own origin, without the rules that its real pages have about scripts.
    await page.route('**/a-page', route =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>x</title>' }),
    )
    await page.goto('/a-page')
    await page.evaluate(`${outputFiles?.[0]?.text}; globalThis.client = client`)
    const body = '{"object":"whatsapp_business_account","entry":[]}'
    const signature = `sha256=${createHmac('sha256', 'app secret').update(body).digest('hex')}`
    const given: Given = { accessToken: business.token, phoneNumberId, signature, body }
    const answers = await page.evaluate(`(${program})(${JSON.stringify(given)})`)
    assert.deepEqual(answers, [true, 133005, 'weak_pin', true, 200])
  } finally {
    await browser.close()
  }
})
