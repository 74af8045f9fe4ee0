// Every call of /api/v1, in the order of the reference.

import { accountGroups } from './account.ts'
import { appPasswordGroups } from './app-passwords.ts'
import type { Group } from './call.ts'
import { factorGroups } from './factors.ts'
import { operatorGroups } from './operator.ts'
import { registrationGroups } from './registrations.ts'
import { signInGroups } from './sign-ins.ts'

export const groups: readonly Group[] = [
  ...registrationGroups,
  ...signInGroups,
  ...accountGroups,
  ...factorGroups,
  ...appPasswordGroups,
  ...operatorGroups,
]
