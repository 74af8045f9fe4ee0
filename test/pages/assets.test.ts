// The files behind the pages, and the switch of languages.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startSandbox } from '../faces/sandbox.ts'
import { visitor } from './visitor.ts'

const sandbox = await startSandbox()
after(() => sandbox[Symbol.asyncDispose]())
const them = visitor(sandbox.url)

test('files have their version in the address and are kept for good; an older address still gives the file', async () => {
  const { text } = await them.get('/manager/sign-in')
  const addresses = [...text.matchAll(/(?:src|href)="(\/pages\/[^"]+)"/g)].map(([, address]) => address ?? '')
  assert.equal(addresses.length, 4)
  for (const address of addresses) {
    const file = await fetch(sandbox.url + address)
    assert.equal(file.status, 200)
    assert.equal(file.headers.get('cache-control'), 'public, max-age=31536000, immutable')
    assert.match(
      file.headers.get('content-type') ?? '',
      /^(?:text\/css|text\/javascript|image\/svg\+xml); charset=utf-8$/,
    )
    assert.doesNotMatch(await file.text(), /https?:\/\/(?!www\.w3\.org\/2000\/svg)/)
  }
  const old = await fetch(`${sandbox.url}/pages/0123456789abcdef/style.css`)
  assert.deepEqual([old.status, old.headers.get('cache-control')], [200, 'no-store'])
  for (const path of ['/pages/x/none.css', '/pages/x/..%2f..%2fpackage.json', '/pages/x/constructor', '/pages/']) {
    assert.equal((await fetch(sandbox.url + path)).status, 404, path)
  }
})

test('a language is chosen by a post of ours, is kept, and leads back to a page of ours only', async () => {
  const chosen = await them.post('/pages/language', { language: 'ar', back: '/manager/sign-in?next=/manager/password' })
  assert.deepEqual([chosen.status, chosen.to], [303, '/manager/sign-in?next=/manager/password'])
  assert.match((await them.get('/manager/sign-in')).text, /<html lang="ar" dir="rtl">/)
  for (const back of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/a\r\nX: y',
    '',
    '/\t/evil.example',
  ]) {
    assert.equal((await them.post('/pages/language', { language: 'en', back })).to, '/manager', JSON.stringify(back))
  }
  assert.match((await them.get('/manager/sign-in')).text, /<html lang="en"/)
  await them.post('/pages/language', { language: 'constructor', back: '/manager' })
  assert.match((await them.get('/manager/sign-in')).text, /<html lang="en"/)
  const forged = await fetch(`${sandbox.url}/pages/language`, {
    method: 'POST',
    headers: { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'language=ar&back=/manager',
  })
  assert.equal(forged.status, 403)
  assert.equal((await fetch(`${sandbox.url}/pages/language`)).status, 404)
})

test('after signing in nobody is led to another site', async () => {
  for (const next of ['https://evil.example', '//evil.example', '/manager//evil', '/api/v1', '/manager/sign-in']) {
    const { text } = await them.get(`/manager/sign-in?next=${encodeURIComponent(next)}`)
    assert.match(text, /name="next" value="\/manager"/, next)
  }
})
