// A sealed box as one text, for what is handed out and comes back, or lies inside a document: `<key id>.<base64url>`.

import { KeyRingUnusable } from '#secrets/key-ring.ts'
import { Unopenable } from '#secrets/sealed-box.ts'
import { strictBase64url } from '#secrets/strict-bytes.ts'
import type { World } from '../world.ts'

/** Seals a value, bound to a name of what it is and whose. */
export function sealText(world: World, binding: string, value: unknown): string {
  const { keyId, body } = world.secrets.seal(binding, JSON.stringify(value))
  return `${keyId}.${Buffer.from(body).toString('base64url')}`
}

/** What was sealed under the same binding; `undefined` for anything else. */
export function openText(world: World, binding: string, text: string): unknown {
  const [, keyId, spelled = ''] = /^([0-9a-z]{1,16})\.([\w-]{1,4000})$/.exec(text) ?? []
  // One spelling each: a text that was changed is another text, whatever its spare bits decode to.
  const body = strictBase64url(spelled, Math.floor((spelled.length * 3) / 4))
  if (keyId === undefined || body === undefined) return undefined
  try {
    return JSON.parse(world.secrets.open(binding, { keyId, body }))
  } catch (error) {
    if (error instanceof Unopenable || error instanceof KeyRingUnusable) return undefined
    throw error
  }
}
