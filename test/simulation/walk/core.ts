// The core's decisions as one table, so that a walk can be led over the real ones or over ones that were spoilt on purpose.

import {
  contestAnswered,
  guessWasRight,
  guessWasWrong,
  reminderAnswered,
  removePin,
  setPin,
  spendPinGuess,
  stillGuards,
  used,
} from '#core/registration-lock/lock.ts'
import { codeWasRight, codeWasWrong, sendCode, spendCheck } from '#core/registration-lock/ownership-code.ts'
import { addClaim } from '#core/registration-lock/phone-number.ts'
import { confirmRecoveryLink, giveRecoveryAddress, mailRecoveryLink } from '#core/registration-lock/recovery-mail.ts'
import {
  approach,
  countAttempt,
  deleteClaim,
  deregister,
  guessedRight,
  guessedWrong,
  register,
} from '#core/registration-lock/registration.ts'

export const theCore = {
  addClaim,
  approach,
  codeWasRight,
  codeWasWrong,
  confirmRecoveryLink,
  contestAnswered,
  countAttempt,
  deleteClaim,
  deregister,
  giveRecoveryAddress,
  guessedRight,
  guessedWrong,
  guessWasRight,
  guessWasWrong,
  mailRecoveryLink,
  register,
  reminderAnswered,
  removePin,
  sendCode,
  setPin,
  spendCheck,
  spendPinGuess,
  stillGuards,
  used,
}

export type Core = Readonly<typeof theCore>
