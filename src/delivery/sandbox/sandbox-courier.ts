// The sandbox's courier takes everything and carries it nowhere: messages stay in the outbox, where a page shows them.

import { day } from '#core/kernel/instant.ts'
import type { Courier, Couriers } from '../courier.ts'

const courier: Courier = { send: async () => ({ kind: 'taken' }) }

export const sandboxCouriers: Couriers = { sms: courier, voice: courier, email: courier, whatsapp: courier }

/** How long the sandbox keeps what it took, on its own clock. */
export const sandboxKeeps = 60 * day
