// A forgotten password: what the calls take and what they answer.

import { z } from 'zod'
import {
  code,
  id,
  moment,
  password,
  recoveryKeyRequest,
  secondStepAnswer,
  sendCodeRequest,
  signInRequest,
  token,
} from './accounts.ts'

const { identifier } = signInRequest.shape

export const beginResetRequest = recoveryKeyRequest.extend({ identifier })

export const chooseDeviceRequest = sendCodeRequest

export const checkCodeRequest = z.strictObject({ code })

export const newPasswordRequest = z.strictObject({ new_password: password })

export const mailResetRequest = z.strictObject({ identifier })

export const mailedResetRequest = z.strictObject({
  token: token.describe('What the mailed link ends in.'),
  new_password: password,
})

export const resetAnswer = z.strictObject({
  id,
  next: z.enum(['code', 'password']).describe('What to call now.'),
  devices: secondStepAnswer.shape.devices,
  expires_at: moment,
})

/** Told once: the token goes with every further call of the reset. */
export const begunAnswer = resetAnswer.extend({ token: z.string() })

export { acceptedAnswer, codeSentAnswer } from './accounts.ts'

/** Nobody is signed in by it. */
export const resetDoneAnswer = z.strictObject({ reset: z.literal(true), next: z.literal('sign_in') })
