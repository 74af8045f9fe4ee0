// Small things of the wire: what may be garbage is read here, what goes into XML is escaped here.

/** The JSON object that a text is; `undefined` for anything else. Bodies come in Latin-1, of which what we look for is ASCII. */
export function asObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}

export const formOf = (body: string): URLSearchParams => new URLSearchParams(body)

/** Text inside an element or a quoted attribute. */
export const xml = (text: string): string =>
  text
    .replace(/\p{Cc}/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
