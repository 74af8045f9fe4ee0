// Checks an ownership code: the check is spent and stored, then the code is compared, then the proof is stored.

import type { Instant } from '#core/kernel/instant.ts'
import { type CodeMethod, codeWasRight, codeWasWrong, spendCheck } from '#core/registration-lock/ownership-code.ts'
import { type ClaimId, claimOf } from '#core/registration-lock/phone-number.ts'
import type { Secret } from '#secrets/secret.ts'
import { changeNumber } from './number.ts'
import { codePurpose } from './request-code.ts'
import { watched } from './runner.ts'
import { codeCameBack } from './sending/leave.ts'
import { type Call, settling, type World } from './world.ts'

export type VerifyCode = {
  readonly number: string
  readonly claim: ClaimId
  /** `undefined`: a guess was meant, and what came cannot be a code. It pays like a wrong one. */
  readonly code: Secret | undefined
}

export type VerifyCodeEnding =
  | { readonly kind: 'proved' }
  /** Wrong, late, used, replaced, of another claim, or never sent: it does not say which. */
  | { readonly kind: 'wrong_code' }
  | { readonly kind: 'check_too_soon' | 'checks_spent'; readonly retryAt: Instant; readonly now: Instant }

type Spent =
  | VerifyCodeEnding
  | { readonly kind: 'look'; readonly verifier: string; readonly number: string; readonly method: CodeMethod }

/** Two commits: the check, then what came of it; and where the code was right, one that says so of its prefix. */
export const verifyCode = (world: World, call: Call, command: VerifyCode): Promise<VerifyCodeEnding> =>
  watched(world, 'verify_code', async () => {
    const { limits, secrets } = world
    const spent = await changeNumber<Spent>(world, call, command.number, (number, now) => {
      const check = spendCheck(number, command.claim, now, limits)
      switch (check.kind) {
        case 'look':
          return {
            ending: {
              ...{ kind: 'look', verifier: check.verifier },
              ...{ number: number.number, method: claimOf(number, command.claim)?.request?.method ?? 'sms' },
            },
            change: check,
          }
        case 'no_code':
          return { ending: { kind: 'wrong_code' } }
        case 'too_soon':
          return { ending: { kind: 'check_too_soon', retryAt: check.retryAt, now } }
        case 'checks_spent':
          return { ending: { ...check, now } }
      }
    })
    if (spent.kind !== 'look') return spent
    world.watch.guess('code', call.door, 'spent')

    const { code } = command
    const right = code !== undefined && secrets.checkCode(spent.verifier, codePurpose(command), code)
    const ending = await changeNumber<VerifyCodeEnding>(world, settling(call), command.number, (number, now) => {
      const proved = right && codeWasRight(number, { claim: command.claim, verifier: spent.verifier }, now, limits)
      if (proved) return { ending: { kind: 'proved' }, change: proved }
      return { ending: { kind: 'wrong_code' }, change: codeWasWrong(number, command.claim) }
    })
    world.watch.guess('code', call.door, ending.kind === 'proved' ? 'right' : 'wrong')
    if (ending.kind === 'proved') await codeCameBack(world, call, spent)
    return ending
  })
