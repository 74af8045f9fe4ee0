// DKIM (RFC 6376): the keys that sign our mails, as a setting names them and as their files hold them.
//
//     s2027=/etc/twostep/dkim-s2027.pem, s2026=/etc/twostep/dkim-s2026.pem
//
// Every key signs every mail. So a key is changed without a mail that fails: name the new one beside the old, publish its
// record, and take the old one away a week later. A receiver is content with one signature that holds (RFC 6376 §6.1).

import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { Secret } from '#secrets/secret.ts'
import { isMailAddress } from './mail-address.ts'

export type DkimKey = {
  readonly selector: string
  /** `undefined`: the sender's. */
  readonly domain: string | undefined
  readonly file: string
  /** A PEM text. */
  readonly key: Secret
  /** What its record publishes: the public key, DER in base64. */
  readonly published: string
}

/** What was written, or what to write instead. */
export type ReadDkim = { readonly value: readonly DkimKey[] } | { readonly wrong: string }

/** Reads a file; `undefined` when it cannot be read. */
export type ReadsFile = (path: string) => string | undefined

// Two in a rotation; more would only make mails long.
const mostKeys = 4
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const shape = new RegExp(`^(${label})(?:\\._domainkey\\.(${label}(?:\\.${label})+))?=(.+)$`)

/** Reads the setting, and the files that it names. What is wrong quotes no file. */
export function readDkim(text: string, file: ReadsFile): ReadDkim {
  const parts = text.split(',').map(part => part.trim())
  if (parts.length > mostKeys) return { wrong: `name at most ${mostKeys} keys: every one signs every mail` }
  const keys: DkimKey[] = []
  for (const [index, part] of parts.entries()) {
    const [, selector, domain, path] = shape.exec(part) ?? []
    if (selector === undefined || path === undefined) {
      return { wrong: `key ${index + 1}: write selector=file, or selector._domainkey.example.com=file` }
    }
    if (keys.some(each => each.selector === selector && each.domain === domain)) {
      return { wrong: `key ${index + 1}: ${selector} is there already: a record holds one key` }
    }
    const pem = file(path.trim())
    if (pem === undefined) return { wrong: `key ${index + 1}: name a file that can be read` }
    const published = publishedOf(pem)
    if ('wrong' in published) return { wrong: `key ${index + 1}: ${published.wrong}` }
    keys.push({
      selector,
      domain: domain?.toLowerCase(),
      file: path.trim(),
      key: Secret.of(pem),
      published: published.value,
    })
  }
  return { value: keys }
}

// RFC 8301 §3.2: 1024 bits are the least that counts, and 2048 the least that should be; nobody has to check more than 4096.
function publishedOf(pem: string): { readonly value: string } | { readonly wrong: string } {
  const key = privateKeyIn(pem)
  if (key === undefined) {
    return { wrong: 'name a PEM file with an RSA private key and no passphrase: openssl genrsa -out FILE 2048' }
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (key.asymmetricKeyType !== 'rsa' || bits < 2048 || bits > 4096) {
    return { wrong: 'name an RSA key of 2048 to 4096 bits: openssl genrsa -out FILE 2048' }
  }
  return { value: createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64') }
}

function privateKeyIn(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    // The library's own words may quote the file.
    return undefined
  }
}

/** Whether a signature of `domain` counts for a sender: the domains must align (RFC 7489 §3.1.1), or DMARC passes it over. */
export function signsFor(domain: string, sender: string): boolean {
  const [, of = ''] = sender.toLowerCase().split('@')
  return of === domain || of.endsWith(`.${domain}`)
}

/** Where the record of a key is published, and what it says (RFC 6376 §3.6.1). */
export const recordOf = ({ selector, domain, published }: DkimKey, sender: string) => ({
  name: `${selector}._domainkey.${domain ?? domainOf(sender)}`,
  value: `v=DKIM1; k=rsa; p=${published}`,
})

/** The domain of an address. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)

// A local part has 64 signs (RFC 5321 §4.5.3.1.1), and an id takes 33 of them with its plus.
const longestLocalPart = 31

/** Reads where bounces go: an address that takes `+` and what follows. `undefined` when it is none. */
export function readBounces(text: string): string | undefined {
  const [local = ''] = text.split('@')
  return isMailAddress(text) && local.length <= longestLocalPart && !local.includes('+') ? text : undefined
}

/**
 * The envelope's sender of one mail. A bounce comes back to it whatever else is lost of the mail, so its id tells which one
 * it was (variable envelope return paths); it is the one in the `Message-ID`, random, and says nothing of whom it was for.
 */
export function bounceAddress(bounces: string, id: string): string {
  const at = bounces.lastIndexOf('@')
  return `${bounces.slice(0, at)}+${id}${bounces.slice(at)}`
}
