// The client as its users get it: packed, installed into an empty folder, and used from JavaScript and TypeScript, on every
// Node of this machine, against a running sandbox.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { build } from 'esbuild'
import { publint } from 'publint'
import { call, newBusiness, newestCode, operatorToken, startSandbox, verifiedNumber } from '../faces/sandbox.ts'
import { installClient, nodes, run } from './package.ts'
import { graphError } from './wires.ts'

const client = installClient()
after(() => client[Symbol.dispose]())
const sandbox = await startSandbox()
after(() => sandbox[Symbol.asyncDispose]())
const { url } = sandbox
const machines = nodes()
const newest = process.execPath

const installed = join(client.project, 'node_modules/@twostep/client')
const read = (name: string) => readFileSync(join(installed, name), 'utf8')
const blocksOf = (path: string, language: string): readonly string[] =>
  [...readFileSync(path, 'utf8').matchAll(new RegExp(`\`\`\`${language}(?: [^\\n]*)?\\n(.*?)\`\`\``, 'gs'))].map(
    ([, block]) => block ?? '',
  )

test('the package needs nothing, and holds the client, its types, its guide and its licence', () => {
  const { dependencies, peerDependencies, scripts, engines, exports } = JSON.parse(read('package.json'))
  assert.deepEqual([dependencies, peerDependencies, scripts], [undefined, undefined, undefined])
  assert.deepEqual([engines.node, Object.keys(exports)], ['>=20.3', ['.', './package.json']])
  const files = execFileSync('tar', ['-tzf', client.tarball], { encoding: 'utf8' }).trim().split('\n')
  const outside = files.filter(path => !/^package\/dist\/[\w-]+\.(?:d\.ts|js)$/.test(path)).toSorted()
  assert.deepEqual(outside, ['package/LICENSE', 'package/README.md', 'package/package.json'])
  assert.match(read('README.md'), /^# The client/)
  assert.doesNotMatch(read('README.md'), /\]\((?!https?:)/, 'a link that leads out of the package')
  for (const path of files.filter(path => path.startsWith('package/dist/'))) {
    const code = read(path.replace('package/', ''))
    assert.doesNotMatch(code, /from '(?!\.\/[\w-]+\.js')|import\(|require\(|node:/, path)
  }
})

test('publint and are-the-types-wrong find nothing', async () => {
  const tarball = readFileSync(client.tarball)
  const bytes = new Uint8Array(tarball)
  const { messages } = await publint({ pack: { tarball: bytes.buffer } })
  assert.deepEqual(messages, [])
  const { problems } = Object(await checkPackage(createPackageFromTarballData(bytes)))
  // It is ES modules only: a CommonJS program loads it with import(), or with require() from Node 20.19 on.
  const kinds = (problems as readonly { readonly kind: string }[]).map(({ kind }) => kind)
  assert.deepEqual(kinds, ['CJSResolvesToESM'])
})

test('the whole is under 12 kB compressed, and who takes a part takes no more', async () => {
  const sizeOf = async (code: string): Promise<{ readonly text: string; readonly size: number }> => {
    const stdin = { contents: code, resolveDir: client.project }
    const options = { bundle: true, minify: true, format: 'esm', write: false, logLevel: 'silent' } as const
    const { outputFiles } = await build({ stdin, ...options })
    const text = outputFiles[0]?.text ?? ''
    return { text, size: gzipSync(text, { level: 9 }).length }
  }
  const all = await sizeOf("export * from '@twostep/client'")
  const whatsapp = await sizeOf("export { WhatsApp } from '@twostep/client'")
  const twostep = await sizeOf("export { Twostep } from '@twostep/client'")
  const webhooks = await sizeOf("export { readWhatsAppWebhook, answerHandshake } from '@twostep/client'")
  const nothing = await sizeOf("import '@twostep/client'")
  const sizes = [all, whatsapp, twostep, webhooks, nothing].map(({ size }) => size)
  const [inAll = 0, ofWhatsApp = 0, ofTwostep = 0, ofWebhooks = 0] = sizes
  assert.ok(inAll < 12_000, `all: ${inAll}`)
  assert.ok(read('README.md').includes(`no dependencies, ${Math.round(inAll / 1_000)} kB compressed`), `all: ${inAll}`)
  assert.ok(ofWhatsApp < 7_000 && ofTwostep < 5_600 && ofWebhooks < 1_500, sizes.join(' '))
  assert.equal(nothing.text, '')
  assert.ok(whatsapp.text.includes('register') && !whatsapp.text.includes('operator/businesses'))
  assert.ok(twostep.text.includes('operator/businesses') && !twostep.text.includes('messaging_product'))
  assert.ok(!webhooks.text.includes('fetch') && !webhooks.text.includes('Bearer'))
})

test('TypeScript compiles against it, strictly, with nothing but the language and the web; a PIN that is a number does not', () => {
  const consumer = client.write(
    'consumer.mts',
    `import WhatsApp, { type Result, Twostep, WhatsApp as Named, type WhatsAppConfig } from '@twostep/client'
const config: WhatsAppConfig = { accessToken: 'x', fetch: (input, init) => fetch(input, init) }
const whatsapp: Named = new WhatsApp(config)
const { data } = await whatsapp.registration.register({ pin: '837465' })
data.success satisfies boolean
// @ts-expect-error a PIN is text
await whatsapp.registration.register({ pin: 837465 })
// @ts-expect-error a PIN is text
await whatsapp.twoStepVerification.setup({ pin: 837465 })
const ended = await new Twostep().registrations.complete('1', { pin: '837465' })
ended satisfies Result<{ state: string }, string>
if (!ended.ok && ended.problem.kind === 'pin_needed') ended.problem.guesses_left satisfies number
`,
  )
  const guide = client.write('guide.mts', blocksOf('docs/guide/client.md', 'ts').join('\n'))
  // The document catches errors as people wrote them before errors were unknown.
  const document = client.write('document.mts', printed('1', 'x'))
  const strict = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2022,dom', '--types', '']
  const compile = (...more: readonly string[]) =>
    execFileSync('tsc', [...strict, ...more], {
      cwd: client.project,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const nodenext = ['--module', 'nodenext', '--exactOptionalPropertyTypes']
  assert.equal(compile(...nodenext, consumer, guide), '')
  assert.equal(compile('--module', 'esnext', '--moduleResolution', 'bundler', consumer), '')
  assert.equal(compile(...nodenext, '--useUnknownInCatchVariables', 'false', document), '')
})

// ——— the document, as printed

/** The document's code with its placeholders filled in. Nothing else is changed but the package's name. */
function printed(id: string, token: string, blocks = blocksOf('test/client/document.md', 'typescript')): string {
  const code = blocks.join('\n').replace('meta-cloud-api', '@twostep/client').replace('YOUR_ACCESS_TOKEN', token)
  return `const YOUR_PHONE_NUMBER_ID = ${id};\n${code}`
}

const [setting, , , , handling] = blocksOf('test/client/document.md', 'typescript')

async function registeredNumber(national: string): Promise<{ readonly id: string; readonly token: string }> {
  const business = await newBusiness(url)
  const id = await verifiedNumber(url, business, national)
  const body = { messaging_product: 'whatsapp', pin: '837465' }
  assert.equal((await call(url, 'POST', `/v25.0/${id}/register`, { token: business.token, body })).status, 200)
  return { id, token: business.token }
}

test('every line of the document runs as printed, on every Node of this machine', async t => {
  assert.equal(blocksOf('test/client/document.md', 'typescript').length, 6)
  const { id, token } = await registeredNumber('7700902001')
  const program = client.write('document.mjs', printed(id, token))
  for (const { node, version } of machines) {
    t.diagnostic(`run with Node ${version}`)
    const { out, err } = await run(node, program, { WA_BASE_URL: url })
    const lines = out.trim().split('\n')
    assert.deepEqual(lines.slice(0, 5), [
      'Setup successful: true',
      'PIN update successful: true',
      'Add a recovery email through WhatsApp Manager for PIN recovery',
      'Two-step verification set up successfully: true',
      'Two-step verification set up, proceeding with other operations',
    ])
    assert.match(lines.slice(5).join(' '), /^Message sent successfully: .*wamid\./)
    // Its PINs are 123456 and 654321.
    assert.match(err, /TwostepWarning: This PIN is among the first that anyone would try \(it counts up or down\)/)
  }
})

test("the document's error handling meets what it is written for", async () => {
  const denying = createServer((_, response) => response.writeHead(403).end(JSON.stringify(graphError(10))))
  await new Promise<void>(resolve => denying.listen(0, '127.0.0.1', resolve))
  try {
    const { id, token } = await registeredNumber('7700902002')
    const short = client.write(
      'short.mjs',
      printed(id, token, [setting ?? '', (handling ?? '').replace('123456', '12345')]),
    )
    const tooShort = await run(newest, short, { WA_BASE_URL: url })
    assert.equal(tooShort.out, 'Parameter missing or invalid - PIN must be exactly 6 digits\n')
    const denied = client.write('denied.mjs', printed(id, token, [setting ?? '', handling ?? '']))
    const { port } = denying.address() as AddressInfo
    const { out, err } = await run(newest, denied, { WA_BASE_URL: `http://127.0.0.1:${port}` })
    assert.equal(out, 'Permission issue - check access token permissions\n')
    assert.match(err, /Error setting up two-step verification: PermissionError: \(#10\) Some title/)
    assert(!(out + err + tooShort.err).includes(token))
  } finally {
    denying.close()
  }
})

// ——— the guide

test("the guide's blocks run as one program and print what their comments say", async () => {
  const guide = readFileSync('docs/guide/client.md', 'utf8')
  const says = [...guide.matchAll(/console\.log\(.*\) \/\/ (.*)/g)].map(([, said]) => said)
  assert.ok(says.length >= 5)
  const { waba, token } = await newBusiness(url)
  const program = client.write('guide.mts', blocksOf('docs/guide/client.md', 'ts').join('\n'))
  const env = { WA_BASE_URL: url, CLOUD_API_ACCESS_TOKEN: token, WA_BUSINESS_ACCOUNT_ID: waba }
  const { out } = await run(newest, program, { ...env, TWOSTEP_URL: url, TWOSTEP_OPERATOR_TOKEN: operatorToken })
  assert.deepEqual(out.trim().split('\n'), says)
  assert.notEqual(await newestCode(url, '+447700900456'), '')
})

test('the guide names the commands and the tarball that there are', () => {
  const { version, scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
  assert.deepEqual(blocksOf('docs/guide/client.md', 'sh'), [`npm install twostep-client-${version}.tgz\n`])
  assert.match(scripts['pack:client'], /scripts\/client-package\.ts build$/)
  assert.ok(client.tarball.endsWith(`/twostep-client-${version}.tgz`))
})
