// How what was written for a setting is read: words, numbers, spans, URLs, lists; and what to write instead when it cannot be.

import { resolve } from 'node:path'
import { readDuration } from '#core/kernel/duration.ts'
import { isBlock } from '#delivery/webhook/addresses.ts'
import { readTrustedProxies } from '#http/client-address.ts'
import { regions } from '#numbering/number.ts'
import { type PinParameters, readPinParameters } from '#secrets/pin-verifier.ts'
import { Secret } from '#secrets/secret.ts'

/** Where the data are. The URL of a PostgreSQL server is a secret: it may carry a password. */
export type DatabaseConfig =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: Secret }

/** What was written, or what to write instead; of a secret, `wrong` must not quote what was written. */
export type Reading<Value> = { readonly value: Value } | { readonly wrong: string }

export const oneOf =
  <const Word extends string>(...words: readonly Word[]) =>
  (text: string): Reading<Word> => {
    const found = words.find(word => word === text)
    return found === undefined ? { wrong: `write ${words.join(' or ')}, not ${quoted(text)}` } : { value: found }
  }

export const wholeNumber =
  (least: number, most: number) =>
  (text: string): Reading<number> => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (number >= least && number <= most) return { value: number }
    return { wrong: `write a whole number from ${least} to ${most}, not ${quoted(text)}` }
  }

export const span =
  (least: number, most: number) =>
  (text: string): Reading<number> => {
    const milliseconds = /^\d{1,15}$/.test(text) ? Number(text) : readDuration(text)
    if (milliseconds !== undefined && milliseconds >= least && milliseconds <= most) return { value: milliseconds }
    const range = `between ${least} and ${most} ms`
    return { wrong: `write a duration such as PT30S, or milliseconds, ${range}, not ${quoted(text)}` }
  }

export function readHashingCost(text: string): Reading<PinParameters> {
  const cost = readPinParameters(text)
  if (cost !== undefined) return { value: cost }
  return { wrong: `write memory in KiB, passes and lanes as m=19456,t=2,p=1, not ${quoted(text)}` }
}

export const filePath = (text: string): Reading<string> => ({ value: resolve(text) })

export function readDatabase(text: string): Reading<DatabaseConfig> {
  const wrong = { wrong: 'write sqlite:path, sqlite:///path or postgres://user:password@host/name' }
  const [, path] = /^sqlite:(?:\/\/(?=\/))?((?!\/\/).+)$/s.exec(text) ?? []
  if (path !== undefined) {
    // What is only in memory is gone with the process, and with it every lock.
    return path.startsWith(':') ? wrong : { value: { kind: 'sqlite', path: resolve(path) } }
  }
  if (!/^postgres(?:ql)?:\/\//.test(text) || !URL.canParse(text)) return wrong
  const { hostname, pathname, searchParams } = new URL(text)
  const named = (hostname !== '' || searchParams.has('host')) && pathname.length > 1
  return named ? { value: { kind: 'postgres', url: Secret.of(text) } } : wrong
}

export function readOrigin(text: string): Reading<string> {
  const wrong = { wrong: `write an origin such as https://two-step.example.com, without a path or a password` }
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return wrong
  const url = new URL(text)
  const more = url.username + url.password + url.search + url.hash
  return more !== '' || url.pathname !== '/' ? wrong : { value: url.origin }
}

export function readProxies(text: string): Reading<readonly string[]> {
  const list = listed(text)
  const { wrong } = readTrustedProxies(list)
  if (wrong.length === 0) return { value: list }
  return { wrong: `write addresses or CIDR blocks with commas between; ${wrong.map(quoted).join(', ')} is neither` }
}

export function readBlocks(text: string): Reading<readonly string[]> {
  const list = listed(text)
  const wrong = list.filter(entry => !isBlock(entry))
  if (wrong.length === 0) return { value: list }
  return { wrong: `write addresses or CIDR blocks with commas between; ${wrong.map(quoted).join(', ')} is neither` }
}

export function readCountries(text: string): Reading<readonly string[] | 'all'> {
  if (text === 'all') return { value: 'all' }
  const known = regions()
  const list = listed(text).map(country => country.toUpperCase())
  const wrong = list.filter(country => !known.includes(country))
  if (wrong.length === 0) return { value: [...new Set(list)] }
  return {
    wrong: `write all, or two-letter ISO codes such as GB, IE; there is no country ${wrong.map(quoted).join(', ')}`,
  }
}

const listed = (text: string): readonly string[] =>
  text
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '')

/** The known name that is fewest slips of the pen away. */
export function nearest(name: string, known: readonly string[]): string {
  // Only secrets come as files: for the others the plain name is what was meant.
  const plain = name.replace(/_FILE$/, '')
  const far = known.map(known => ({
    known,
    slips: Math.min(slipsBetween(name, known), slipsBetween(plain, known)),
  }))
  return far.reduce((best, next) => (next.slips < best.slips ? next : best)).known
}

/** Levenshtein's distance. */
function slipsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (const [down, sign] of [...one].entries()) {
    const next = [down + 1]
    for (let at = 1; at <= other.length; at++) {
      const replaced = (row[at - 1] ?? 0) + (other.charAt(at - 1) === sign ? 0 : 1)
      next.push(Math.min(replaced, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}

/** What somebody wrote, short enough for a line. Never for a secret. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}
