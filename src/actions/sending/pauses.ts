// What the operator sees and does about codes to phones: what is paused and why, what is spent, a stop by hand, and its end.

import { type Instant, later } from '#core/kernel/instant.ts'
import { type Allowance, spanOf, withHold } from '#core/sending/allowance.ts'
import { type Hold, held, isHeld, type PausedPrefix, pausesOf, released } from '#core/sending/prefix.ts'
import { sendingRules } from '#core/sending/rules.ts'
import { parseNumber } from '#numbering/number.ts'
import { everyAllowance, pausedPrefixes, positionAt } from '#records/kinds.ts'
import { watched } from '../runner.ts'
import type { Call, World } from '../world.ts'
import { allCodes, changeAllowance } from './leases.ts'
import { changePrefix, lookAtPrefix } from './prefixes.ts'

/** All phones, those of a country, or those of a prefix: `+` and digits, all but a number's last four. */
export type PauseTarget =
  | { readonly what: 'all' }
  | { readonly what: 'country'; readonly country: string }
  | { readonly what: 'prefix'; readonly prefix: string }

/** Something that no codes are sent to. */
export type Pause = {
  readonly of: PauseTarget
  readonly why: PausedPrefix['why'] | 'spent'
  readonly since: Instant
  readonly until: Instant | undefined
  /** `undefined`: texts and calls. */
  readonly method: PausedPrefix['method']
}

/** What was handed out of an allowance in its span: codes of a country's day, ten-thousandths of money of an hour. */
type Spent = { readonly of: string; readonly leased: number; readonly limit: number; readonly until: Instant }

export type SendingSeen = {
  readonly pauses: readonly Pause[]
  /** Whether there are more paused prefixes than are shown. */
  readonly more: boolean
  readonly spent: readonly Spent[]
  readonly now: Instant
}

/** There are some 250 countries. */
const mostAllowances = 300

/** How codes to phones stand, with the first `limit` paused prefixes: those that open next. */
export async function lookAtSending(world: World, limit: number): Promise<SendingSeen> {
  const now = world.clock.now()
  // What ended lies before now, whether or not its document was touched since.
  const after = { position: positionAt(now), member: '~' }
  const [{ listed, more }, allowances] = await Promise.all([
    world.records.page('prefix', pausedPrefixes, { limit, after }),
    world.records.page('allowance', everyAllowance, { limit: mostAllowances }),
  ])
  const ofPrefixes = listed.flatMap(({ subject: { document } }) =>
    pausesOf(document, later(now, document.seen)).map(pause => {
      return { ...pause, of: { what: 'prefix', prefix: document.prefix } as const }
    }),
  )
  const documents = allowances.listed.map(({ subject }) => subject.document)
  return {
    pauses: [...documents.flatMap(each => pausesOfAllowance(each, later(now, each.seen))), ...ofPrefixes],
    more,
    spent: documents.flatMap(each => spentOf(world, each, later(now, each.seen))),
    now,
  }
}

const spanFor = ({ of }: Allowance): number => (of === allCodes ? sendingRules.hour : sendingRules.day)

const isNow = (allowance: Allowance, now: Instant): boolean => allowance.began === spanOf(now, spanFor(allowance))

function pausesOfAllowance(allowance: Allowance, now: Instant): readonly Pause[] {
  const { of: name, hold, spentAt } = allowance
  const of: PauseTarget = name === allCodes ? { what: 'all' } : { what: 'country', country: name }
  const method = undefined
  const byHand = hold !== undefined && isHeld(hold, now) ? [{ ...hold, of, why: 'held', method } as const] : []
  const until = (allowance.began + spanFor(allowance)) as Instant
  const spent =
    spentAt !== undefined && isNow(allowance, now) ? [{ of, why: 'spent', since: spentAt, until, method } as const] : []
  return [...byHand, ...spent]
}

function spentOf(world: World, allowance: Allowance, now: Instant): readonly Spent[] {
  if (!isNow(allowance, now)) return []
  const { budget, perCountry } = world.policy.sending
  const limit = allowance.of === allCodes ? budget : perCountry
  return [
    { of: allowance.of, leased: allowance.leased, limit, until: (allowance.began + spanFor(allowance)) as Instant },
  ]
}

export type PauseEnding = { readonly kind: 'paused' | 'released' } | { readonly kind: 'not_a_prefix' }

/** Stops codes by hand, on every node at once: until a moment, or until they are released. One commit. */
export const pauseCodes = (
  world: World,
  call: Call,
  { of, until }: { readonly of: PauseTarget; readonly until: Instant | undefined },
): Promise<PauseEnding> =>
  watched(world, 'pause_codes', async () => {
    const hold = (since: Instant): Hold => ({ since, until })
    if (of.what !== 'prefix') {
      return changeAllowance<PauseEnding>(world, call, nameOf(of), (allowance, now) => ({
        ending: { kind: 'paused' },
        change: { next: withHold(allowance, hold(now)), events: [] },
      }))
    }
    const region = regionOf(of.prefix)
    if (region === undefined) return { kind: 'not_a_prefix' }
    return changePrefix<PauseEnding>(world, call, { prefix: of.prefix, region }, (prefix, now) => ({
      ending: { kind: 'paused' },
      change: { next: held(prefix, hold(now)), events: [] },
    }))
  })

/**
 * Ends a stop by hand, and a prefix's block with it: what was counted of the prefix is forgotten. Money that is spent stays
 * spent: that takes another setting.
 */
export const releaseCodes = (world: World, call: Call, of: PauseTarget): Promise<PauseEnding> =>
  watched(world, 'release_codes', async () => {
    const ending: PauseEnding = { kind: 'released' }
    if (of.what !== 'prefix') {
      return changeAllowance<PauseEnding>(world, call, nameOf(of), allowance => {
        if (allowance.hold === undefined) return { ending }
        return { ending, change: { next: withHold(allowance, undefined), events: [] } }
      })
    }
    if (regionOf(of.prefix) === undefined) return { kind: 'not_a_prefix' }
    // One that nothing was ever sent to is open as it is.
    const known = await lookAtPrefix(world, of.prefix)
    if (known === undefined) return ending
    return changePrefix<PauseEnding>(world, call, known, prefix => {
      return { ending, change: { next: released(prefix), events: [] } }
    })
  })

const nameOf = (of: Exclude<PauseTarget, { readonly what: 'prefix' }>): string =>
  of.what === 'all' ? allCodes : of.country

/** The region of a prefix's numbers; `undefined` where there are no such numbers. */
function regionOf(prefix: string): string | undefined {
  const parsed = parseNumber(`${prefix}0000`)
  return parsed.kind === 'number' && parsed.e164 === `${prefix}0000` ? parsed.region : undefined
}
