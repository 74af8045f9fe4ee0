// Makes each call of the reference a form that tries it, in the sandbox. The call is the caller's own: with the key that they
// type, never with the cookies of a page they are signed in to.

const forms = document.querySelectorAll('form.try')

// A key that was typed once is there for the next call, as long as this page is open.
const typed = new Map()

for (const field of document.querySelectorAll('[data-shows]')) {
  field.addEventListener('change', () => {
    typed.set(field.dataset.shows, field.value)
    for (const other of document.querySelectorAll(`[data-shows="${field.dataset.shows}"]`)) other.value = field.value
  })
}

function requestOf(form) {
  const path = form.dataset.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(typedIn(form, name)))
  const query = [...form.querySelectorAll('[data-in=query]')].filter(field => field.value !== '')
  const search = new URLSearchParams(query.map(field => [field.name, field.value]))
  const headers = {}
  for (const field of form.querySelectorAll('[data-shows]')) {
    if (field.value === '') continue
    if (field.dataset.shows === 'installation') headers['Device-Installation'] = field.value
    else headers.Authorization = `Bearer ${field.value}`
  }
  for (const field of form.querySelectorAll('[data-in=header]'))
    if (field.value !== '') headers[field.name] = field.value
  const body = form.elements.namedItem('json')?.value
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  const address = search.size === 0 ? path : `${path}?${search}`
  return [address, { method: form.dataset.method, headers, body, credentials: 'omit', cache: 'no-store' }]
}

const typedIn = (form, name) => form.querySelector(`[data-in=path][name="${name}"]`)?.value ?? ''

function laidOut(text) {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    return text
  }
}

// A stream of events never ends: what has come by then is enough to see.
const patience = 30_000

async function send(form) {
  const output = form.querySelector('output')
  const button = form.querySelector('button')
  const [status, shown] = [output.querySelector('.status'), output.querySelector('code')]
  output.hidden = false
  button.disabled = true
  status.textContent = '…'
  shown.textContent = ''
  try {
    const [address, options] = requestOf(form)
    const reply = await fetch(address, { ...options, signal: AbortSignal.timeout(patience) })
    status.textContent = `${reply.status} ${reply.statusText}`
    shown.textContent = laidOut(await reply.text())
  } catch (error) {
    status.textContent = 'No answer'
    shown.textContent = String(error.message)
  } finally {
    button.disabled = false
  }
}

for (const form of forms) {
  form.hidden = false
  form.addEventListener('submit', event => {
    event.preventDefault()
    void send(form)
  })
}
