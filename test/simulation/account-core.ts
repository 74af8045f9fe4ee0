// The decisions about accounts as one table, so that a walk can be led over the real ones or over ones spoilt on purpose.

import { tidied } from '#core/account/account.ts'
import * as appPassword from '#core/account/app-password.ts'
import * as closing from '#core/account/closing.ts'
import * as addresses from '#core/account/email-address.ts'
import * as enrolment from '#core/account/enrolment.ts'
import * as forgotten from '#core/account/forgotten-password.ts'
import * as mailed from '#core/account/mailed-reset.ts'
import * as newDevice from '#core/account/new-device.ts'
import { changePassword, passwordWasWrong, spendPasswordTry } from '#core/account/password.ts'
import * as key from '#core/account/recovery-key.ts'
import { endSessions } from '#core/account/session.ts'
import * as signIn from '#core/account/sign-in.ts'
import * as stepUp from '#core/account/step-up.ts'
import * as devices from '#core/account/trusted-device.ts'
import * as off from '#core/account/turning-off.ts'

export const theAccountCore = {
  tidied,
  ...{ changePassword, passwordWasWrong, spendPasswordTry },
  ...{ appPasswordUsed: appPassword.appPasswordUsed, makeAppPassword: appPassword.makeAppPassword },
  closeAccount: closing.closeAccount,
  ...{ addAddress: addresses.addAddress, confirmAddress: addresses.confirmAddress },
  ...enrolment,
  ...forgotten,
  ...mailed,
  ...key,
  endSessions,
  ...signIn,
  ...stepUp,
  ...devices,
  ...newDevice,
  turnOff: off.turnOff,
}

export type AccountCore = Readonly<typeof theAccountCore>
