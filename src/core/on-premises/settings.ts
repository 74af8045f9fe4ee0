// The application settings of an On-Premises client: which there are, what each may be, and what it is when nobody says.
// They steer Meta's client. Here they are kept and told, and nothing is ever sent to an address in them.

/** A setting's value. */
export type Value = boolean | number | string | readonly string[] | { readonly [name: string]: Value }

/** What somebody set; whatever is not here has its default. */
export type Settings = { readonly [name: string]: Value }

type Shape =
  | { readonly kind: 'flag'; readonly otherwise: boolean }
  | { readonly kind: 'whole'; readonly least: number; readonly most: number; readonly otherwise: number }
  | { readonly kind: 'one_of'; readonly numbers: readonly number[]; readonly otherwise: number }
  | { readonly kind: 'address'; readonly otherwise: string }
  | { readonly kind: 'some_of'; readonly words: readonly string[]; readonly otherwise: readonly string[] }
  | { readonly kind: 'group'; readonly of: Shapes }
type Shapes = { readonly [name: string]: Shape }

const flag = (otherwise: boolean): Shape => ({ kind: 'flag', otherwise })
const whole = (least: number, most: number, otherwise: number): Shape => ({ kind: 'whole', least, most, otherwise })
const media = ['image', 'document', 'audio', 'video', 'voice', 'sticker']

const shapes: Shapes = {
  callback_backoff_delay_ms: whole(0, 86_400_000, 3_000),
  callback_persist: flag(true),
  db_garbagecollector_enable: flag(true),
  heartbeat_interval: whole(1, 3_600, 5),
  max_callback_backoff_delay_ms: whole(0, 86_400_000, 900_000),
  media: { kind: 'group', of: { auto_download: { kind: 'some_of', words: media, otherwise: media } } },
  notify_user_change_number: flag(false),
  on_call_pager: { kind: 'address', otherwise: '' },
  pass_through: flag(false),
  sent_status: flag(false),
  show_security_notifications: flag(false),
  unhealthy_interval: whole(1, 3_600, 30),
  webhooks: {
    kind: 'group',
    of: {
      max_concurrent_requests: { kind: 'one_of', numbers: [6, 12, 18, 24], otherwise: 6 },
      url: { kind: 'address', otherwise: '' },
    },
  },
}

export type SettingsEnding =
  | { readonly kind: 'changed'; readonly next: Settings }
  /** `name`: with a dot inside a group. `unknown`: there is no such setting. `wrong`: it may not be that. */
  | { readonly kind: 'unknown'; readonly name: string }
  | { readonly kind: 'wrong'; readonly name: string }

/** The settings with some of them changed. All of them, or none. */
export function changeSettings(settings: Settings, given: Readonly<Record<string, unknown>>): SettingsEnding {
  return changeIn(shapes, settings, given, '')
}

function changeIn(of: Shapes, old: Settings, given: Readonly<Record<string, unknown>>, path: string): SettingsEnding {
  const next: Record<string, Value> = { ...old }
  for (const [name, value] of Object.entries(given)) {
    const shape = Object.hasOwn(of, name) ? of[name] : undefined
    if (shape === undefined) return { kind: 'unknown', name: path + name.slice(0, 64) }
    if (shape.kind === 'group') {
      if (!isRecord(value)) return { kind: 'wrong', name: path + name }
      const group = changeIn(shape.of, groupIn(old, name), value, `${path}${name}.`)
      if (group.kind !== 'changed') return group
      next[name] = group.next
      continue
    }
    const read = readValue(shape, value)
    if (read === undefined) return { kind: 'wrong', name: path + name }
    next[name] = read
  }
  return { kind: 'changed', next }
}

/** Every setting, with its default where nobody said otherwise. */
export const allSettings = (settings: Settings): Settings => allIn(shapes, settings)

const allIn = (of: Shapes, settings: Settings): Settings =>
  Object.fromEntries(
    Object.entries(of).map(([name, shape]) => [
      name,
      shape.kind === 'group' ? allIn(shape.of, groupIn(settings, name)) : (settings[name] ?? shape.otherwise),
    ]),
  )

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const groupIn = (settings: Settings, name: string): Settings => {
  const group = settings[name]
  return isRecord(group) ? (group as Settings) : {}
}

// A form carries flags and numbers as text.
function readValue(shape: Exclude<Shape, { kind: 'group' }>, value: unknown): Value | undefined {
  switch (shape.kind) {
    case 'flag':
      return value === true || value === 'true' ? true : value === false || value === 'false' ? false : undefined
    case 'whole': {
      const number = readWhole(value)
      return number !== undefined && number >= shape.least && number <= shape.most ? number : undefined
    }
    case 'one_of': {
      const number = readWhole(value)
      return number !== undefined && shape.numbers.includes(number) ? number : undefined
    }
    case 'address':
      return typeof value === 'string' && /^(?:https?:\/\/[\x21-\x7e]{1,2000})?$/.test(value) ? value : undefined
    case 'some_of':
      return Array.isArray(value) && value.every(each => shape.words.includes(each)) ? [...new Set(value)] : undefined
  }
}

/** A whole number, as a number or in ASCII digits. */
export function readWhole(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined
  return typeof value === 'string' && /^[0-9]{1,9}$/.test(value) ? Number(value) : undefined
}
