// What may go wrong with ownership codes, and with attempts that are counted.

import { after } from '#core/kernel/instant.ts'
import { claimOf, theClaim, withClaim } from '#core/registration-lock/phone-number.ts'

import { ending, type Mutation } from './spoil.ts'

export const codes: readonly Mutation[] = [
  {
    name: 'a claim that is deleted while its code is looked at breaks the program',
    scene: 'codes',
    breaks: 'the core never breaks',
    spoil: core => ({
      codeWasRight: (number, right, now, limits) => {
        theClaim(number, right.claim)
        return core.codeWasRight(number, right, now, limits)
      },
    }),
  },
  {
    name: 'the check of a code is looked at and not stored',
    scene: 'codes',
    breaks: 'no secret is looked at before its guess is stored as spent',
    spoil: core => ({
      spendCheck: (number, ...rest) => {
        const check = core.spendCheck(number, ...rest)
        return check.kind === 'look' ? { ...check, next: number } : check
      },
    }),
  },
  {
    name: 'a code opens twice',
    scene: 'codes',
    breaks: 'no more codes are sent, nor checks made, than the policy allows',
    spoil: core => ({
      codeWasRight: (number, right, now, limits) => {
        const change = core.codeWasRight(number, right, now, limits)
        const request = claimOf(number, right.claim)?.request
        return (
          change &&
          ending(change, given => ({
            ...given,
            claims: given.claims.map(each => (each.id === right.claim ? { ...each, request } : each)),
          }))
        )
      },
    }),
  },
  {
    name: 'a code that was replaced while it was looked at still opens',
    scene: 'codes',
    breaks: 'a code opens once, for its own claim, while it is the newest and alive',
    spoil: core => ({
      codeWasRight: (number, right, now, limits) => {
        const verifier = claimOf(number, right.claim)?.request?.verifier ?? right.verifier
        return core.codeWasRight(number, { ...right, verifier }, now, limits)
      },
    }),
  },
  {
    name: 'a code opens a millisecond after it ran out',
    scene: 'codes',
    breaks: 'a code opens once, for its own claim, while it is the newest and alive',
    spoil: core => ({
      codeWasRight: (number, right, now, limits) => core.codeWasRight(number, right, after(now, -1), limits),
    }),
  },
  {
    name: 'a code in time is not taken in its last millisecond',
    scene: 'codes',
    breaks: 'a code that is right and in time proves the number',
    spoil: core => ({
      codeWasRight: (number, right, now, limits) => core.codeWasRight(number, right, after(now, 1), limits),
    }),
  },
  {
    name: 'a new code restores the checks',
    scene: 'codes',
    breaks: 'no more codes are sent, nor checks made, than the policy allows',
    spoil: core => ({
      sendCode: (number, send, now, limits) => {
        const sent = core.sendCode(number, send, now, limits)
        const claim = sent.kind === 'sent' ? claimOf(sent.next, send.claim) : undefined
        if (sent.kind !== 'sent' || claim?.request === undefined) return sent
        const request = { ...claim.request, checks: 0, lastCheckAt: undefined }
        return { ...sent, next: withClaim(sent.next, { ...claim, request }) }
      },
    }),
  },
  {
    name: 'a check is made a millisecond too soon',
    scene: 'codes',
    breaks: 'no more codes are sent, nor checks made, than the policy allows',
    spoil: core => ({
      spendCheck: (number, id, now, limits) => {
        const hasty = { ...limits.ownershipCode, checkWaits: limits.ownershipCode.checkWaits.map(() => 0) }
        return core.spendCheck(number, id, now, { ...limits, ownershipCode: hasty })
      },
    }),
  },
  {
    name: "strangers use up the keeper's codes",
    scene: 'codes',
    breaks: 'a claim that has not proved the number changes nothing of the number',
    spoil: core => ({
      sendCode: (number, send, now, limits) => {
        const sent = core.sendCode(number, send, now, limits)
        if (sent.kind !== 'sent') return sent
        return ending(sent, given => ({ ...given, sends: { keeper: given.sends.others, others: given.sends.others } }))
      },
    }),
  },
  {
    name: 'codes are sent without counting them',
    scene: 'codes',
    breaks: 'what is stored as sent and as attempted is what happened',
    spoil: core => ({
      sendCode: (number, send, now, limits) => {
        const sent = core.sendCode(number, send, now, limits)
        return sent.kind === 'sent' ? ending(sent, given => ({ ...given, sends: number.sends })) : sent
      },
    }),
  },
  {
    name: 'an attempt is not written down',
    scene: 'attempts',
    breaks: 'what is stored as sent and as attempted is what happened',
    spoil: core => ({
      countAttempt: (number, ...rest) => {
        const attempt = core.countAttempt(number, ...rest)
        return attempt.kind === 'counted' ? { ...attempt, next: number } : attempt
      },
    }),
  },
  {
    name: 'an attempt counts a millisecond too long',
    scene: 'attempts',
    breaks: 'attempts are counted in a moving span, and refused ones do not prolong it',
    spoil: core => ({
      countAttempt: (number, id, now, limits) => {
        const window = { ...limits.registerAndDeregister, span: limits.registerAndDeregister.span + 1 }
        return core.countAttempt(number, id, now, { ...limits, registerAndDeregister: window })
      },
    }),
  },
  {
    name: 'an attempt counts a millisecond too short',
    scene: 'attempts',
    breaks: 'what is stored as sent and as attempted is what happened',
    spoil: core => ({
      countAttempt: (number, id, now, limits) => {
        const window = { ...limits.registerAndDeregister, span: limits.registerAndDeregister.span - 1 }
        return core.countAttempt(number, id, now, { ...limits, registerAndDeregister: window })
      },
    }),
  },
  {
    name: 'the list of sent codes grows without end',
    scene: 'codes',
    breaks: 'a document stays within its bounds',
    spoil: core => ({
      sendCode: (number, send, now, limits) => {
        const sent = core.sendCode(number, send, now, limits)
        if (sent.kind !== 'sent' || sent.next.sends.others === number.sends.others) return sent
        const sends = { ...sent.next.sends, others: [...number.sends.others, now] }
        return ending(sent, given => ({ ...given, sends }))
      },
    }),
  },
]
