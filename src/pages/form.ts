// Forms: fields with their labels, hints and errors tied together for whoever listens to a page instead of seeing it, and
// a summary of what is wrong that takes the focus.

import { html } from 'hono/html'
import type { Html } from './layout.ts'

/** One thing that is wrong. `field`: the id of the field it is about. `label`: its label, where the text does not say which. */
export type FormProblem = {
  readonly field?: string | undefined
  readonly label?: string | undefined
  readonly text: Html
}

export type Field = {
  /** Also its name. */
  readonly id: string
  readonly label: Html | string
  readonly hint?: Html | undefined
  readonly type?: 'text' | 'email' | 'tel' | 'password'
  /** What was typed before. Never for a secret: no page shows one. */
  readonly value?: string | undefined
  readonly autocomplete: string
  /** `pin` for six digits, `code` for a code that was sent, `key` for a Recovery Key, `ltr` for what reads left to right. */
  readonly shape?: 'pin' | 'code' | 'key' | 'ltr' | undefined
  readonly longest?: number | undefined
  /** The words of the button that shows a secret field. */
  readonly reveal?: { readonly show: string; readonly hide: string; readonly label: string } | undefined
}

/** A field with everything around it. */
export function field(of: Field, problems: readonly FormProblem[]): Html {
  const { id } = of
  const wrong = problems.find(each => each.field === id)
  const described = [of.hint === undefined ? '' : `${id}-hint`, wrong === undefined ? '' : `${id}-wrong`].filter(
    Boolean,
  )
  const digits = of.shape === 'pin' || of.shape === 'code'
  const input = html`<input
    id="${id}"
    name="${id}"
    type="${of.type ?? 'text'}"
    autocomplete="${of.autocomplete}"
    value="${of.value ?? ''}"
    ${attribute('class', digits ? 'pin' : of.shape)}
    ${attribute('inputmode', digits ? 'numeric' : undefined)}
    ${attribute('maxlength', of.shape === 'pin' ? '12' : of.shape === 'code' ? '24' : of.longest?.toString())}
    ${attribute('aria-describedby', described.length === 0 ? undefined : described.join(' '))}
    ${attribute('aria-invalid', wrong === undefined ? undefined : 'true')}
    ${of.reveal === undefined ? '' : html`data-secret`}
    ${of.type === 'email' || of.shape === 'key' || digits ? html`spellcheck="false" autocapitalize="none"` : ''}
    required
  />`
  return html`<div class="field">
    <label for="${id}">${of.label}</label>
    ${of.hint === undefined ? '' : html`<p class="hint" id="${id}-hint">${of.hint}</p>`}
    ${wrong === undefined ? '' : html`<p class="wrong" id="${id}-wrong">${wrong.text}</p>`}
    ${of.reveal === undefined ? input : html`<div class="with-button">${input}${revealing(id, of.reveal)}</div>`}
  </div>`
}

// Hidden until the script that makes it work has come.
const revealing = (id: string, { show, hide, label }: NonNullable<Field['reveal']>): Html =>
  html`<button type="button" class="second" hidden data-shows="${id}" data-show="${show}" data-hide="${hide}"
    data-label="${label}" aria-label="${show}: ${label}">${show}</button>`

const attribute = (name: string, value: string | undefined): Html =>
  value === undefined ? html`` : html` ${name}="${value}"`

/** What is wrong, all of it, with links to the fields. Takes the focus when the page opens. */
export function summary(title: string, problems: readonly FormProblem[]): Html {
  if (problems.length === 0) return html``
  return html`<div class="notice bad" role="alert" tabindex="-1" autofocus aria-labelledby="problems">
    <h2 id="problems">${title}</h2>
    <ul>
      ${problems.map(({ field, label, text }) => {
        const said = label === undefined ? text : html`${label}: ${text}`
        return html`<li>${field === undefined ? said : html`<a href="#${field}">${said}</a>`}</li>`
      })}
    </ul>
  </div>`
}
