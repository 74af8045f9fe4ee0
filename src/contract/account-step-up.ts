// Step-up and gates: proving oneself anew in a session, and what a session reaches (RFC 9470).

import { z } from 'zod'
import { id, moment, password } from './accounts.ts'

// ——— what they take

export const stepUpPasswordRequest = z.strictObject({ password })

const application = z
  .string('write the id of an application')
  .regex(/^[0-9]{15}$/, 'write the id of an application: 15 digits')
  .optional()
  .describe('Whose gate it is, where it is none that is built in. Left out: the application whose user this is.')

export const passGateRequest = z.strictObject({ application })

export const defineGateRequest = z.strictObject({
  needs: z.enum(['first-step', 'two-step'], 'write first-step or two-step').default('two-step'),
  opens: z
    .enum(['read', 'change'], 'write read or change')
    .default('change')
    .describe('A gate that needs the first step only opens what may be read.'),
  max_age_s: z
    .int('write whole seconds')
    .min(0, 'write whole seconds, 0 or more')
    .max(31_536_000, 'write at most a year, 31536000 seconds')
    .optional()
    .describe('How old the proofs may be. Such a gate is asked every time; left out, once per session.'),
})

// ——— what they answer

export const stepUpAnswer = z.strictObject({
  acr: z.string(),
  amr: z.array(z.string()),
  password_at: moment.nullable(),
  device_code_at: moment.nullable(),
})

const rule = {
  needs: z.enum(['first-step', 'two-step']),
  opens: z.enum(['read', 'change']),
  max_age_s: z.int().min(0).nullable(),
}

export const gatesAnswer = z.strictObject({
  gates: z.array(
    z.strictObject({
      gate: z.string(),
      ...rule,
      passed: z.boolean().describe('In this session, before.'),
      missing: z.array(z.enum(['password', 'device_code'])).describe('Empty: it would be passed now.'),
    }),
  ),
})

export const gatePassedAnswer = z.strictObject({
  gate: z.string(),
  passed: z.literal(true),
  acr: z.string(),
  amr: z.array(z.string()),
})

export const definedGateAnswer = z.strictObject({ gate: id, ...rule })
export const definedGatesAnswer = z.strictObject({ gates: z.array(definedGateAnswer) })

export const stepUpCodeAnswer = z.strictObject({ expires_at: moment, expires_in_s: z.int().min(0) })
export const removedGateAnswer = z.strictObject({ removed: z.literal(true) })
