// Sends a text from a registered business number. Registration, and so the lock, is a prerequisite of messaging.

import { after, day } from '#core/kernel/instant.ts'
import { quietly } from '#core/registration-lock/change.ts'
import { used } from '#core/registration-lock/lock.ts'
import type { ClaimId, E164 } from '#core/registration-lock/phone-number.ts'
import { changeNumber } from './number.ts'
import { watched } from './runner.ts'
import type { Call, World } from './world.ts'

export type SendText = { readonly number: string; readonly claim: ClaimId; readonly to: E164; readonly text: string }

export type SendTextEnding =
  | { readonly kind: 'accepted'; readonly message: string }
  | { readonly kind: 'not_registered' | 'to_itself' }

/** One commit: the message and the holder's use of the number. */
export const sendText = (world: World, call: Call, command: SendText): Promise<SendTextEnding> =>
  watched(world, 'send_text', () => {
    const id = world.secrets.newHexId()
    return changeNumber<SendTextEnding>(world, call, command.number, (number, now) => {
      if (number.holder?.claim !== command.claim) return { ending: { kind: 'not_registered' } }
      if (number.number === command.to) return { ending: { kind: 'to_itself' } }
      const message = { channel: 'whatsapp', to: command.to, from: number.number, text: command.text } as const
      return {
        ending: { kind: 'accepted', message: id },
        change: quietly(used(number, command.claim, now)),
        messages: [{ id, message, due: now, expires: after(now, 30 * day) }],
      }
    })
  })
