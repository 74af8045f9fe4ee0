// A look of the operator's own: an accent colour and a logo. Whatever colour is given, what is written in it can be read: it
// is made darker for the light pages and lighter for the dark ones until it stands out enough.

import { createHash } from 'node:crypto'
import type { Brand } from './layout.ts'

/** A picture, as `config/logo.ts` reads it. `ratio`: its width by its height. */
export type Logo = { readonly type: 'image/svg+xml' | 'image/png'; readonly body: Uint8Array; readonly ratio: number }

export type BrandGiven = {
  /** As `#0b5cad`. */
  readonly accent: string | undefined
  readonly logo: Logo | undefined
}

export type BrandFile = { readonly type: string; readonly body: Uint8Array | string }

/** What pages name, and the files behind the names, by path. */
export type BrandMade = { readonly brand: Brand; readonly files: ReadonlyMap<string, BrandFile> }

/** What is served of a look; `undefined` where none was given. The same look has the same addresses on every node. */
export function brandOf({ accent, logo }: BrandGiven): BrandMade | undefined {
  if (accent === undefined && logo === undefined) return undefined
  const version = createHash('sha256')
    .update(`${accent}\0`)
    .update(logo?.body ?? '')
    .digest('hex')
    .slice(0, 16)
  const at = (name: string) => `/pages/brand/${version}/${name}`
  const style = [
    accent === undefined ? '' : accentStyle(accent),
    logo === undefined ? '' : logoStyle(at('logo'), logo.ratio),
  ].join('')
  const files = new Map<string, BrandFile>([[at('style.css'), { type: 'text/css; charset=utf-8', body: style }]])
  if (logo !== undefined) files.set(at('logo'), logo)
  return { brand: { style: at('style.css'), icon: logo && at('logo') }, files }
}

// ——— colours

type Colour = readonly [red: number, green: number, blue: number]

/** What stands behind text in the accent colour, and text in front of it. As in static/style.css. */
export const grounds = {
  light: { behind: ['#f4f6f8', '#ffffff', '#f7f9fb'], before: '#ffffff' },
  dark: { behind: ['#101418', '#191f25', '#141a1f'], before: '#0b1620' },
} as const

/** WCAG 2.2 §1.4.3, for text of any size; and a hair more, for what rounding takes. */
const enough = 4.55

/** The accent as each page shows it, and a stronger one for what is pointed at. */
export function accentsOf(accent: string): Readonly<Record<'light' | 'dark', { accent: string; strong: string }>> {
  const given = colourOf(accent)
  const made = (theme: 'light' | 'dark', towards: Colour) => {
    const { behind, before } = grounds[theme]
    const against = [...behind, before].map(colourOf)
    let colour = given
    for (let step = 0; step <= 50 && against.some(each => contrast(colour, each) < enough); step++) {
      colour = mixed(given, towards, step / 50)
    }
    return { accent: textOf(colour), strong: textOf(mixed(colour, towards, 0.25)) }
  }
  return { light: made('light', [0, 0, 0]), dark: made('dark', [255, 255, 255]) }
}

function accentStyle(accent: string): string {
  const { light, dark } = accentsOf(accent)
  const pair = (one: string, other: string) => `light-dark(${one},${other})`
  return (
    `:root{--accent:${pair(light.accent, dark.accent)};--accent-strong:${pair(light.strong, dark.strong)};` +
    `--on-accent:${pair(grounds.light.before, grounds.dark.before)}}`
  )
}

const colourOf = (text: string): Colour => [1, 3, 5].map(at => Number.parseInt(text.slice(at, at + 2), 16)) as never

const textOf = (colour: Colour): string =>
  `#${colour.map(part => Math.round(part).toString(16).padStart(2, '0')).join('')}`

const mixed = (one: Colour, other: Colour, share: number): Colour =>
  one.map((part, at) => Math.round(part + ((other[at] ?? 0) - part) * share)) as never

/** WCAG 2.2, "contrast ratio": 1 to 21. */
export function contrast(one: Colour | string, other: Colour | string): number {
  const [low = 0, high = 0] = [one, other]
    .map(each => luminance(typeof each === 'string' ? colourOf(each) : each))
    .toSorted((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map(part => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

// ——— the logo

// Its room is kept before it has come, or the page would jump.
const logoStyle = (address: string, ratio: number): string =>
  `.mark{background:url("${address}") center/contain no-repeat;border-radius:0;block-size:2rem;` +
  `inline-size:${(2 * ratio).toFixed(2)}rem;max-inline-size:45vw}`
