// Reads the file of a logo: an SVG or a PNG, small enough to come with every page.

import { readFileSync } from 'node:fs'
import { quoted, type Reading } from './reading.ts'

export type Logo = { readonly type: 'image/svg+xml' | 'image/png'; readonly body: Uint8Array; readonly ratio: number }

/** Every page brings it along, and a page has 60 kB in all. */
const most = 20_000

export function readLogo(path: string): Reading<Logo> {
  let body: Uint8Array
  try {
    body = readFileSync(path)
  } catch {
    return { wrong: `name a file that can be read, not ${quoted(path)}` }
  }
  if (body.length > most) return { wrong: `name a file of at most ${most} bytes; ${quoted(path)} has ${body.length}` }
  const read = pngOf(body) ?? svgOf(body)
  return read === undefined ? { wrong: `name an SVG or a PNG; ${quoted(path)} is neither` } : { value: read }
}

// PNG (third edition) §5.2, §11.2.1: the signature, then IHDR with width and height.
function pngOf(body: Uint8Array): Logo | undefined {
  const view = Buffer.from(body)
  if (view.length < 24 || view.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') return undefined
  return { type: 'image/png', body, ratio: ratioOf(view.readUInt32BE(16), view.readUInt32BE(20)) }
}

function svgOf(body: Uint8Array): Logo | undefined {
  const text = Buffer.from(body).toString('utf8')
  const [tag] = /<svg\b[^>]*>/.exec(text) ?? []
  if (tag === undefined || !/^\s*<(?:\?xml|!--|!doctype|svg)/i.test(text)) return undefined
  const [, , width, height] = /\bviewBox\s*=\s*["']\s*(\S+)[\s,]+(\S+)[\s,]+(\S+)[\s,]+(\S+?)\s*["']/
    .exec(tag)
    ?.slice(1) ?? [undefined, undefined, size(tag, 'width'), size(tag, 'height')]
  return { type: 'image/svg+xml', body, ratio: ratioOf(Number(width), Number(height)) }
}

const size = (tag: string, name: string) => new RegExp(`\\s${name}\\s*=\\s*["']([\\d.]+)`).exec(tag)?.[1]

// A banner would push all else out of the head of a narrow page.
const ratioOf = (width: number, height: number): number =>
  width > 0 && height > 0 ? Math.min(5, Math.max(0.5, width / height)) : 1
