// What a device is refused with, and what is wrong with one that is to be trusted.

import type { NumberRefusal } from '#core/account/mobile-number.ts'
import type { Problem } from '#http/problem.ts'
import { invalidRequest } from '../decode.ts'

/** Never registered, taken away, not proved in time, or not said which: it does not say. */
export const deviceNeeded: Problem = {
  status: 401,
  kind: 'device_needed',
  title: 'This needs a device that receives notifications.',
  detail: 'Send its token as Authorization: Bearer twdv_…, and Device-Installation. Register it if it was taken away.',
  challenge: 'Bearer realm="device", error="invalid_token"',
}

export const deviceRestored: Problem = {
  status: 401,
  kind: 'device_restored',
  title: 'This device came back from a backup and is not trusted any more.',
  detail: 'The secret of its installation is missing. The owner was told; sign in and add the device anew.',
  challenge: 'Bearer realm="device", error="invalid_token"',
}

export const noRoom: Problem = {
  status: 503,
  kind: 'too_many_waiting',
  title: 'Too many wait here already.',
  detail: 'A device needs one stream. Close the others, or come back after the wait.',
  retryAfter: 5,
}

export const nothingOpen: Problem = {
  status: 404,
  kind: 'nothing_open',
  title: 'There is nothing to end.',
  detail: 'What was asked for is over already.',
}

/** A subscription that is none; `field` as `readSubscription` names it. */
export const notASubscription = ({ field, problem }: { readonly field: string; readonly problem: string }): Problem =>
  invalidRequest([{ field: field === 'p256dh' || field === 'auth' ? `push.keys.${field}` : `push.${field}`, problem }])

const refusals: Readonly<Record<NumberRefusal, string>> = {
  fixed_line: 'This is a landline number: it takes no text messages.',
  voip: 'This is an internet telephony number: whoever reads its account reads the code.',
  premium_rate: 'This is a premium rate number.',
  toll_free: 'This is a toll-free number: it takes no text messages.',
  shared_cost: 'This is a shared-cost number: it takes no text messages.',
  personal: 'This number forwards to others: nobody knows whose phone would show the code.',
  pager: 'This is a pager.',
  voicemail: 'This is the number of a voicemail box: whoever guesses its PIN hears the code.',
  uan: 'This is the number of a company, not of a phone.',
  unknown: 'This is no number that is in use.',
  region_not_supported: 'Codes are not sent to this country or region.',
}

/** A number that codes are not sent to. `reason` says which kind it is. */
export const noCodes = ({ why }: { readonly why: NumberRefusal }): Problem => ({
  status: 422,
  kind: 'number_not_supported',
  title: 'Codes cannot be sent to this number.',
  detail: `${refusals[why]} Give a mobile number.`,
  members: { reason: why },
})

/** A text that is no number at all. */
export { notANumber } from '../problems.ts'
