// What the people of a business look at: its numbers in pages, found by what they know of one, and what happened to one.
// Reading only. However many numbers a business has, a page reads so many documents and no more.

import { endOfNumber, lastDigits, nameWords } from '#core/business/name-words.ts'
import type { Instant } from '#core/kernel/instant.ts'
import type { NumberEvent } from '#core/registration-lock/change.ts'
import type { Door } from '#core/registration-lock/doors.ts'
import { type ClaimId, claimOf, isKeeper, type PhoneNumber } from '#core/registration-lock/phone-number.ts'
import { openTurnOffLink } from '#core/registration-lock/recovery-mail.ts'
import { maskAddress } from '#delivery/email/mail-address.ts'
import { parseNumber } from '#numbering/number.ts'
import { type Entry, readEntry } from '#records/journal.ts'
import type { Name } from '#records/kinds.ts'
import type { Subject } from '#records/records.ts'
import { asOfNow } from './number.ts'
import type { World } from './world.ts'

export type ListedNumber = { readonly number: PhoneNumber; readonly claim: ClaimId; readonly verifiedName: string }

/** A place in a list: where the next page begins. */
export type ListPlace = { readonly position: string; readonly member: string }

export type NumberList = {
  readonly numbers: readonly ListedNumber[]
  readonly newer: ListPlace | undefined
  readonly older: ListPlace | undefined
}

/** `end`: last digits, four or more. `words`: whole words of the name, in any case. */
export type NumberFilter = { readonly kind: 'end' | 'words'; readonly text: string } | undefined

const perPage = 25
// Of what is found by its last four digits or by one word, the rest is compared; so more is read than is shown.
const perSearch = 50

/** One page of a business's numbers, newest first. A filter may leave a page short, or empty, though there is more. */
export async function listNumbers(
  world: World,
  business: string,
  filter: NumberFilter,
  from: { readonly after?: ListPlace | undefined; readonly before?: ListPlace | undefined },
): Promise<NumberList> {
  const sought = await soughtBy(world, business, filter)
  if (sought === undefined) return { numbers: [], newer: undefined, older: undefined }
  const { after, before } = from
  const backwards = after === undefined && before !== undefined
  const { listed, more } = await world.records.page('number', sought.gathering, {
    limit: filter === undefined ? perPage : perSearch,
    order: 'descending',
    ...(after === undefined ? {} : { after }),
    ...(backwards ? { before } : {}),
  })
  const numbers = listed.flatMap(({ member, subject }): readonly ListedNumber[] => {
    const by = claimOf(subject.document, member)?.by
    // The page was read a moment before its documents: a claim may be gone by now.
    if (by?.kind !== 'business' || by.business !== business) return []
    const entry = { number: asOfNow(world, subject.document), claim: member, verifiedName: by.verifiedName }
    return sought.fits(entry) ? [entry] : []
  })
  const first = listed.at(0)
  const last = listed.at(-1)
  return {
    numbers,
    newer: (backwards ? more : after !== undefined) ? first : undefined,
    older: backwards || more ? last : undefined,
  }
}

type Sought = { readonly gathering: Name; readonly fits: (entry: ListedNumber) => boolean }

async function soughtBy(world: World, business: string, filter: NumberFilter): Promise<Sought | undefined> {
  if (filter === undefined) return { gathering: { purpose: 'business', value: business }, fits: () => true }
  if (filter.kind === 'end') {
    if (!/^[0-9]+$/.test(filter.text) || filter.text.length < lastDigits) return undefined
    const gathering = { purpose: 'business-by-end', value: `${business}/${endOfNumber(filter.text)}` } as const
    return { gathering, fits: ({ number }) => number.number.endsWith(filter.text) }
  }
  const words = nameWords(filter.text)
  const gathering = await rarestOf(world, business, words)
  if (gathering === undefined) return undefined
  return {
    gathering,
    fits: ({ verifiedName }) => {
      const has = nameWords(verifiedName)
      return words.every(word => has.includes(word))
    },
  }
}

// The numbers under the rarest word are the fewest to be looked through. A word under which all fit on one page will do; where
// there is none, the longest is likely the rarest.
async function rarestOf(world: World, business: string, words: readonly string[]): Promise<Name | undefined> {
  const gatherings = words
    .toSorted((one, other) => other.length - one.length)
    .map((word): Name => ({ purpose: 'business-by-word', value: `${business}/${word}` }))
  if (gatherings.length === 1) return gatherings[0]
  for (const gathering of gatherings) {
    if (!(await world.records.listsMoreThan(perSearch, gathering))) return gathering
  }
  return gatherings[0]
}

export type FindNumberEnding =
  /** It is in the business's list. */
  | { readonly kind: 'found'; readonly claim: ClaimId }
  | { readonly kind: 'not_found' }
  /** What was written is no whole number: look it up with {@link listNumbers}. */
  | { readonly kind: 'look_up'; readonly filter: NonNullable<NumberFilter> }
  | { readonly kind: 'too_little' }

/** Reads what somebody wrote into the search field. One read: a whole number is found by its blind index. */
export async function findNumber(world: World, business: string, text: string): Promise<FindNumberEnding> {
  const { homeCountries } = world.policy
  const home = homeCountries !== 'all' && homeCountries.length === 1 ? homeCountries[0] : undefined
  const parsed = parseNumber(text, home)
  if (parsed.kind === 'number') {
    const subject = await world.records.find('number', { purpose: 'number', value: parsed.e164 })
    const claim = subject?.document.claims.find(({ by }) => by.kind === 'business' && by.business === business)
    if (claim !== undefined) return { kind: 'found', claim: claim.id }
  }
  const digits = asciiDigits(text)
  if (digits !== undefined) {
    // As it is dialled at home: the zeros in front are not part of it.
    const end = digits.replace(/^0+(?=\d{4})/, '')
    if (parsed.kind === 'number' && text.trim().startsWith('+')) return { kind: 'not_found' }
    return end.length < lastDigits ? { kind: 'too_little' } : { kind: 'look_up', filter: { kind: 'end', text: end } }
  }
  return nameWords(text).length === 0
    ? { kind: 'too_little' }
    : { kind: 'look_up', filter: { kind: 'words', text: nameWords(text).join(' ') } }
}

/** The digits of a text that is digits and what people put between them, and nothing else. */
function asciiDigits(text: string): string | undefined {
  const bare = text.normalize('NFKC').replace(/[\s().+/-]/g, '')
  return /^[0-9]{1,20}$/.test(bare) ? bare : undefined
}

// ——— what happened

export type PastEvent = {
  readonly at: Instant
  readonly door: Door
  readonly event: NumberEvent
  /** Whether the business itself did it. */
  readonly own: boolean
}

export type NumberHistory = {
  readonly events: readonly PastEvent[]
  /** Where older ones begin; `undefined` when these were the first. */
  readonly older: number | undefined
}

const eventsPerPage = 40

/**
 * What happened to a number, newest first, as far as one of its claims may know: what it did itself; and what others did,
 * while the number was its own. Nothing of who had the number before is ever shown.
 */
export async function historyOf(
  world: World,
  subject: Subject<'number'>,
  claim: ClaimId,
  before: number | undefined,
): Promise<NumberHistory> {
  const newest = Math.min(subject.head.sequence, (before ?? Number.POSITIVE_INFINITY) - 1)
  const from = Math.max(1, newest - eventsPerPage + 1)
  if (newest < 1) return { events: [], older: undefined }
  const key = { kind: 'number', id: subject.id }
  const rows = await world.records.store.journal(key, from, newest - from + 1)
  const proof = claimOf(subject.document, claim)?.proof
  const since = proof?.kind === 'proved' && isKeeper(subject.document, claim) ? proof.at : undefined
  const events = rows
    .map(row => readEntry<'number'>(world.secrets, key, row))
    .filter(entry => isFor(entry, claim, since))
    .map(({ at, door, event }) => ({ at, door, event, own: claimIn(event) === claim }))
    .toReversed()
  return { events, older: from > 1 ? from : undefined }
}

const claimIn = (event: NumberEvent): ClaimId | undefined => ('claim' in event ? event.claim : undefined)

function isFor({ at, event }: Entry<'number'>, claim: ClaimId, since: Instant | undefined): boolean {
  // The counting of guesses and attempts is for auditors; what came of each stands beside it.
  if (/guess_spent$|^registration\.attempted$/.test(event.kind)) return false
  if (claimIn(event) === claim) return true
  return since !== undefined && at >= since && event.kind !== 'number.claimed'
}

// ——— turning off

/** The mail with a turn-off link that is out for a number, as far as its own business may know. */
export async function turnOffMail(
  world: World,
  number: PhoneNumber,
  claim: ClaimId,
): Promise<{ readonly toMasked: string; readonly expires: Instant } | undefined> {
  const out = openTurnOffLink(number, world.clock.now())
  const by = claimOf(number, claim)?.by
  if (out?.claim !== claim || by?.kind !== 'business') return undefined
  const business = await world.records.load('business', by.business)
  return business === undefined ? undefined : { toMasked: maskAddress(business.document.email), expires: out.expires }
}
