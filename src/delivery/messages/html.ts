// HTML for mails: a tagged template that escapes whatever is put into it, so that a product or a number never is markup.

/** HTML that may stand as it is. Made by {@link html} only. */
export type Markup = { readonly kind: 'markup'; readonly text: string }

type Part = string | Markup | undefined | readonly Part[]

/** Writes HTML. Text that is put in is escaped, also for quoted attributes; markup is not; nothing is nothing. */
export function html(fixed: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { kind: 'markup', text: fixed.map((piece, at) => piece + written(parts[at])).join('') }
}

function written(part: Part): string {
  if (part === undefined) return ''
  if (typeof part === 'string') return part.replace(/[&<>"']/g, sign => entities[sign] ?? '')
  return 'kind' in part ? part.text : part.map(written).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
