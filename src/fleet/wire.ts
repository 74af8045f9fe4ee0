// What a fleet asks of Graph, Meta's or ours, through the client. Every answer is a value, and says what it is certain of.
//
//     done         it was done
//     refused      it was not done; `need` says what stands in the way
//     unanswered   it was done or not: no answer, one that cannot be read, or trouble on the server's side
//
// Codes decide, never titles, statuses or is_transient: Meta says `true` there of refusals that cost a registration each.

import { ConnectionError } from '#client/connection-error.ts'
import { WhatsApp } from '#client/whatsapp.ts'
import { isWhatsAppError, type WhatsAppError } from '#client/whatsapp-error.ts'
import type { Clock } from '#core/kernel/clock.ts'
import { after } from '#core/kernel/instant.ts'
import { Secret } from '#secrets/secret.ts'
import type { Need, NeedKind } from './needs.ts'
import { type FleetNumber, newNumber } from './number.ts'
import type { ServerTime } from './server-time.ts'

export type Refused = { readonly kind: 'refused'; readonly need: Need }
/** `reached`: whether the server answered at all. */
export type Unanswered = { readonly kind: 'unanswered'; readonly need: Need; readonly reached: boolean }
export type Answer = { readonly kind: 'done' } | Refused | Unanswered

/** What a number says of itself. A field that the server leaves out is `undefined`. */
export type Look = {
  readonly number: string | undefined
  /** `unclear`: it says neither that it is registered nor that it is not. */
  readonly standing: 'registered' | 'offline' | 'unclear'
  readonly hasPin: boolean | undefined
  /** Whether its ownership was never proved. An expired proof says nothing: many registered numbers have one. */
  readonly isUnproved: boolean
  readonly isOnPhone: boolean
}

export type Wire = {
  /** Costs nothing and changes nothing. */
  readonly look: (number: FleetNumber) => Promise<{ readonly kind: 'done'; readonly look: Look } | Refused | Unanswered>
  /** Sets the PIN without the old one. Costs none of the registrations. */
  readonly setPin: (number: FleetNumber, pin: Secret) => Promise<Answer>
  /** Registers, and proves the PIN. Costs one of ten in 72 hours, refused or not. Sent once. */
  readonly register: (number: FleetNumber, pin: Secret) => Promise<Answer>
}

export type WireOptions = {
  readonly server: string
  readonly time: ServerTime
  /** The clock that the client's `retryAt` is of. */
  readonly machine: Clock
  readonly fetch?: typeof globalThis.fetch | undefined
  readonly timeoutMs?: number | undefined
}

const fields = [
  'display_phone_number',
  'status',
  'is_pin_enabled',
  'code_verification_status',
  'is_on_biz_app',
] as const

/** Opens the way to a server. Nothing is sent yet. Throws a `TypeError` for a setting of the environment that is none. */
export function openWire(options: WireOptions): Wire {
  const { server, time, machine, timeoutMs } = options
  const fetching = options.fetch ?? globalThis.fetch
  const fetch: typeof globalThis.fetch = async (...asked) => {
    const answer = await fetching(...asked)
    time.hear(answer.headers.get('date'))
    return answer
  }
  const clientOf = ({ id, token }: FleetNumber): WhatsApp =>
    new WhatsApp({
      ...{ baseUrl: server, accessToken: token.reveal(), phoneNumberId: id, fetch, timeoutMs },
      // What it would warn of, this program sees to itself.
      onWarning: () => {},
    })
  // The client reads what else it needs from the environment: now, and not between a PIN that is written down and its sending.
  clientOf(newNumber('0', Secret.of('none')))
  const asked = async <Done>(asking: () => Promise<Done>): Promise<Done | Refused | Unanswered> => {
    try {
      return await asking()
    } catch (error) {
      return answerOf(error, time, machine)
    }
  }
  const done = { kind: 'done' } as const
  return {
    look: number =>
      asked(async () => {
        const { data } = await clientOf(number).phoneNumbers.get({ fields })
        const look = {
          number: shown(data.display_phone_number),
          standing: standingOf(data.status),
          hasPin: data.is_pin_enabled,
          isUnproved: data.code_verification_status === 'NOT_VERIFIED',
          isOnPhone: data.is_on_biz_app === true,
        }
        return { kind: 'done' as const, look }
      }),
    setPin: (number, pin) =>
      asked(async () => {
        const { data } = await clientOf(number).twoStepVerification.update({ pin: pin.reveal() })
        return data.success === true ? done : unclear(time)
      }),
    register: (number, pin) =>
      asked(async () => {
        const request = { pin: pin.reveal(), data_localization_region: number.region }
        const { data } = await clientOf(number).registration.register(request)
        return data.success === true ? done : unclear(time)
      }),
  }
}

// Registered numbers that are in trouble for their messages are registered all the same. Of the rest nobody says.
const standings: Readonly<Record<string, Look['standing']>> = {
  ...{ CONNECTED: 'registered', FLAGGED: 'registered', RESTRICTED: 'registered', RATE_LIMITED: 'registered' },
  ...{ PENDING: 'offline', DISCONNECTED: 'offline', UNVERIFIED: 'offline' },
}

const standingOf = (status: string | undefined): Look['standing'] =>
  status !== undefined && Object.hasOwn(standings, status) ? (standings[status] ?? 'unclear') : 'unclear'

/** What a server says of a number is shown on terminals: digits and what people put between them, and no more. */
const shown = (number: unknown): string | undefined => {
  const text = typeof number === 'string' ? number.replace(/[^0-9+ ()-]/g, '').slice(0, 32) : ''
  return text === '' ? undefined : text
}

/** An answer that is none: neither a refusal nor `success`. */
const unclear = (time: Clock): Unanswered => ({
  kind: 'unanswered',
  need: { kind: 'away', at: time.now() },
  reached: true,
})

function answerOf(error: unknown, time: Clock, machine: Clock): Refused | Unanswered {
  const now = time.now()
  if (error instanceof ConnectionError) {
    const reached = error.trouble === 'unreadable' || error.trouble === 'redirected'
    return { kind: 'unanswered', need: { kind: 'away', at: now }, reached }
  }
  if (!isWhatsAppError(error)) throw error
  const need = needOf(error)
  const wait = error.retryAt === undefined ? undefined : error.retryAt.getTime() - machine.now()
  const until = wait === undefined || need === 'pin_elsewhere' ? undefined : after(now, Math.max(0, wait))
  const said = { kind: need, at: now, code: error.code, until }
  return need === 'away' ? { kind: 'unanswered', need: said, reached: true } : { kind: 'refused', need: said }
}

function needOf(error: WhatsAppError): NeedKind {
  switch (error.name) {
    case 'AuthenticationError':
      return 'token'
    case 'PermissionError':
      return 'permission'
    case 'InvalidParameterError':
      if (error.code === 33 || error.subcode === 33) return 'missing'
      return error.subcode === unusableName ? 'display_name' : 'refused'
    case 'PinMismatchError':
      return 'pin_elsewhere'
    case 'GuessLimitError':
      return 'guesses'
    case 'RegistrationLimitError':
      return 'registration_limit'
    case 'DeletedRecentlyError':
      return 'deleted_recently'
    case 'NotVerifiedError':
      return 'not_proved'
    case 'NotRegisteredError':
      return 'not_registered'
    case 'AccountLockedError':
      return 'locked'
    case 'RateLimitError':
      return 'slow_down'
    default:
      // Trouble on its side, and codes that nobody has explained: it may have been done.
      return error.code === notFound ? 'missing' : 'away'
  }
}

const unusableName = 2_388_001
const notFound = 803
