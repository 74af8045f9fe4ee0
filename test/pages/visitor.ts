// Somebody who visits the pages without a browser: cookies kept, forms sent as a browser would, every answer held to what
// all pages promise. For what a browser cannot show: headers, status, forged posts, milliseconds.

import assert from 'node:assert/strict'

export type Seen = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Where it leads, for an answer that leads on. */
  readonly to: string | undefined
}

export type Visitor = ReturnType<typeof visitor>

/** A visitor with cookies of their own. */
export function visitor(url: string, language = 'en') {
  const cookies = new Map<string, string>()
  let token = ''

  async function send(method: string, path: string, sent: { body?: string; headers?: Record<string, string> } = {}) {
    const reply = await fetch(new URL(path, url), {
      method,
      redirect: 'manual',
      headers: {
        'accept-language': language,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...sent.headers,
      },
      ...(sent.body === undefined ? {} : { body: sent.body }),
    })
    for (const line of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/Max-Age=0/.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    const text = await reply.text()
    holdToPromises(reply, text)
    token = /name="form" value="([^"]*)"/.exec(text)?.[1] ?? token
    return { status: reply.status, headers: reply.headers, text, to: reply.headers.get('location') ?? undefined }
  }

  const form = (fields: Readonly<Record<string, string>>) => ({
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(url).origin },
  })

  return {
    cookies,
    token: () => token,
    /** Anything at all; nothing is added but the cookies. */
    send,
    get: (path: string): Promise<Seen> => send('GET', path),
    /** Sends a form of ours: with the token of the last page that had one. */
    post: (path: string, fields: Readonly<Record<string, string>> = {}): Promise<Seen> =>
      send('POST', path, form({ form: token, ...fields })),
    /** Signs in, from the page's own form. */
    async signIn(email: string, password: string): Promise<Seen> {
      await send('GET', '/manager/sign-in')
      return send('POST', '/manager/sign-in', form({ form: token, email, password }))
    },
  }
}

function holdToPromises({ headers, status }: Response, text: string): void {
  assert.notEqual(status, 500, text)
  const policy = headers.get('content-security-policy') ?? ''
  assert.match(policy, /default-src 'none'/)
  assert.doesNotMatch(policy, /unsafe|\*/)
  if (!headers.get('content-type')?.startsWith('text/html') || text === '') return
  assert.equal(headers.get('cache-control'), 'no-store')
  assert.equal(headers.get('x-frame-options'), 'DENY')
  // Nothing inline, which the policy would refuse, and nothing from elsewhere.
  assert.doesNotMatch(
    text,
    /<script(?![^>]* src="\/pages\/)|<style|\sstyle=|\son[a-z]+=|(?:src|href)="(?:https?:)?\/\//,
  )
  assert.match(text, /^<!doctype html>\n<html lang="(?:en|ar)" dir="(?:ltr|rtl)">/)
  // No secret is ever filled in.
  assert.doesNotMatch(text, /type="password"[^>]*value="[^"]/s)
}
