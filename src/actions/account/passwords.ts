// The passwords of accounts: made and looked at between commits, in a place of the hashing queue.
//
// Stay indistinguishable: looking at a password costs the same whether or not there is one to compare with.

import type { AccountId } from '#core/account/account.ts'
import { onePassword } from '#core/business/password.ts'
import { Secret } from '#secrets/secret.ts'
import type { HashingPlace } from '../hashing-place.ts'
import type { World } from '../world.ts'

/** argon2id with the pepper of the key ring, bound to the account: a verifier copied to another opens nothing there. */
export const makePassword = (
  world: World,
  place: HashingPlace,
  account: AccountId,
  password: Secret,
): Promise<string> => place.run(() => world.secrets.makePinVerifier(inOneForm(password), ownerOf(account)))

export type Looked = {
  readonly right: boolean
  /** A verifier by the newest key and cost, where the one that was compared is older. */
  readonly remade: string | undefined
}

/** Looks at a password whose try was spent. Without a verifier it is wrong, in the same time. */
export const lookAtPassword = (
  world: World,
  place: HashingPlace,
  account: AccountId,
  verifier: string | undefined,
  password: Secret,
): Promise<Looked> =>
  place.run(async () => {
    const { secrets } = world
    const [owner, given] = [ownerOf(account), inOneForm(password)]
    if (verifier === undefined) {
      await secrets.makePinVerifier(given, owner)
      return { right: false, remade: undefined }
    }
    const right = await secrets.checkPin(verifier, owner, given)
    const old = right && secrets.pinVerifierIsOld(verifier)
    return { right, remade: old ? await secrets.makePinVerifier(given, owner) : undefined }
  })

const ownerOf = (account: AccountId): string => `account/${account}`
const inOneForm = (password: Secret): Secret => Secret.of(onePassword(password.reveal()))
