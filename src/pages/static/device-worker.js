// The part of a trusted device that runs while its page is closed: shows each notification, and says "not me" for it.

const words = {
  en: {
    notMe: 'Not me',
    ended: 'It has been ended.',
    over: 'It was over already.',
    failed: 'That did not work. Open the page.',
  },
  ar: { notMe: 'لست أنا', ended: 'أُنهي ما بدأ.', over: 'كان قد انتهى.', failed: 'لم ينجح ذلك. افتح الصفحة.' },
}
const language = new URL(self.location).searchParams.get('language')
const say = words[language] ?? words.en
const page = '/account/device'

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()))

self.addEventListener('push', event => {
  const { title, text, challenge, not_me } = event.data?.json() ?? {}
  // A newer code of the same request takes the place of the one before.
  const shown = { body: text, tag: challenge, renotify: true, requireInteraction: true, data: { not_me } }
  const actions = [{ action: 'not-me', title: say.notMe }]
  event.waitUntil(self.registration.showNotification(title ?? '', { ...shown, actions }))
})

self.addEventListener('notificationclick', event => {
  const { tag, data, title } = event.notification
  event.notification.close()
  event.waitUntil(event.action === 'not-me' ? deny(tag, data.not_me, title) : open())
})

async function deny(tag, not_me) {
  const reply = await fetch(`${page}/not-me`, {
    method: 'POST',
    body: new URLSearchParams({ not_me }),
    credentials: 'omit',
  }).catch(() => ({ status: 0 }))
  const said = reply.status === 204 ? say.ended : reply.status === 410 ? say.over : say.failed
  await self.registration.showNotification(said, { tag })
}

async function open() {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const shown = windows.find(each => new URL(each.url).pathname === page)
  return shown === undefined ? self.clients.openWindow(page) : shown.focus()
}
