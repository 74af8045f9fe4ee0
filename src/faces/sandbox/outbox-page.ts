// The outbox as a page for people: what went out, to whom, and the code or link inside, ready to be copied.

import { html } from 'hono/html'
import type { ShownMessage } from '#actions/sandbox.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { Channel } from '#core/message/message.ts'

export type OutboxPage = {
  readonly messages: readonly ShownMessage[]
  readonly now: Instant
  readonly to: string | undefined
  readonly channel: Channel | undefined
}

const names: Readonly<Record<Channel, string>> = {
  sms: 'SMS',
  voice: 'Call',
  email: 'E-mail',
  whatsapp: 'WhatsApp',
  webhook: 'Webhook',
  push: 'Notification',
}

/** The page. It works without scripts; to see what is new, load it again. */
export function outboxPage({ messages, now, to, channel }: OutboxPage) {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <meta name="color-scheme" content="light dark" />
    <title>Sandbox outbox</title>
    <link rel="stylesheet" href="/sandbox/outbox.css" />
  </head>
  <body>
    <header>
      <h1>Sandbox outbox</h1>
      <p>Texts and calls stay here; e-mail too, unless a mail server is set. Webhooks do leave. Newest first.</p>
      <p>The sandbox's clock says <time datetime="${iso(now)}">${spoken(now)}</time>.</p>
    </header>
    <form method="get" action="/sandbox/outbox">
      <label for="to">To</label>
      <input id="to" name="to" value="${to ?? ''}" placeholder="+44 7700 900123" autocomplete="off" />
      <label for="channel">Channel</label>
      <select id="channel" name="channel">
        <option value="">Any</option>
        ${Object.entries(names).map(
          ([value, name]) => html`<option value="${value}" ${value === channel ? html`selected` : ''}>${name}</option>`,
        )}
      </select>
      <button>Show</button>
      <a href="/sandbox/outbox">Show all</a>
    </form>
    <main>
      ${
        messages.length === 0
          ? html`<p class="empty">No messages${to === undefined ? ' yet' : ' match'}. Ask for a code, and it appears here.</p>`
          : html`<ol>${messages.map(listed)}</ol>`
      }
    </main>
  </body>
</html>`
}

const listed = (message: ShownMessage) => html`<li>
  <article>
    <p class="meta">
      <span class="channel">${names[message.channel]}</span>
      <span class="to">${message.to}</span>
      <time datetime="${iso(message.at)}">${spoken(message.at)}</time>
    </p>
    ${message.subject === undefined ? '' : html`<h2>${message.subject}</h2>`}
    <pre>${message.text}</pre>
    ${message.code === undefined ? '' : html`<p class="code">Code <code>${message.code}</code></p>`}
    ${message.link === undefined ? '' : html`<p><a href="${message.link}">Open the link inside</a></p>`}
  </article>
</li>`

const iso = (at: Instant): string => new Date(at).toISOString()
const spoken = (at: Instant): string => `${iso(at).slice(0, 10)} ${iso(at).slice(11, 19)} UTC`

export const outboxStyle = `
:root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e8eaed); --soft: light-dark(#5b6470, #a2abb6);
  --line: light-dark(#d9dde2, #363d46); --card: light-dark(#ffffff, #1d2127); --ground: light-dark(#f5f6f8, #14171b);
  --accent: light-dark(#0b5fc4, #7db4ff); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 2rem 1rem 4rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; }
h2 { margin: 0 0 .5rem; font-size: 1rem; }
header p { margin: 0; color: var(--soft); }
form { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; margin: 1.5rem 0; }
input, select, button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line);
  border-radius: .4rem; padding: .35rem .6rem; }
button { cursor: pointer; background: var(--accent); border-color: var(--accent); color: light-dark(#fff, #10151c); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem; }
article { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1rem; }
.meta { display: flex; flex-wrap: wrap; gap: .25rem .75rem; margin: 0 0 .5rem; color: var(--soft); font-size: .9rem; }
.meta time { margin-inline-start: auto; font-variant-numeric: tabular-nums; }
.channel { font-weight: 600; color: var(--ink); }
.to { overflow-wrap: anywhere; }
pre { margin: 0; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; }
.code { margin: .6rem 0 0; color: var(--soft); }
.code code { font: 600 1.15rem ui-monospace, monospace; letter-spacing: .08em; color: var(--ink); user-select: all; }
.empty { padding: 2.5rem 1rem; text-align: center; color: var(--soft); border: 1px dashed var(--line); border-radius: .6rem; }
`
