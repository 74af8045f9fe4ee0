// A receiver's side of DKIM, written from RFC 6376 and sharing nothing with what signs: relaxed/relaxed, rsa-sha256.

import { createHash, createPublicKey, verify } from 'node:crypto'

export type Checked = {
  readonly selector: string
  readonly domain: string
  /** The fields that are signed, in lower case. */
  readonly signs: readonly string[]
  readonly holds: boolean
}

/** Checks every signature of a mail. `recordAt`: what is published at a name, as `v=DKIM1; …`; `undefined`: nothing. */
export function checkDkim(raw: string, recordAt: (name: string) => string | undefined): readonly Checked[] {
  const end = raw.indexOf('\r\n\r\n')
  const fields = raw.slice(0, end).split(/\r\n(?![ \t])/)
  const body = relaxedBody(raw.slice(end + 4))
  return fields.filter(field => nameOf(field) === 'dkim-signature').map(field => check(field, fields, body, recordAt))
}

function check(
  field: string,
  fields: readonly string[],
  body: string,
  recordAt: (name: string) => string | undefined,
): Checked {
  const tags = tagsOf(field.slice(field.indexOf(':') + 1))
  const [selector = '', domain = ''] = [tags.get('s'), tags.get('d')]
  const signs = (tags.get('h') ?? '').toLowerCase().split(':')
  const record = tagsOf(recordAt(`${selector}._domainkey.${domain}`) ?? '')
  const checked = { selector, domain, signs }
  const usable = tags.get('v') === '1' && tags.get('a') === 'rsa-sha256' && tags.get('c') === 'relaxed/relaxed'
  if (!usable || !signs.includes('from') || record.get('p') === undefined) return { ...checked, holds: false }
  if (createHash('sha256').update(body, 'latin1').digest('base64') !== tags.get('bh'))
    return { ...checked, holds: false }
  // §5.4.2: of several fields of one name, each mention takes the next one from the bottom up.
  const left = fields.toReversed()
  const headers = signs.map(name => {
    const at = left.findIndex(each => nameOf(each) === name)
    return at === -1 ? '' : `${relaxedField(left.splice(at, 1)[0] ?? '')}\r\n`
  })
  // §3.7: the signature's own field without what b= says, and without a line end.
  const own = relaxedField(field.replace(/(;\s*b\s*=)[^;]*/, '$1'))
  const key = createPublicKey({ key: Buffer.from(record.get('p') ?? '', 'base64'), format: 'der', type: 'spki' })
  const signature = Buffer.from(tags.get('b') ?? '', 'base64')
  return { ...checked, holds: verify('sha256', Buffer.from(headers.join('') + own, 'latin1'), key, signature) }
}

const nameOf = (field: string): string => field.slice(0, field.indexOf(':')).trim().toLowerCase()

/** §3.4.2. */
function relaxedField(field: string): string {
  const value = field.slice(field.indexOf(':') + 1).replace(/\r\n/g, '')
  return `${nameOf(field)}:${value.replace(/[ \t]+/g, ' ').trim()}`
}

/** §3.4.4. */
function relaxedBody(body: string): string {
  const lines = body.split('\r\n').map(line => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
  const text = lines.join('\r\n').replace(/(?:\r\n)+$/, '')
  return text === '' ? '' : `${text}\r\n`
}

/** §3.2; the white space that folds a value is not part of it. */
function tagsOf(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(';').filter(part => part.includes('='))
  return new Map(
    pairs.map(part => {
      const at = part.indexOf('=')
      return [part.slice(0, at).trim(), part.slice(at + 1).replace(/\s+/g, '')]
    }),
  )
}
