// E-mail addresses: which texts we write to, and what of one may be shown.

// The addresses that people have (RFC 5321 §4.1.2 without quotes and literals), in ASCII. What else the grammar lets
// through (quotes, comments, lists) is how one address becomes two, or a header.
const atom = "[\\w!#$%&'*+/=?^`{|}~-]+"
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const shape = new RegExp(`^(?=.{3,254}$)(?=[^@]{1,64}@)${atom}(?:\\.${atom})*@${label}(?:\\.${label})*$`)

/** Whether a text is an e-mail address that mail can be sent to. */
export const isMailAddress = (text: string): boolean => shape.test(text)

/** For people who may not know it: `o•••@b•••.example`. */
export function maskAddress(address: string): string {
  const [local = '', domain = ''] = address.split('@')
  const labels = domain.split('.')
  const top = labels.length > 1 ? `.${labels.at(-1)}` : ''
  return `${local.slice(0, 1)}•••@${domain.slice(0, 1)}•••${top}`
}
