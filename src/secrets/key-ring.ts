// The key ring: the keys that everything stored is sealed, indexed and verified with, kept apart from the database.
//
//              addJoining          promote             promote another       retire            remove
//     (none) ────────────▶ joining ────────▶ active ──────────────────▶ leaving ───▶ retired ───────▶ (none)
//                             │ remove
//                             ▼
//                          (none)
//
//               seals   opens   indexes
//     joining             ✓        ✓        every node learns the key before the first box is sealed with it
//     active      ✓       ✓        ✓        exactly one
//     leaving             ✓        ✓        until everything is sealed and indexed anew
//     retired             ✓                 until nobody needs an old backup
//
// Each key is 32 random bytes, the root. From it come one key per purpose, by HKDF-SHA256 (RFC 5869) with no salt and the
// info text `twostep/1/<purpose>`, so that no use of one can ever stand in for a use of another:
//
//     seal    sealed-box.ts       index   blind-index.ts     pepper  pin-verifier.ts
//     code    one-time-code.ts    sign    signature.ts (the 32 bytes are an Ed25519 private key, RFC 8032 §5.1.5)
//     vapid   vapid.ts

import { createPrivateKey, createPublicKey, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { Instant } from '#core/kernel/instant.ts'
import { assert } from '#core/kernel/outcome.ts'
import type { Dice } from './dice.ts'
import { symbols } from './generate.ts'
import {
  changeKeyFile,
  createKeyFile,
  KeyRingUnusable,
  type KeyState,
  keyRingMissing,
  loadKeys,
  readKeys,
  type StoredKey,
  writeKeys,
} from './key-file.ts'

export { type KeyRingTrouble, KeyRingUnusable, type KeyState } from './key-file.ts'

/** One key of the ring with its working keys. `KeyObject`s: quicker than raw bytes, and they print as nothing. */
export type RingKey = {
  readonly id: string
  readonly state: KeyState
  readonly createdAt: Instant
  readonly seal: KeyObject
  readonly index: KeyObject
  readonly pepper: KeyObject
  readonly code: KeyObject
  /** What the key pair is made of that push services know this server by. */
  readonly vapid: KeyObject
  /** Ed25519, private and public. */
  readonly signing: KeyObject
  readonly verifying: KeyObject
}

/** An open key ring. What it answers holds until {@link KeyRing.reload} or a change through it. */
export interface KeyRing {
  /** Where the keys are kept. */
  readonly place: string
  /** The one key that seals, makes records and signs. */
  active(): RingKey
  /** The keys that indexes are written and sought under: the active one, then joining, then leaving ones. */
  indexing(): readonly RingKey[]
  /** Any key by its id, in whatever state. Throws {@link KeyRingUnusable} (`unknown_key`). */
  key(id: string): RingKey
  /** Every key, as kept. */
  keys(): readonly RingKey[]
  /** Reads the keys again, since another process may have changed them. When that fails, the ring stays as it was. */
  reload(): void
  /** Adds a new key as `joining` and answers its id. One at a time: throws `wrong_state` while another is joining. */
  addJoining(now: Instant): string
  /** `joining` → `active`; the key that was active is `leaving`. Only when every node has reloaded since it joined. */
  promote(id: string): void
  /** `leaving` → `retired`. Only when nothing is looked up under it any more. */
  retire(id: string): void
  /** Takes out a key that is `joining` or `retired`, for good: what it sealed never opens again. */
  remove(id: string): void
}

// The fixed head of a PKCS#8 Ed25519 private key (RFC 8410 §7); the 32 bytes of the key follow.
const ed25519Head = Buffer.from('302e020100300506032b657004220420', 'hex')

const derived = (root: Uint8Array, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', root, new Uint8Array(0), `twostep/1/${purpose}`, 32))

function ringKey({ id, state, createdAt, root }: StoredKey): RingKey {
  const secretKey = (purpose: string): KeyObject => createSecretKey(derived(root, purpose))
  const signing = createPrivateKey({
    key: Buffer.concat([ed25519Head, derived(root, 'sign')]),
    format: 'der',
    type: 'pkcs8',
  })
  return {
    id,
    state,
    createdAt,
    seal: secretKey('seal'),
    index: secretKey('index'),
    pepper: secretKey('pepper'),
    code: secretKey('code'),
    vapid: secretKey('vapid'),
    signing,
    verifying: createPublicKey(signing),
  }
}

/** A key nobody has seen: its id is short because it stands in every record, and differs from those in `keys`. */
function newKey(dice: Dice, now: Instant, state: KeyState, keys: readonly StoredKey[]): StoredKey {
  for (;;) {
    const id = `k${symbols(dice, '0123456789abcdefghijklmnopqrstuvwxyz', 5)}`
    if (!keys.some(key => key.id === id)) return { id, state, createdAt: now, root: dice.bytes(32) }
  }
}

/** Where the stored keys live: a file, or the memory of one process. */
type Keeping = {
  readonly place: string
  read(): readonly StoredKey[]
  change(change: (keys: readonly StoredKey[]) => readonly StoredKey[]): readonly StoredKey[]
}

/** What an open ring knows, taken from the stored keys in one piece: a failed reading changes nothing. */
type Held = {
  readonly keys: readonly RingKey[]
  readonly byId: ReadonlyMap<string, RingKey>
  readonly active: RingKey
  readonly indexing: readonly RingKey[]
}

function hold(stored: readonly StoredKey[]): Held {
  const keys = stored.map(ringKey)
  const inState = (state: KeyState): readonly RingKey[] => keys.filter(key => key.state === state)
  const [active] = inState('active')
  assert(active !== undefined, 'a key ring that was read has an active key')
  return {
    keys,
    byId: new Map(keys.map(key => [key.id, key])),
    active,
    indexing: [active, ...inState('joining'), ...inState('leaving')],
  }
}

const unknownKey = (id: string, place: string): KeyRingUnusable =>
  new KeyRingUnusable(
    'unknown_key',
    `The key ${id} is not in the key ring ${place}. Something stored was made with it. If the keys were just rotated, ` +
      'this node has not read them again yet; else the key was removed, or the file is not the one of this database: put ' +
      'the right one back from your backup.',
  )

const wrongState = ({ id, state }: StoredKey, place: string, verb: string, needed: string): KeyRingUnusable =>
  new KeyRingUnusable(
    'wrong_state',
    `The key ${id} in ${place} is ${state}; ${verb} needs it to be ${needed}. Nothing was changed.`,
  )

function ringOver(keeping: Keeping, dice: Dice): KeyRing {
  const { place } = keeping
  let held = hold(keeping.read())

  /** The stored key `id`, if it is in one of `states`: asked of what is stored now, not of what this process read once. */
  const pick = (keys: readonly StoredKey[], id: string, verb: string, states: readonly KeyState[]): StoredKey => {
    const key = keys.find(key => key.id === id)
    if (key === undefined) throw unknownKey(id, place)
    if (!states.includes(key.state)) throw wrongState(key, place, verb, states.join(' or '))
    return key
  }

  return {
    place,
    active: () => held.active,
    indexing: () => held.indexing,
    keys: () => held.keys,
    key(id) {
      const key = held.byId.get(id)
      if (key === undefined) throw unknownKey(id, place)
      return key
    },
    reload() {
      held = hold(keeping.read())
    },
    addJoining(now) {
      let id = ''
      const change = (keys: readonly StoredKey[]): readonly StoredKey[] => {
        const other = keys.find(key => key.state === 'joining')
        if (other !== undefined) throw wrongState(other, place, 'adding another', 'promoted or removed')
        const key = newKey(dice, now, 'joining', keys)
        id = key.id
        return [...keys, key]
      }
      held = hold(keeping.change(change))
      return id
    },
    promote(id) {
      const change = (keys: readonly StoredKey[]): readonly StoredKey[] => {
        const chosen = pick(keys, id, 'promoting', ['joining'])
        return keys.map(key => {
          if (key === chosen) return { ...key, state: 'active' }
          return key.state === 'active' ? { ...key, state: 'leaving' } : key
        })
      }
      held = hold(keeping.change(change))
    },
    retire(id) {
      const change = (keys: readonly StoredKey[]): readonly StoredKey[] => {
        const chosen = pick(keys, id, 'retiring', ['leaving'])
        return keys.map(key => (key === chosen ? { ...key, state: 'retired' } : key))
      }
      held = hold(keeping.change(change))
    },
    remove(id) {
      // A leaving key still finds and opens what has not been sealed anew: retiring it first is the second thought.
      const change = (keys: readonly StoredKey[]): readonly StoredKey[] => {
        const chosen = pick(keys, id, 'removing', ['joining', 'retired'])
        return keys.filter(key => key !== chosen)
      }
      held = hold(keeping.change(change))
    },
  }
}

/** How to open a key ring. `file`: its path. `create`: whether to make it, and its folder, when there is none. */
export type OpenKeyRing = {
  readonly file: string
  readonly create: boolean
  readonly dice: Dice
  readonly now: Instant
}

/**
 * Opens the key ring in `file`, whose mode must be 0600. With `create`, a missing one is made with one active key; a new
 * folder gets mode 0700. Without, a missing one is refused, for a production server that made new keys by itself would
 * look healthy while nothing stored opens. Throws {@link KeyRingUnusable}.
 */
export function openKeyRing({ file, create, dice, now }: OpenKeyRing): KeyRing {
  if (create && loadKeys(file) === undefined) {
    createKeyFile(file, [newKey(dice, now, 'active', [])], Buffer.from(dice.bytes(8)).toString('hex'))
  }
  const read = (): readonly StoredKey[] => {
    const keys = loadKeys(file)
    if (keys === undefined) throw keyRingMissing(file)
    return keys
  }
  return ringOver({ place: file, read, change: change => changeKeyFile(file, change) }, dice)
}

/** How to make a key ring that no file keeps. `text`: the text of a key ring file to begin with. */
export type MemoryKeyRing = { readonly dice: Dice; readonly now: Instant; readonly text?: string }

/** A key ring that lives and dies with the process: for the simulation, the vectors and tests. */
export function memoryKeyRing({ dice, now, text }: MemoryKeyRing): KeyRing {
  const place = 'memory'
  let keys = text === undefined ? [newKey(dice, now, 'active', [])] : readKeys(text, place)
  return ringOver(
    {
      place,
      read: () => keys,
      change(change) {
        keys = readKeys(writeKeys(change(keys)), place)
        return keys
      },
    },
    dice,
  )
}
