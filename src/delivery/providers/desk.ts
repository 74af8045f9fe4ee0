// The desk that providers report to: receipts, and keys that were pressed in calls.
//
//     not signed by the provider ──▶ 403, and nothing else happens
//     a receipt ──▶ 204 once it is stored, also of a message that nobody knows any more: else it would come for days
//     a key ──▶ what the call goes on with, while the code is alive and the newest
//     too many at once ──▶ 503: the provider sends it again

import type { Provider, ProviderRequest } from './provider.ts'
import type { ProvidersCourier } from './providers-courier.ts'

export type DeskAnswer = {
  readonly status: 200 | 204 | 403 | 404 | 503
  readonly mediaType?: string
  readonly body?: string
}

/** Answers what a provider asks. `provider` is its name, as the path has it. */
export type Desk = (provider: string, request: ProviderRequest) => Promise<DeskAnswer>

/** More than this are not looked at: a flood of receipts must leave the database to those who wait for a code. */
const mostAtOnce = 32

export function createDesk(providers: readonly Provider[], courier: ProvidersCourier): Desk {
  let underWay = 0
  return async (name, request) => {
    const provider = providers.find(each => each.name === name)
    if (provider?.hear === undefined || !/^[0-9a-f]{32}$/.test(request.id)) return { status: 404 }
    // Signatures cost little: whoever has none is turned away also in a flood, and takes no place in it.
    const said = provider.hear(request)
    if (said.kind === 'forged') return { status: 403 }
    if (said.kind === 'nothing') return { status: 204 }
    if (underWay >= mostAtOnce) return { status: 503 }
    underWay += 1
    try {
      if (said.kind === 'receipt') {
        await courier.receive(name, said.receipt)
        return { status: 204 }
      }
      if (provider.speak === undefined) return { status: 404 }
      const found = said.pressed ? await courier.textOfCall(name, request.id) : undefined
      const spoken = provider.speak(found && { text: found.text, language: found.call?.language ?? 'en' })
      return { status: 200, ...spoken }
    } finally {
      underWay -= 1
    }
  }
}
