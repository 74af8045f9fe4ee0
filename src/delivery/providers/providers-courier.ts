// The courier of texts and calls to phones: asks one provider after the other, and hears what became of each message.
//
//   outbox ──▶ send ──▶ what next? ──▶ ask a provider (written down first) ──▶ its answer, written down ──┐
//                 ▲          │                                                                            │
//                 │          ├── a receipt may come: the outbox asks again then                           │
//                 │          └── over                                                                     │
//                 └───────────────────────────────────────────────────────────────────────────────────────┘
//   receipt ──▶ written down ──▶ it did not arrive: a new row in the outbox, in the same commit, carries on at once
//
// The decisions are core/message/delivery.ts's. A provider is asked for what is still wanted only: a code that another one
// took the place of is not sent, so that never two codes are alive.

import type { Clock } from '#core/kernel/clock.ts'
import { after, type Instant, later, type Milliseconds, minute, second } from '#core/kernel/instant.ts'
import {
  answered,
  asking,
  begunDelivery,
  type Delivery,
  type DeliveryEnd,
  type DeliveryRules,
  nextStep,
  noRow,
  receipted,
  withoutRow,
} from '#core/message/delivery.ts'
import type { Message, Outgoing } from '#core/message/message.ts'
import { providerMessage } from '#records/kinds.ts'
import type { Records, Subject } from '#records/records.ts'
import type { Courier, CourierEnding } from '../courier.ts'
import type { Provider, ProviderEnding, Receipt } from './provider.ts'
import type { Standings } from './standings.ts'

export type ProvidersOptions = {
  readonly providers: readonly Provider[]
  readonly records: Records
  readonly clock: Clock
  readonly standings: Standings
  /** ISO 3166-1 alpha-2 of a number. */
  readonly countryOf: (number: string) => string
  /** Whether a message is still of use: its code was neither replaced nor used. */
  readonly isWanted: (message: Message) => Promise<boolean>
  /** A provider did not take a message: `fault` is a word of a closed set. */
  readonly onFault: (provider: string, fault: string) => void
  /** There is something in the outbox. */
  readonly nudge: () => void
  /** For the answer of one provider: two of them fit into the outbox's patience. 8 seconds unless told. */
  readonly patience?: Milliseconds
}

export type ProvidersCourier = Courier & {
  /** Takes a receipt; answers once it is stored. */
  readonly receive: (provider: string, receipt: Receipt) => Promise<'stored' | 'unknown'>
  /** A key was pressed: what is to be read out, if it may still be. Read out, it has arrived. */
  readonly textOfCall: (provider: string, id: string) => Promise<Pick<Message, 'text' | 'call'> | undefined>
}

/** A commit that somebody else was quicker than is made again, this often. */
const races = 8

export function providersCourier(options: ProvidersOptions): ProvidersCourier {
  const { providers, records, clock, standings, countryOf, isWanted, onFault, nudge, patience = 8 * second } = options
  const serving = ({ channel, to }: Message): readonly Provider[] => {
    const country = countryOf(to)
    return providers.filter(
      each => each.channel === channel && (each.countries === 'all' || each.countries.includes(country)),
    )
  }
  const rulesFor = (message: Message): DeliveryRules => {
    const country = countryOf(message.to)
    return {
      providers: serving(message).map(({ name }) => name),
      receiptWait: name => providers.find(each => each.name === name)?.receiptWait,
      usuallyTells: name => standings.usuallyTells(name, country),
    }
  }

  const store = async (subject: Subject<'delivery'>, document: Delivery, messages: readonly Outgoing[] = []) => {
    const now = later(clock.now(), document.seen)
    const changes = { document: { ...document, seen: now }, events: [], messages }
    return (await records.commit(subject, changes, { at: now, door: 'operator', requestId: undefined })).kind
  }

  /** Changes a delivery whatever else happens to it meanwhile; `undefined` when it is gone, or nothing changes. */
  async function change(id: string, to: (delivery: Delivery) => Changed | undefined): Promise<Delivery | undefined> {
    for (let race = 0; race < races; race += 1) {
      const subject = await records.load('delivery', id)
      const changed = subject && to(subject.document)
      if (subject === undefined || changed === undefined) return undefined
      const ending = await store(subject, changed.delivery, changed.messages)
      if (ending === 'committed') return changed.delivery
      // A provider that gives one name to two messages is not believed: the first one keeps it.
      if (ending === 'handle_taken') to = unnamed(to)
    }
    return undefined
  }

  const ask = async (provider: Provider, delivery: Delivery, id: string, signal: AbortSignal) => {
    const { message, expires } = delivery
    const either = AbortSignal.any([signal, AbortSignal.timeout(patience)])
    const ending = await provider.send({ message, id, expires, now: clock.now() }, either)
    standings.answered(provider, countryOf(message.to), ending, clock.now())
    if (ending.kind !== 'taken') onFault(provider.name, ending.fault)
    return ending
  }

  async function begin(message: Message, row: string, expires: Instant): Promise<Subject<'delivery'>> {
    const id = message.delivery ?? row
    return (
      (await records.load('delivery', id)) ??
      records.unborn('delivery', id, begunDelivery(row, message, expires, clock.now()))
    )
  }

  /** One provider is asked, and its answer written down. `undefined`: somebody else has the delivery in hand. */
  async function turn(subject: Subject<'delivery'>, provider: Provider, signal: AbortSignal) {
    const { id, document } = subject
    const asked = asking(document, provider.name, later(clock.now(), document.seen))
    if ((await store(subject, asked)) !== 'committed') return undefined
    const ending = await ask(provider, asked, id, signal)
    const state = stateOf(ending)
    const ref = ending.kind === 'taken' ? ending.ref : undefined
    await change(id, delivery => ({ delivery: answered(delivery, provider.name, state, ref) }))
    return records.load('delivery', id)
  }

  return {
    async send(message, row, signal, expires): Promise<CourierEnding> {
      let subject: Subject<'delivery'> | undefined = await begin(
        message,
        row,
        expires ?? after(clock.now(), 10 * minute),
      )
      const tried: string[] = []
      for (;;) {
        const { document }: Subject<'delivery'> = subject
        if (document.row !== row) return { kind: 'taken' }
        const rules = rulesFor(message)
        if (rules.providers.length === 0) return { kind: 'refused', reason: 'rejected' }
        const step = nextStep(document, later(clock.now(), document.seen), rules)
        if (step.kind === 'wait') return { kind: 'later', at: step.until }
        if (step.kind === 'over') return endingOf(step.how)
        if (signal.aborted) return { kind: 'failed', reason: 'timed_out' }
        if (!(await isWanted(message))) return { kind: 'refused', reason: 'replaced' }
        const among = serving(message).filter(({ name }) => step.among.includes(name) && !tried.includes(name))
        const provider = standings.draw(among, countryOf(message.to), clock.now())
        if (provider === undefined) return { kind: 'failed', reason: tried.length === 0 ? 'busy' : 'rejected' }
        tried.push(provider.name)
        missedReceipt(document)
        subject = await turn(subject, provider, signal)
        if (subject === undefined) return { kind: 'failed', reason: 'busy' }
      }
    },

    async expired(message, row) {
      const attempts = (await records.load('delivery', message.delivery ?? row))?.document.attempts ?? []
      return attempts.some(({ state }) => state === 'taken' || state === 'delivered') ? 'sent' : 'dead'
    },

    async settled(message, row) {
      for (let race = 0; race < races; race += 1) {
        const subject = await records.load('delivery', message.delivery ?? row)
        const left = subject && withoutRow(subject.document, row)
        if (subject === undefined || left === undefined) return
        if (subject.document.row === row) missedReceipt(subject.document)
        if (left === 'last' ? await records.remove(subject) : (await store(subject, left)) === 'committed') return
      }
    },

    async receive(provider, { id, ref, state }) {
      const key =
        id ??
        (await records.find('delivery', { purpose: 'provider-message', value: providerMessage(provider, ref ?? '') }))
          ?.id
      if (key === undefined) return 'unknown'
      const told = { provider, ref, state }
      let carriesOn = false
      const stored = await change(key, delivery => {
        const next = delivery.row === noRow ? undefined : receipted(delivery, told)
        if (next === undefined) return undefined
        const { row, messages } = carryOn(next, key)
        carriesOn = messages.length > 0
        const earlier = carriesOn ? [...(next.earlier ?? []), next.row] : next.earlier
        return { delivery: { ...next, row, ...(earlier && { earlier }) }, messages }
      })
      if (stored === undefined) return (await records.load('delivery', key)) === undefined ? 'unknown' : 'stored'
      standings.heard(provider, countryOf(stored.message.to), state)
      if (carriesOn) nudge()
      return 'stored'
    },

    async textOfCall(provider, id) {
      const now = clock.now()
      const { document } = (await records.load('delivery', id)) ?? {}
      const isTheirs = document?.attempts.some(each => each.provider === provider) ?? false
      if (document === undefined || !isTheirs || now >= document.expires) return undefined
      if (!(await isWanted(document.message))) return undefined
      const told = { provider, ref: undefined, state: 'delivered' } as const
      const stored = await change(id, delivery => {
        const next = receipted(delivery, told)
        return next && { delivery: next }
      })
      if (stored !== undefined) standings.heard(provider, countryOf(document.message.to), 'delivered')
      return document.message
    },

    close() {
      for (const provider of providers) provider.close?.()
    },
  }

  /** It did not arrive: a row of its own goes on at once, and the one that waits for the receipt finds nothing to do. */
  function carryOn(delivery: Delivery, id: string): { row: string; messages: readonly Outgoing[] } {
    const now = later(clock.now(), delivery.seen)
    const stays = { row: delivery.row, messages: [] }
    if (nextStep(delivery, now, rulesFor(delivery.message)).kind !== 'ask') return stays
    const row = records.secrets.newHexId()
    const message = { ...delivery.message, delivery: id }
    return { row, messages: [{ message, due: now, expires: delivery.expires, id: row }] }
  }

  function missedReceipt({ attempts, message }: Delivery): void {
    const last = attempts.at(-1)
    const waits = providers.find(({ name }) => name === last?.provider)?.receiptWait
    if (last?.state === 'taken' && waits !== undefined) standings.heard(last.provider, countryOf(message.to), 'none')
  }
}

type Changed = { readonly delivery: Delivery; readonly messages?: readonly Outgoing[] }

const unnamed =
  (to: (delivery: Delivery) => Changed | undefined) =>
  (delivery: Delivery): Changed | undefined => {
    const changed = to(delivery)
    const attempts = changed?.delivery.attempts.map(({ ref, ...rest }) => {
      const had = delivery.attempts.some(each => each.ref !== undefined && each.ref === ref)
      return had && ref !== undefined ? { ...rest, ref } : rest
    })
    return changed && attempts && { ...changed, delivery: { ...changed.delivery, attempts } }
  }

function stateOf({ kind }: ProviderEnding): 'taken' | 'silent' | 'failed' | 'declined' {
  return kind === 'later' ? 'failed' : kind
}

const reasons = { undelivered: 'undelivered', declined: 'rejected', silent: 'timed_out' } as const

function endingOf(how: DeliveryEnd): CourierEnding {
  return how === 'taken' || how === 'delivered' ? { kind: 'taken' } : { kind: 'refused', reason: reasons[how] }
}
