// What the account pages hand out, and to whom: every route is walked by strangers, by limited sessions, by other sites and by
// whoever has one proof and not two. Over plain HTTP, for what a browser does not show.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { accountPageRoutes } from '#pages/account/routes.ts'
import { accountTexts } from '#pages/account/texts/texts.ts'
import { expecting, opened, type TurnedOn } from '../../faces/account/door.ts'
import { cookies, openPages } from './door.ts'

const door = await openPages()
after(() => door[Symbol.asyncDispose]())

type Them = ReturnType<typeof door.visit>

const filled = (path: string): string => path.replace(/:\w+(?:\{[^}]*\})?/g, '123456789')
const nameOf = ({ method, path }: { readonly method: string; readonly path: string }) => `${method} ${path}`

/** Whether a reply hands out something that opens an account. */
const given = (headers: Headers): readonly string[] =>
  headers.getSetCookie().filter(line => /^twostep-(?:session|browser|device)=[^;]/.test(line))

/** What somebody sends who knows nothing right; a form's field that is not asked for is not looked at. */
const wrongs = (of: TurnedOn): Readonly<Record<string, string>> => ({
  ...{ email: of.email, password: 'Wrong-Compass-19-Orchard', code: '00000000', device: of.device, trust: 'yes' },
  ...{ 'recovery-key': '2345-6789-ABCD-EF', new: 'Copper-Lagoon-58-Violets', again: 'Copper-Lagoon-58-Violets' },
  ...{ number: '+16315559999', name: 'Theirs', challenge: '123', not_me: 'twdn_x', label: 'Mail', understood: 'yes' },
})

async function walk(them: Them, of: TurnedOn, right: Readonly<Record<string, string>>): Promise<void> {
  await them.get('/account/sign-up')
  for (const { method, path } of accountPageRoutes) {
    const where = filled(path)
    // A stream goes on for as long as its reader stays.
    if (path.endsWith('/events')) continue
    const fields = { ...wrongs(of), ...right }
    const { headers, status } = method === 'GET' ? await them.get(where) : await them.post(where, fields)
    assert.ok(status < 500, `${method} ${where} ${status}`)
    assert.deepEqual(given(headers), [], `${method} ${where}`)
  }
}

test('with nothing, one proof, or a proof and the token of a step, no page hands out a session or a browser', async () => {
  const of = await door.turnedOn()
  await walk(door.visit(), of, {})
  await walk(door.visit(), of, { password: of.password })
  await walk(door.visit(), of, { 'recovery-key': of.recoveryKey })
  const thief = door.visit()
  thief.cookies.set(cookies.signIn, `${(await door.begun(of)).token}|/account`)
  await walk(thief, of, { password: of.password })
  const ended = await door.entered(of)
  await ended.post('/account/sign-out')
  ended.cookies.set(cookies.session, of.session)
  await walk(ended, of, {})
})

test('what is for who has signed in leads a stranger to where they can, and shows nothing', async () => {
  const them = door.visit()
  await them.get('/account/sign-in')
  for (const { method, path, who } of accountPageRoutes) {
    if (who === 'anybody') continue
    const where = filled(path)
    const { status, to } = method === 'GET' ? await them.get(where) : await them.post(where)
    assert.equal(status, 303, `${method} ${where}`)
    assert.match(to ?? '', /^\/account\/sign-in(?:\?next=\/account|\?next=%2Faccount|$)/, `${method} ${where}`)
  }
})

test('a limited session is led to the one thing that it may do', async () => {
  const of = await door.turnedOn()
  const sign = await door.begun(of)
  const reply = await expecting(200, sign.step('recovery-key', { recovery_key: of.recoveryKey }))
  const them = await door.entered({ session: opened(reply).session, browser: '' })
  for (const route of accountPageRoutes) {
    if (route.who !== 'signed_in') continue
    const where = filled(route.path)
    const { status, to } = route.method === 'GET' ? await them.get(where) : await them.post(where)
    assert.deepEqual([status, to], [303, '/account/new-device'], nameOf(route))
  }
  assert.equal((await them.get('/account/new-device')).status, 200)
})

test('a post of another site is refused, and so is one without the token of our forms', async () => {
  const of = await door.turnedOn()
  const them = await door.entered(of)
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  for (const route of accountPageRoutes) {
    if (route.method !== 'POST') continue
    const where = filled(route.path)
    const body = new URLSearchParams({ ...wrongs(of), form: them.token() }).toString()
    const evil = await them.send('POST', where, { body, headers: { ...type, origin: 'https://evil.example' } })
    assert.equal(evil.status, 403, where)
    assert.match(evil.text, /did not come from our pages/)
    const silent = await them.send('POST', where, { body, headers: { ...type, 'sec-fetch-site': 'cross-site' } })
    assert.equal(silent.status, 403, where)
    if (route.who === 'anybody' && route.unsigned) continue
    const without = await them.post(where, { form: 'x'.repeat(32) })
    assert.deepEqual([without.status, /done=old_form/.test(without.to ?? '')], [303, true], `${where} ${without.to}`)
  }
  assert.equal((await them.get('/account/new-device')).status, 200, 'the session is still there')
})

test('an address that only takes forms leads whoever asks for it to the page that has the form', async () => {
  const them = await door.entered(await door.turnedOn())
  const shows = new Set(accountPageRoutes.filter(each => each.method === 'GET').map(each => each.path))
  for (const { method, path } of accountPageRoutes) {
    if (method === 'GET' || shows.has(path)) continue
    const { status, to } = await them.get(filled(path))
    assert.equal(status, 303, path)
    assert.ok([200, 303].includes((await them.get(to ?? '')).status), `${path} leads to ${to}`)
  }
  assert.equal((await them.get('/account/nowhere')).status, 404)
})

test('unknown account and wrong password read alike, and so do the ways out of a forgotten password', async () => {
  const of = await door.turnedOn()
  const off = await door.owner()
  const alike = async (path: string, fields: Readonly<Record<string, string>>) => {
    const replies = []
    for (const email of [of.email, off.email, 'nobody@home.example']) {
      const them = door.visit()
      await them.get(path)
      const { status, to, text } = await them.post(path, { ...fields, email })
      const read = text
        .replaceAll(email, 'E')
        .replaceAll(them.token(), 'T')
        .replace(/data-now="\d+"/g, '')
      replies.push(JSON.stringify({ status, to, read }))
    }
    assert.equal(new Set(replies).size, 1, path)
  }
  await alike('/account/sign-in', { password: 'Wrong-Compass-19-Orchard' })
  await alike('/account/sign-up', {})
  await alike('/account/forgotten/mail', {})
  await alike('/account/forgotten/recovery-key', { 'recovery-key': '2345-6789-ABCD-EF' })
})

test('after signing in nobody is led to another site, and a step under way survives only its own time', async () => {
  const them = door.visit()
  for (const next of [
    'https://evil.example',
    '//evil.example',
    '/account//evil',
    '/manager',
    '/account/sign-in',
    '/account/../x',
  ]) {
    const { text } = await them.get(`/account/sign-in?next=${encodeURIComponent(next)}`)
    assert.match(text, /name="next" value="\/account"/, next)
  }
  const of = await door.turnedOn()
  await them.get('/account/sign-in')
  const first = await them.post('/account/sign-in', {
    email: of.email,
    password: of.password,
    next: '/account/devices',
  })
  assert.equal(first.to, '/account/sign-in/device')
  assert.equal((await them.get('/account/sign-in/code')).to, '/account/sign-in/device', 'no code was sent yet')
  await them.post('/account/sign-in/device', { device: of.device })
  assert.equal((await them.get('/account/sign-in/code')).status, 200)
  const life = 15 * 60_000
  await door.advance(`PT${(life - 1) / 1_000}S`)
  assert.equal((await them.get('/account/sign-in/device')).status, 200)
  await door.advance('PT0.001S')
  assert.equal((await them.get('/account/sign-in/device')).to, '/account/sign-in?done=over')
})

test('no page is more than 60 kB with all it needs, and all it needs is ours', async () => {
  const them = await door.entered(await door.turnedOn())
  const sizes = new Map<string, number>()
  const sizeOf = async (address: string): Promise<number> => {
    const known = sizes.get(address) ?? (await (await fetch(door.url + address)).arrayBuffer()).byteLength
    sizes.set(address, known)
    return known
  }
  for (const { method, path } of accountPageRoutes) {
    if (method === 'POST' || path.endsWith('/events')) continue
    const { text, headers } = await them.get(filled(path))
    if (!headers.get('content-type')?.startsWith('text/html')) continue
    const needs = [...text.matchAll(/(?:src|<link[^>]*href)="([^"]+)"/g)].map(([, address]) => address ?? '')
    for (const address of needs) assert.match(address, /^\/(?:pages|account)\//, path)
    const all = await Promise.all(needs.map(sizeOf))
    const bytes = Buffer.byteLength(text) + all.reduce((sum, each) => sum + each, 0)
    assert.ok(bytes < 60_000, `${path} has ${bytes} bytes`)
  }
})

test('over https every cookie is bound to the host, and lasts as long as what it is for', async () => {
  const secure = { 'x-forwarded-proto': 'https' }
  await using https = await openPages({ TWOSTEP_PUBLIC_URL: 'https://two-step.example.com' })
  const of = await https.turnedOn()
  const them = https.visit()
  const type = {
    'content-type': 'application/x-www-form-urlencoded',
    origin: 'https://two-step.example.com',
    ...secure,
  }
  const post = (path: string, fields: Readonly<Record<string, string>>) =>
    them.send('POST', path, { body: new URLSearchParams({ form: them.token(), ...fields }).toString(), headers: type })
  const form = await them.get('/account/sign-in')
  const bound = 'Path=/; HttpOnly; Secure; SameSite'
  assert.match(form.headers.getSetCookie()[0] ?? '', new RegExp(`^__Host-twostep-form=\\w+; ${bound}=Lax$`))
  const begun = await post('/account/sign-in', { email: of.email, password: of.password })
  assert.match(
    begun.headers.getSetCookie()[0] ?? '',
    new RegExp(`^__Host-twostep-sign-in=twsi_\\S+; Max-Age=900; ${bound}=Lax$`),
  )
  await post('/account/sign-in/device', { device: of.device })
  const entered = await post('/account/sign-in/code', { code: await https.newestCode(of.number) })
  const [session, browser, ...dropped] = entered.headers.getSetCookie()
  assert.match(session ?? '', new RegExp(`^__Host-twostep-session=twas_\\w+; Max-Age=2592000; ${bound}=Lax$`))
  assert.match(browser ?? '', new RegExp(`^__Host-twostep-browser=twab_\\w+; Max-Age=34560000; ${bound}=Strict$`))
  for (const line of dropped) assert.match(line, /Max-Age=0/)
  assert.equal(dropped.length, 2, 'the step is over, and every form gets another token')
})

test('one network sends so many forms a minute and no more, and is told when it may again', async () => {
  await using few = await openPages({ TWOSTEP_ACCOUNT_CALLS_PER_MINUTE: '3' })
  const them = few.visit()
  await them.get('/account/sign-in')
  const tries = () => them.post('/account/forgotten/mail', { email: 'a@home.example' })
  for (let at = 0; at < 3; at++) assert.equal((await tries()).status, 303)
  const full = await tries()
  assert.deepEqual([full.status, full.headers.get('retry-after')], [429, '60'])
  await few.advance('PT1M')
  assert.equal((await tries()).status, 303)
})

test('strict: six digits, thirty days of trust, and the same pages', async () => {
  await using strict = await openPages({ profile: 'strict' })
  const of = await strict.turnedOn()
  const them = strict.visit()
  await them.get('/account/sign-in')
  await them.post('/account/sign-in', { email: of.email, password: of.password })
  await them.post('/account/sign-in/device', { device: of.device })
  const { text } = await them.get('/account/sign-in/code')
  assert.match(text, /6 digits\./)
  assert.match(text, /for 30 days/)
  const right = await them.post('/account/sign-in/code', { code: await strict.newestCode(of.number), trust: 'yes' })
  assert.equal(right.to, '/account')
})

test('a look of the operator’s own stands on every page: name, accent and logo', async () => {
  await using own = await openPages({
    TWOSTEP_PRODUCT_NAME: 'Acme & Söhne',
    TWOSTEP_ACCENT: '#ffd166',
    TWOSTEP_LOGO: 'src/pages/static/icon.svg',
  })
  for (const path of ['/account/sign-in', '/manager/sign-in', '/links/none']) {
    const { text } = await own.visit().get(path)
    assert.match(text, /<bdi>Acme &amp; Söhne<\/bdi>/)
    const [, style = ''] = /href="(\/pages\/brand\/\w+\/style\.css)"/.exec(text) ?? []
    const sheet = await (await fetch(own.url + style)).text()
    assert.match(sheet, /--accent:light-dark\(#[0-9a-f]{6},#ffd166\)/)
    const [, logo = ''] = /url\("(\/pages\/brand\/\w+\/logo)"\)/.exec(sheet) ?? []
    const picture = await fetch(own.url + logo)
    assert.equal(picture.headers.get('content-type'), 'image/svg+xml')
    assert.equal(picture.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  }
})

test('every text says the same in every language, as far as what is filled in', () => {
  const holes = (text: unknown) => [...new Set(JSON.stringify(text).match(/\{\w+\}/g) ?? [])].toSorted()
  for (const [key, english] of Object.entries(accountTexts.en)) {
    const arabic = accountTexts.ar[key as keyof typeof accountTexts.ar]
    const filled = (text: unknown) => holes(text).filter(hole => hole !== '{count}')
    assert.deepEqual(filled(arabic), filled(english), key)
  }
})
