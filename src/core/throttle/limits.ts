// Every limit of the product in one table, each row with its reason. Two profiles differ in few rows:
// `classic` has the numbers of the public documents the product follows; `strict` meets NIST SP 800-63B-4 at AAL2 and
// OWASP ASVS 5. All of them fail closed: when the store is away, the answer is "not now", never "go on".

import { day, hour, type Milliseconds, minute, second } from '../kernel/instant.ts'
import type { DelayPolicy } from './growing-delay.ts'
import type { GuessPolicy } from './guess-budget.ts'
import type { WindowPolicy } from './moving-window.ts'

export type Profile = 'classic' | 'strict'

/** How one-time codes of a kind are made, sent and checked. */
export type CodePolicy = {
  readonly digits: number
  readonly life: Milliseconds
  /** How long each check after the first waits for the one before it. One more entry than this makes all checks. */
  readonly checkWaits: readonly Milliseconds[]
  /** When each code of one request may be sent, counted from the first. */
  readonly sendsAt: readonly Milliseconds[]
}

export type Limits = {
  readonly ownershipCode: CodePolicy & {
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
  readonly account: AccountLimits
}

/** The rows for accounts. */
export type AccountLimits = {
  readonly deviceCode: CodePolicy
  /** Notifications that codes travel by, for each side (owner's own browsers, strangers, holders of a Recovery Key). */
  readonly notifications: WindowPolicy
  /** Wrong codes in a row, after which a trusted device is off for the side they came from. */
  readonly failuresInARow: number
  readonly password: {
    readonly delay: DelayPolicy
    /** Buckets that strangers fall into by their network, so that one of them does not hold up all new browsers. */
    readonly strangerBuckets: number
    /** Characters. */
    readonly leastLength: number
    /** Whether it needs a digit, a capital and a small letter, and no sign three times in a row. */
    readonly mixed: boolean
  }
  /** Mails to who wants an account: to one address, and at the wish of one network. */
  readonly signUp: { readonly perAddress: WindowPolicy; readonly perNetwork: WindowPolicy; readonly life: Milliseconds }
  readonly recoveryKey: {
    /** For one caller. */
    readonly delay: DelayPolicy
    readonly callers: number
    readonly diesOnUse: boolean
    readonly askEvery: Milliseconds
    readonly retypeWithin: Milliseconds
  }
  readonly waiting: { readonly period: Milliseconds; readonly toFinish: Milliseconds }
  readonly browser: { readonly trust: Milliseconds; readonly grace: Milliseconds; readonly most: number }
  readonly session: {
    readonly life: Milliseconds
    readonly idle: Milliseconds
    /** How long a session by password and Recovery Key has to verify a new device. */
    readonly limitedLife: Milliseconds
    readonly most: number
  }
  readonly freshProof: Milliseconds
  /** From the right password to the right code; from the right Recovery Key to the new password. */
  readonly signIn: { readonly life: Milliseconds; readonly most: number }
  readonly passwordReset: { readonly life: Milliseconds; readonly most: number }
  readonly mailedLink: { readonly life: Milliseconds; readonly perAccount: WindowPolicy }
  /** Whether there are security questions and a birth date. They open nothing; turning off asks for them. */
  readonly securityQuestions: boolean
  readonly birthDate: DelayPolicy
  readonly appPasswords: number
  readonly devices: number
  readonly addresses: number
  /** New numbers that codes were sent to in a day, before they are trusted. */
  readonly newNumbers: number
  /** Codes to one number at the wish of all accounts that do not trust it yet. */
  readonly newNumber: WindowPolicy
  /** Links to one address at the wish of all accounts that want it for their own. */
  readonly newAddress: WindowPolicy
}

const accountShared = {
  // A phone that rings at night costs its owner peace, and tired owners say yes.
  notifications: { limit: 3, span: hour, apart: 0 },
  // Longer and longer to an hour, and never for good: a stranger must not lock the owner out.
  passwordDelay: { free: 3, first: second, most: hour, forgetsAfter: day },
  strangerBuckets: 4,
  // Anybody may write anybody's address there: a nuisance to one mailbox thrice a day at most. A school behind one address
  // still gets its class in.
  signUp: {
    perAddress: { limit: 3, span: day, apart: minute },
    perNetwork: { limit: 60, span: hour, apart: 0 },
    life: day,
  },
  // Ten for one caller, then a day without: 70 bits need no more, and the account is not the one that waits.
  recoveryKey: {
    delay: { free: 10, first: day, most: day, forgetsAfter: day },
    callers: 32,
    askEvery: 365 * day,
    // Long enough to find a printer.
    retypeWithin: hour,
  },
  // The document: three days in which the owner can notice, thirty to finish.
  waiting: { period: 72 * hour, toFinish: 30 * day },
  // Two tabs that sign in at once both bring the cookie from before.
  browser: { grace: minute, most: 20 },
  session: { limitedLife: hour, most: 32 },
  // ASVS 5 §7.5: whoever finds an open session must not change what guards it.
  freshProof: 10 * minute,
  signIn: { life: 15 * minute, most: 4 },
  passwordReset: { life: 30 * minute, most: 4 },
  mailedLink: { life: day, perAccount: { limit: 5, span: day, apart: minute } },
  birthDate: { free: 5, first: day, most: day, forgetsAfter: day },
  appPasswords: 25,
  devices: 10,
  addresses: 5,
  newNumbers: 8,
  // Five at an account's wish, so one more account may still prove it; a hundred accounts are one nuisance and not a hundred.
  newNumber: { limit: 10, span: day, apart: 0 },
  newAddress: { limit: 10, span: day, apart: 0 },
} as const

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
    account: accountLimits({
      // The document: four digits. Three looks, and the device is off after thirty in a row: 1 in 333 for good.
      deviceCode: { digits: 4, life: 5 * minute, checkWaits: [0, 0], sendsAt: shared.ownershipCode.sendsAt },
      failuresInARow: 30,
      // As Apple documents the passwords of its accounts.
      leastPassword: 8,
      mixedPassword: true,
      keyDiesOnUse: false,
      trust: 60 * day,
      session: { life: 30 * day, idle: 7 * day },
      securityQuestions: true,
    }),
  },
  strict: {
    ...shared,
    pinGuesses: { kind: 'refill', inAll: 10, every: day, closesAfter: 100 },
    // NIST SP 800-63B-4 §3.1.1.2: at least 15 characters where the password is the only factor; §2.2.3: a day, an hour idle.
    passwordLength: 15,
    session: { life: day, idle: hour },
    // An address with a typing error is a stranger who can remove the lock.
    recoveryAddressMustBeConfirmed: true,
    account: accountLimits({
      // NIST SP 800-63B-4 §3.1.3.2: six digits at least, ten minutes at most; §3.2.2: a hundred failures in a row.
      deviceCode: { digits: 6, life: 10 * minute, checkWaits: [0, 0, 0, 0], sendsAt: shared.ownershipCode.sendsAt },
      failuresInARow: 100,
      // NIST SP 800-63B-4 §3.1.1.2: fifteen where a password may stand alone, as it does until two-step is on.
      leastPassword: 15,
      // NIST SP 800-63B-4 §3.1.1.2: no rules of composition, they make passwords alike.
      mixedPassword: false,
      // NIST SP 800-63B-4 §4.2.1.1: a recovery code is used once.
      keyDiesOnUse: true,
      trust: 30 * day,
      // NIST SP 800-63B-4 §2.2.3: AAL2 asks again after a day, or an hour without use.
      session: { life: 24 * hour, idle: hour },
      securityQuestions: false,
    }),
  },
}

// What the profiles differ in for accounts, put together with what they share.
function accountLimits(row: {
  readonly deviceCode: CodePolicy
  readonly failuresInARow: number
  readonly leastPassword: number
  readonly mixedPassword: boolean
  readonly keyDiesOnUse: boolean
  readonly trust: Milliseconds
  readonly session: { readonly life: Milliseconds; readonly idle: Milliseconds }
  readonly securityQuestions: boolean
}): AccountLimits {
  const { passwordDelay, strangerBuckets, ...same } = accountShared
  return {
    ...same,
    deviceCode: row.deviceCode,
    failuresInARow: row.failuresInARow,
    password: { delay: passwordDelay, strangerBuckets, leastLength: row.leastPassword, mixed: row.mixedPassword },
    recoveryKey: { ...same.recoveryKey, diesOnUse: row.keyDiesOnUse },
    browser: { ...same.browser, trust: row.trust },
    session: { ...same.session, ...row.session },
    securityQuestions: row.securityQuestions,
  }
}
