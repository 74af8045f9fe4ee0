// The page of a trusted device, where scripts run: shows codes as they come, and turns notifications on.

import { count } from './countdown.js'

// ——— codes as they come: told that something changed, the page is fetched anew and its codes take the place of those shown

const waiting = document.getElementById('waiting')

async function look() {
  const reply = await fetch(location.pathname, { headers: { accept: 'text/html' } })
  if (!reply.ok) return
  const page = new DOMParser().parseFromString(await reply.text(), 'text/html')
  const fresh = page.getElementById('waiting')
  // It is no device any more: the page says so itself.
  if (fresh === null) return location.reload()
  waiting.replaceChildren(...fresh.childNodes)
  count(waiting, Number(page.querySelector('[data-now]').dataset.now))
}

if (waiting !== null) {
  let seen
  const events = new EventSource(waiting.dataset.events)
  events.addEventListener('waiting', event => {
    // The first one says what the page shows already.
    const news = event.lastEventId !== (seen ?? waiting.dataset.shown)
    seen = event.lastEventId
    if (news) look().catch(() => {})
  })
}

// ——— notifications

const push = document.getElementById('push')
const form = turns => push.querySelector(`[data-turns="${turns}"]`)
const says = kind => {
  push.querySelector(`[data-says="${kind}"]`).hidden = false
}

async function subscribe() {
  const { key, worker, scope, language } = push.dataset
  if ((await Notification.requestPermission()) !== 'granted') return says('denied')
  await navigator.serviceWorker.register(`${worker}?language=${language}`, { scope })
  const { pushManager } = await navigator.serviceWorker.ready
  const had = await pushManager.getSubscription()
  // One that was made for another key of the server gets nothing any more.
  if (had !== null && textOf(had.options.applicationServerKey) !== key) await had.unsubscribe()
  const { endpoint, keys } = (
    await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) })
  ).toJSON()
  const on = form('on')
  for (const [name, value] of Object.entries({ endpoint, ...keys, key })) {
    if (on.elements[name] !== undefined) on.elements[name].value = value
  }
  on.submit()
}

const bytesOf = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), sign => sign.codePointAt(0))
const textOf = bytes =>
  btoa(String.fromCodePoint(...new Uint8Array(bytes ?? [])))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')

const can = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window
if (push !== null && !can) push.hidden = true
if (push !== null && can) {
  const on = push.dataset.on === 'yes' && Notification.permission === 'granted'
  form('on').hidden = on
  form('off').hidden = !on
  for (const button of push.querySelectorAll('button')) button.disabled = false
  form('on').addEventListener('submit', event => {
    event.preventDefault()
    subscribe().catch(() => says('failed'))
  })
  // The words of the notification's button are in the language that the page is in now.
  if (on) {
    const { worker, scope, language } = push.dataset
    navigator.serviceWorker.register(`${worker}?language=${language}`, { scope }).catch(() => says('failed'))
  }
}
