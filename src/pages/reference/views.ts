// The pages of the reference. They are there to be read, so they need no script; in the sandbox one makes each call a form
// that tries it.

import { html } from 'hono/html'
import type { Html } from '../layout.ts'
import type { Answer, Group, Operation, Reference } from './document.ts'
import type { Field } from './fields.ts'

/** Where the reference is. */
export const referencePath = '/docs'

const placeOf = (group: Group, operation?: Operation): string =>
  `${referencePath}/${group.slug}${operation === undefined ? '' : `#${operation.id}`}`

/** The first page: what there is, all calls, and a search through them. */
export function startPage({ version, about, groups }: Reference, asked: string): Html {
  const found = groups.flatMap(group =>
    group.operations.filter(matches(asked)).map(operation => ({ group, operation })),
  )
  return html`<div lang="en" dir="ltr" class="reference">
    <div class="heading"><div>
      <h1>API reference</h1>
      <p class="lead">Version ${version}. For programs: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
    </div></div>
    <form class="search" method="get" action="${referencePath}" role="search">
      <label for="q">Search</label>
      <div class="with-button">
        <input id="q" name="q" type="search" value="${asked}" maxlength="100" autocomplete="off" />
        <button>Search</button>
      </div>
      <p class="hint">A path, a word, a field, or the kind of a refusal: <code>recovery-key</code>, <code>wrong_pin</code>.</p>
    </form>
    ${asked === '' ? contents(about, groups) : results(asked, found)}
  </div>`
}

const contents = (about: string, groups: readonly Group[]): Html => html`
  ${about.split('\n\n').map(part => html`<p class="words">${marked(part)}</p>`)}
  ${groups.map(
    group => html`<section class="card">
      <h2><a href="${placeOf(group)}">${group.name}</a></h2>
      <p>${group.says}</p>
      <ul class="calls">${group.operations.map(operation => html`<li>${line(group, operation)}</li>`)}</ul>
    </section>`,
  )}`

type Found = { readonly group: Group; readonly operation: Operation }

const results = (asked: string, found: readonly Found[]): Html => html`<section class="card" aria-live="polite">
  <h2>${found.length === 0 ? 'Nothing' : String(found.length)} found for “${asked}”</h2>
  ${
    found.length === 0
      ? html`<p>Try a shorter word, or look through <a href="${referencePath}">all calls</a>.</p>`
      : html`<ul class="calls">${found.map(({ group, operation }) => html`<li>${line(group, operation)}</li>`)}</ul>`
  }
</section>`

const line = (group: Group, operation: Operation): Html => html`<a href="${placeOf(group, operation)}">
    ${method(operation.method)} <code>${breakable(operation.path)}</code></a>
  <span class="says">${operation.says}</span>`

// A path may break before each of its parts, and nowhere else.
const breakable = (path: string): Html => html`${path.split(/(?=\/)/).map(part => html`<wbr />${part}`)}`

const method = (name: string): Html => html`<span class="method ${name.toLowerCase()}">${name}</span>`

/** What is in `code` signs stands out; nothing else is markup. */
const marked = (text: string): Html =>
  html`${text.split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part))}`

function matches(asked: string): (operation: Operation) => boolean {
  const words = asked.toLowerCase().split(/\s+/).filter(Boolean)
  return operation => {
    const { method, path, id, says, more, body, answers, refusals, parameters } = operation
    const fields = [...parameters, ...(body ?? []), ...answers.flatMap(answer => answer.fields)].map(({ name }) => name)
    const text = [method, path, id, says, more, ...fields, ...refusals.map(({ kind }) => kind)].join(' ').toLowerCase()
    return words.every(word => text.includes(word))
  }
}

/** One group: each of its calls, whole. */
export function groupPage(group: Group, { origin, tryIt }: { origin: string; tryIt: boolean }): Html {
  return html`<div lang="en" dir="ltr" class="reference">
    <nav class="trail" aria-label="Reference"><a href="${referencePath}">API reference</a></nav>
    <div class="heading"><div><h1>${group.name}</h1><p class="lead">${group.says}</p></div></div>
    <ul class="calls card">${group.operations.map(operation => html`<li>${line(group, operation)}</li>`)}</ul>
    ${group.operations.map(operation => call(operation, origin, tryIt))}
  </div>`
}

const call = (operation: Operation, origin: string, tryIt: boolean): Html => html`<section class="card call"
  aria-labelledby="${operation.id}">
  <h2 id="${operation.id}"><a href="#${operation.id}">${operation.says}</a></h2>
  <p class="address">${method(operation.method)} <code>${breakable(operation.path)}</code></p>
  ${operation.more === undefined ? '' : html`<p>${marked(operation.more)}</p>`}
  <p>${shows(operation)}</p>
  ${rows(`${operation.id}-parameters`, 'Parameters', operation.parameters, true)}
  ${rows(`${operation.id}-body`, 'Body', operation.body ?? [], true)}
  <h3>For example</h3>
  <pre tabindex="0" aria-label="${operation.id} as curl" role="group"><code>${curl(operation, origin)}</code></pre>
  ${operation.answers.map(answer => answered(operation, answer))}
  <details class="refusals">
    <summary>Refusals <span class="soft">(${String(operation.refusals.length)})</span></summary>
    ${table(
      ['Status', 'kind', 'What it says'],
      operation.refusals.map(({ status, kind, says }) => [status, html`<code>${kind}</code>`, says]),
      `Refusals of ${operation.id}`,
    )}
  </details>
  ${tryIt ? tryForm(operation) : ''}
</section>`

const shows = ({ by, schemes }: Operation): Html =>
  schemes.length === 0
    ? html`Anybody may call it.`
    : html`Shows: ${by.map((words, at) => html`${at === 0 ? '' : ' And: '}${marked(words)}`)}`

const answered = (operation: Operation, { status, says, fields, example }: Answer): Html => html`
  <h3>Answer ${status} <span class="soft">${says}</span></h3>
  ${rows(`${operation.id}-${status}`, undefined, fields, false)}
  ${
    example === undefined
      ? ''
      : html`<pre tabindex="0" role="group" aria-label="Answer ${status} of ${operation.id}"><code>${example}</code></pre>`
  }`

function rows(id: string, heading: string | undefined, fields: readonly Field[], needs: boolean): Html {
  if (fields.length === 0) return html``
  const lines = fields.map(({ name, kind, required, says }) => [
    html`<code>${breakableName(name)}</code>${needs && required ? html` <span class="needed">needed</span>` : ''}`,
    kind,
    marked(says),
  ])
  return html`${heading === undefined ? '' : html`<h3>${heading}</h3>`}${table(['Field', 'Is', 'Means'], lines, id)}`
}

const breakableName = (name: string): Html => html`${name.split(/(?<=[._[\]])/).map(part => html`${part}<wbr />`)}`

const table = (heads: readonly string[], lines: readonly (readonly (Html | string)[])[], label: string): Html => html`
  <div class="scrolls" tabindex="0" role="group" aria-label="${label}"><table>
    <thead><tr>${heads.map(head => html`<th scope="col">${head}</th>`)}</tr></thead>
    <tbody>${lines.map(cells => html`<tr>${cells.map(cell => html`<td>${cell}</td>`)}</tr>`)}</tbody>
  </table></div>`

// ——— trying it

const headers: Readonly<Record<string, string>> = {
  operatorToken: 'Authorization: Bearer $OPERATOR_TOKEN',
  apiKey: 'Authorization: Bearer $API_KEY',
  session: 'Authorization: Bearer $SESSION',
  ownToken: 'Authorization: Bearer $TOKEN',
  deviceToken: 'Authorization: Bearer $DEVICE_TOKEN',
  installation: 'Device-Installation: $INSTALLATION',
}

/** The call as a person types it. */
function curl({ method, path, schemes, parameters, body, bodyExample }: Operation, origin: string): string {
  const query = parameters.filter(each => each.in === 'query' && each.required).map(({ name }) => `${name}=…`)
  const address = `'${origin}${path}${query.length === 0 ? '' : `?${query.join('&')}`}'`
  // A body makes it a POST by itself.
  const verb = method === 'GET' || (method === 'POST' && body !== undefined) ? [] : [`-X ${method}`]
  const sent = body === undefined ? [] : [`-d '${(bodyExample ?? '{}').replaceAll("'", "'\\''")}'`]
  const shown = schemes.flatMap(name => (headers[name] === undefined ? [] : [`-H "${headers[name]}"`]))
  const person = schemes.includes('appPassword') ? ['-u "$NAME:$APP_PASSWORD"'] : []
  return [`curl ${[...verb, address].join(' ')}`, ...shown, ...person, ...sent].join(' \\\n  ')
}

const labels: Readonly<Record<string, string>> = {
  operatorToken: 'Operator token',
  apiKey: 'API key',
  session: 'Token of a session',
  ownToken: 'Its token',
  deviceToken: 'Token of the device',
  installation: 'Secret of the installation',
}

/** Shown by the script that serves it, and only by that. */
function tryForm(operation: Operation): Html {
  const { id, method, path, schemes, parameters, body, bodyExample } = operation
  if (schemes.includes('appPassword')) return html``
  return html`<form class="try stack" method="dialog" hidden data-method="${method}" data-path="${path}">
    <h3>Try it</h3>
    <p class="hint">It is done for real, in this sandbox. What you type goes to this server only.</p>
    ${schemes.map(name => secretField(`${id}-${name}`, name))}
    ${parameters.map(
      each => html`<div class="field"><label for="${id}-${each.name}"><code>${each.name}</code></label>
        <input id="${id}-${each.name}" data-in="${each.in}" name="${each.name}" autocomplete="off" spellcheck="false" /></div>`,
    )}
    ${
      body === undefined
        ? ''
        : html`<div class="field"><label for="${id}-json">Body</label>
          <textarea id="${id}-json" name="json" rows="${String(lines(bodyExample))}" spellcheck="false"
            autocomplete="off">${bodyExample ?? '{}'}</textarea></div>`
    }
    <div class="actions"><button>Send</button></div>
    <output hidden><strong class="status"></strong>
      <pre tabindex="0" role="group" aria-label="What ${id} was answered"><code></code></pre></output>
  </form>`
}

const lines = (text = ''): number => Math.min(12, Math.max(2, text.split('\n').length))

const secretField = (id: string, scheme: string): Html => html`<div class="field">
  <label for="${id}">${labels[scheme] ?? scheme}</label>
  <input id="${id}" data-shows="${scheme}" type="password" autocomplete="off" spellcheck="false" />
</div>`
