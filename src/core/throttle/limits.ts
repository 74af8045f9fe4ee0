// Every limit of the product in one table, each row with its reason. Two profiles differ in few rows:
// `classic` has the numbers of the public documents the product follows; `strict` meets NIST SP 800-63B-4 at AAL2 and
// OWASP ASVS 5. All of them fail closed: when the store is away, the answer is "not now", never "go on".

import { day, hour, type Milliseconds, minute } from '../kernel/instant.ts'
import type { GuessPolicy } from './guess-budget.ts'
import type { WindowPolicy } from './moving-window.ts'

export type Profile = 'classic' | 'strict'

export type Limits = {
  readonly ownershipCode: {
    readonly digits: number
    readonly life: Milliseconds
    /** How long each check after the first waits for the one before it. One more entry than this makes all checks. */
    readonly checkWaits: readonly Milliseconds[]
    /** When each code of one request may be sent, counted from the first. */
    readonly sendsAt: readonly Milliseconds[]
    /** Codes sent to one number at its keeper's request, and as many at everybody else's. */
    readonly perNumber: WindowPolicy
  }
  /** How long a proof of ownership counts for a claim that neither holds the number nor keeps its PIN. */
  readonly ownershipProofLife: Milliseconds
  readonly pinGuesses: GuessPolicy
  readonly registerAndDeregister: WindowPolicy
  readonly afterDeletion: Milliseconds
  readonly withoutPin: { readonly pendingMessages: Milliseconds; readonly account: Milliseconds }
  readonly recoveryLink: { readonly life: Milliseconds; readonly perLock: WindowPolicy }
  /** Recovery addresses that are given for one number: each is mailed something. */
  readonly addressesGiven: WindowPolicy
  /** Mails to one recovery address that say that the PIN was changed. */
  readonly pinChangesMailed: WindowPolicy
  /** Whether a recovery address counts only after its own confirmation. */
  readonly recoveryAddressMustBeConfirmed: boolean
  readonly reminders: readonly Milliseconds[]
  readonly claimsPerNumber: number
  readonly accessTokensPerBusiness: number
  readonly onPremises: {
    /** After how long without a guess the strangers' budget of passwords starts over. */
    readonly strangersRest: Milliseconds
    /** How long the place of a login is known, and how many places one user has. */
    readonly placeIsKnown: Milliseconds
    readonly placesPerUser: number
    readonly tokenLife: Milliseconds
    readonly tokensPerUser: number
    readonly users: number
  }
  /** The least characters of an admin's password. */
  readonly passwordLength: number
  readonly passwordGuesses: GuessPolicy
  /** How long a sign-in lasts in all, and how long without use. */
  readonly session: { readonly life: Milliseconds; readonly idle: Milliseconds }
  readonly invitationLife: Milliseconds
  readonly sessionsPerAdmin: number
  readonly browsersPerAdmin: number
  readonly businessesPerAdmin: number
}

const shared = {
  // A million codes and five looks at one: 1 in 200 000 a request. Ten minutes is the most that NIST SP 800-63B-4
  // §3.1.3.2 lets an out-of-band secret live. Waits and sends follow Signal's registration service.
  ownershipCode: {
    digits: 6,
    life: 10 * minute,
    checkWaits: [0, 0, 1 * minute, 2 * minute],
    sendsAt: [0, 1 * minute, 2 * minute, 5 * minute, 10 * minute],
    // A message costs money, and a ringing phone costs its owner peace.
    perNumber: { limit: 5, span: day, apart: minute },
  },
  // Long enough to wait out the 30 days without use; not so long that an hour with somebody's SIM opens the number next year.
  ownershipProofLife: 31 * day,
  // Meta's registration page: ten requests a number in a moving 72 hours; the next answers 133016.
  registerAndDeregister: { limit: 10, span: 72 * hour, apart: 0 },
  // Meta's error page, 133015: a deleted number can be registered again after five minutes.
  afterDeletion: 5 * minute,
  // WhatsApp's article on two-step verification: 7 days without use, then pending messages go; 30 days, then all goes.
  withoutPin: { pendingMessages: 7 * day, account: 30 * day },
  // One click by a scanner must not be the end, so the link waits for a POST; a day is enough to find the mail.
  recoveryLink: { life: day, perLock: { limit: 5, span: day, apart: minute } },
  // Enough to mend a typing error twice; too few to make a stranger's mailbox a nuisance to them.
  addressesGiven: { limit: 5, span: day, apart: 0 },
  // A right PIN changes it as often as it likes, and the address may be a stranger's. Who was told ten times today is warned.
  pinChangesMailed: { limit: 10, span: day, apart: 0 },
  // Spaced repetition as Signal asks for its PIN: often while it is new, weekly for good.
  reminders: [6 * hour, 12 * hour, day, day, 3 * day, 7 * day],
  // A document is read whole: it must stay small whatever strangers do to it.
  claimsPerNumber: 16,
  accessTokensPerBusiness: 100,
  // The On-Premises client. Tokens live as long as Meta's users page says; the rest keeps the document small. Strangers who
  // rest for a day begin anew: nobody waits for what was guessed at last month.
  onPremises: {
    strangersRest: day,
    placeIsKnown: 30 * day,
    placesPerUser: 8,
    tokenLife: 7 * day,
    tokensPerUser: 16,
    users: 32,
  },
  // Per known browser and, apart, for all strangers together: five at once, then one after each wait, an hour at most.
  // Never closed: a lock-out would be a gift to whoever wants the owner out (ASVS 5.0 §6.3.1).
  passwordGuesses: {
    kind: 'steps',
    atOnce: 5,
    waits: [minute, 2 * minute, 5 * minute, 15 * minute, 30 * minute, hour],
    closesAfter: Number.POSITIVE_INFINITY,
  },
  // A link that sets a password: a day, like every link we mail.
  invitationLife: day,
  // Lists in one document, read with every page.
  sessionsPerAdmin: 20,
  browsersPerAdmin: 10,
  businessesPerAdmin: 100,
} as const

/** The table. */
export const limits: Readonly<Record<Profile, Limits>> = {
  classic: {
    ...shared,
    // Five mistakes of a forgetful owner cost no wait; a thief has 5 + 5 on the first day and one a day from then on.
    // A hundred in a row end the PIN way (NIST SP 800-63B-4 §3.2.2); the recovery e-mail and time stay.
    pinGuesses: {
      kind: 'steps',
      atOnce: 5,
      waits: [minute, 5 * minute, 15 * minute, hour, 6 * hour, day],
      closesAfter: 100,
    },
    // A second step will guard the sign-in; until then a longer one is for `strict` to ask.
    passwordLength: 10,
    session: { life: 30 * day, idle: 7 * day },
    // As documented by WhatsApp: the address is not verified.
    recoveryAddressMustBeConfirmed: false,
  },
  strict: {
    ...shared,
    pinGuesses: { kind: 'refill', inAll: 10, every: day, closesAfter: 100 },
    // NIST SP 800-63B-4 §3.1.1.2: at least 15 characters where the password is the only factor; §2.2.3: a day, an hour idle.
    passwordLength: 15,
    session: { life: day, idle: hour },
    // An address with a typing error is a stranger who can remove the lock.
    recoveryAddressMustBeConfirmed: true,
  },
}
