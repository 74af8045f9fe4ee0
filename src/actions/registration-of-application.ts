// A registration as its application sees it: a claim on a number.

import { type ClaimId, claimOf } from '#core/registration-lock/phone-number.ts'
import type { Subject } from '#records/records.ts'
import { asOfNow } from './number.ts'
import type { World } from './world.ts'

/** The number that a registration is on. Another application's looks exactly like one that is not there. */
export async function registrationOfApplication(
  world: World,
  application: string,
  claim: ClaimId,
): Promise<Subject<'number'> | undefined> {
  const subject = await world.records.find('number', { purpose: 'claim', value: claim })
  const by = subject === undefined ? undefined : claimOf(subject.document, claim)?.by
  if (subject === undefined || by?.kind !== 'application' || by.application !== application) return undefined
  return { ...subject, document: asOfNow(world, subject.document) }
}
