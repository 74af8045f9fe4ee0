// What is stored of a Recovery Key, and how a typed one is compared with it. Its 70 bits need no slow hash: salted and keyed
// it tells nothing without the key ring, and with it there are still 2^70 to try (NIST SP 800-63B-4 §3.1.2.2 asks for salt
// and a hash below 112 bits). So a stranger's tries cost us no more than a page.

import type { AccountId } from '#core/account/account.ts'
import { binding } from '#secrets/joined.ts'
import { readRecoveryKey } from '#secrets/recovery-key.ts'
import { Secret } from '#secrets/secret.ts'
import type { World } from '../world.ts'

const boundTo = (account: AccountId): string => binding('recovery-key', account)

/** A new Recovery Key: what the owner is shown once, and what is kept. */
export function newKey(world: World, account: AccountId): { readonly key: Secret; readonly verifier: string } {
  const key = world.secrets.newRecoveryKey()
  const bare = readRecoveryKey(key.reveal()) ?? key
  return { key, verifier: world.secrets.makeCodeVerifier(boundTo(account), bare) }
}

/**
 * Whether what was typed is the key behind `verifier`. Without one, or when it cannot be a key at all, it is compared with
 * nothing in the same time: waiting must not tell whose account has a key.
 */
export function keyIsRight(world: World, account: AccountId, verifier: string | undefined, typed: Secret): boolean {
  const { secrets } = world
  const key = readRecoveryKey(typed.reveal())
  const decoy = Secret.of('')
  const nothing = secrets.makeCodeVerifier(boundTo(account), decoy)
  const equal = secrets.checkCode(verifier ?? nothing, boundTo(account), key ?? decoy)
  return equal && verifier !== undefined && key !== undefined
}
