// Everything that is known about a person, for that person: the account's document, and its journal in plain words.
//
// The document is written out field by field, so that one which is added later does not compile until somebody has decided
// what of it is told. What secrets are checked against is told to nobody, nor where notifications are posted: that is no
// knowledge about a person, and whoever has the export (a file in a download folder) must be able to do nothing with it.

import type { Account } from '#core/account/account.ts'
import type { Challenge } from '#core/account/challenge.ts'
import { keyOf } from '#core/account/recovery-key.ts'
import { permit, type Refusal, type Session } from '#core/account/session.ts'
import type { TrustedBrowser } from '#core/account/trusted-browser.ts'
import { devicesOf, type TrustedDevice } from '#core/account/trusted-device.ts'
import type { Instant } from '#core/kernel/instant.ts'
import { watched } from '../runner.ts'
import type { World } from '../world.ts'
import type { AtSession } from './account.ts'
import { type Happening, happened } from './activity.ts'

export type ExportAccountEnding =
  | {
      readonly kind: 'exported'
      readonly at: Instant
      readonly account: ExportedAccount
      /** What happened, oldest first, some at a time: a journal has no bound. */
      readonly happenings: () => AsyncGenerator<readonly Happening[]>
    }
  | Refusal

/** Reads only. Asks for fresh proofs: whoever finds an open session must not carry all of it away. */
export const exportAccount = (world: World, at: AtSession): Promise<ExportAccountEnding> =>
  watched(world, 'export_account', async () => {
    const may = permit(at.account, at.session.id, 'fresh', at.now, world.limits)
    if (may.kind !== 'permitted') return may
    return { kind: 'exported', at: at.now, account: exported(at.account), happenings: () => all(world, at.id) }
  })

const eventsAtATime = 200

async function* all(world: World, account: string): AsyncGenerator<readonly Happening[]> {
  for (let from = 1; ; from += eventsAtATime) {
    const some = await happened(world, account, from, eventsAtATime)
    if (some.length > 0) yield some
    if (some.length < eventsAtATime) return
  }
}

/**
 * The export as JSON, written as it is read: a journal has no bound, and the server's memory has. One that breaks in the
 * middle ends the connection, and what came is no whole JSON.
 */
export function exportText({ at, account, happenings }: Exported): ReadableStream<Uint8Array> {
  const head = JSON.stringify({ exported_at: moment(at), account: snakeCased(account) })
  const pages = happenings()
  let written = 0
  return new ReadableStream({
    async pull(stream) {
      if (written === 0) stream.enqueue(Buffer.from(`${head.slice(0, -1)},"events":[`))
      const page = await pages.next()
      const happened: readonly Happening[] = page.done === true ? [] : page.value
      const texts = happened.map(each => JSON.stringify(happeningText(each)))
      if (texts.length > 0) stream.enqueue(Buffer.from((written === 0 ? '' : ',') + texts.join(',')))
      written += texts.length
      if (page.done !== true) return
      stream.enqueue(Buffer.from(']}'))
      stream.close()
    },
    cancel: () => pages.return(undefined).then(() => undefined),
  })
}

type Exported = Extract<ExportAccountEnding, { readonly kind: 'exported' }>

/** What happened, as it is written. The event itself has ids of what it is about: its words are what is told. */
export const happeningText = ({ at, event: _, ...rest }: Happening) => ({ ...rest, at: moment(at) })

const snakeCased = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name.replace(/[A-Z]/g, each => `_${each.toLowerCase()}`), value]),
  )

export type ExportedAccount = ReturnType<typeof exported>

/** The document as JSON, without what secrets are checked against. */
export function exported(account: Account) {
  const { twoStep } = account
  return {
    id: account.id,
    createdAt: moment(account.createdAt),
    seen: moment(account.seen),
    application: account.application ?? null,
    addresses: account.addresses.map(each => ({ address: each.address, confirmed_at: moment(each.confirmedAt) })),
    language: account.language ?? null,
    awaited: account.awaited ? { address: account.awaited.address, until: moment(account.awaited.link.expires) } : null,
    addressMails: account.addressMails.map(each => moment(each)),
    password: account.password ? { set_at: moment(account.password.setAt), weak: account.password.weak } : null,
    strangers: account.strangers.map(each => ({ wrong_passwords: each.tries, last_at: moment(each.lastAt) })),
    mailedReset: {
      open_until: moment(account.mailedReset.out?.expires),
      mailed_at: account.mailedReset.mailed.map(each => moment(each)),
    },
    identity: {
      questions: account.identity.questions.map(each => each.question),
      birth_date_known: account.identity.birthDate !== undefined,
      wrong_birth_dates: account.identity.tries.tries,
    },
    changedAt: moment(account.changedAt),
    twoStep: {
      state: twoStep.kind,
      since: moment(twoStep.kind === 'on' ? twoStep.since : undefined),
      waits_until: moment(twoStep.kind === 'waiting' ? twoStep.until : undefined),
      deadline: moment('deadline' in twoStep ? twoStep.deadline : undefined),
      step: twoStep.kind === 'enrolling' ? twoStep.step : null,
      devices: devicesOf(account).map(device),
      recovery_key_since: moment(keyOf(account)?.since),
      recovery_key_confirmed_at: moment(keyOf(account)?.confirmedAt),
    },
    sessions: account.sessions.map(session),
    browsers: account.browsers.map(browser),
    signIns: account.signIns.map(each => ({ id: each.id, began_at: moment(each.beganAt), from: each.from })),
    resets: account.resets.map(each => ({ id: each.id, began_at: moment(each.beganAt), from: each.from })),
    challenges: account.challenges.map(challenge),
    notified: Object.fromEntries(
      Object.entries(account.notified).map(([side, sent]) => [side, sent.map(each => moment(each))]),
    ),
    newNumbers: account.newNumbers.map(each => ({ number: each.number, sent_at: each.sends.map(at => moment(at)) })),
    keyTries: account.keyTries.map(({ delay }) => ({ wrong_keys: delay.tries, last_at: moment(delay.lastAt) })),
    appPasswords: account.appPasswords.map(({ id, label, service, createdAt, lastUsed }) => {
      const used = { last_used_at: moment(lastUsed?.at), last_used_from: lastUsed?.from ?? null }
      return { id, label, service, created_at: moment(createdAt), ...used }
    }),
    closedAt: moment(account.closedAt),
  } satisfies Readonly<Record<keyof Account, unknown>>
}

const moment = (at: Instant | undefined): string | null => (at === undefined ? null : new Date(at).toISOString())

function device(each: TrustedDevice) {
  const { id, kind, name, model, addedAt, lastUsedAt, sends, failures } = each
  return {
    ...{ id, kind, name, model: model ?? null, number: each.kind === 'number' ? each.number : null },
    unreachable: each.unreachable,
    added_at: moment(addedAt),
    last_used_at: moment(lastUsedAt),
    codes_sent_at: Object.values(sends).flatMap(sent => sent.map(at => moment(at))),
    wrong_codes_in_a_row: Math.max(...Object.values(failures)),
  }
}

const session = ({ id, name, from, browser, beganAt, lastUsedAt, level, proofs, channel, gates }: Session) => ({
  ...{ id, name, from, browser: browser ?? null, level, channel: channel ?? null, gates },
  began_at: moment(beganAt),
  last_used_at: moment(lastUsedAt),
  password_at: moment(proofs.P),
  code_at: moment(proofs.D),
  recovery_key_at: moment(proofs.K),
})

const browser = ({ id, name, from, addedAt, lastUsedAt, trustedUntil, delay }: TrustedBrowser) => ({
  ...{ id, name, from },
  added_at: moment(addedAt),
  last_used_at: moment(lastUsedAt),
  trusted_until: moment(trustedUntil),
  wrong_passwords: delay.tries,
})

const challenge = ({ purpose, channel, device, draft, sends, lastSentAt, checks, from }: Challenge) => ({
  ...{ purpose, channel, device, from, sends, checks },
  number: draft?.kind === 'number' ? draft.number : null,
  last_sent_at: moment(lastSentAt),
})
