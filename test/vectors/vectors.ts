// What the vector files hold, and how they are read.

import { readFileSync } from 'node:fs'
import type { KeyRingTrouble } from '#secrets/key-ring.ts'
import type { PinParameters } from '#secrets/pin-verifier.ts'

/** A key ring file as JSON. */
export type KeyRingFile = { readonly format: string; readonly version: number; readonly keys: unknown }

type File<Good, Bad> = { readonly about: string; readonly good: readonly Good[]; readonly bad: readonly Bad[] }
type WithRing = { readonly keyRing: KeyRingFile }
type Why = { readonly why: string }

export type DerivedKeys = Record<'id' | 'seal' | 'index' | 'pepper' | 'code' | 'sign' | 'public', string>

type Box = { readonly binding: string; readonly keyId: string; readonly body: string }
type Looked = { readonly purpose: string; readonly value: string }
type Pin = { readonly owner: string; readonly pin: string; readonly verifier: string }
type Code = { readonly purpose: string; readonly code: string; readonly verifier: string }
type Token = { readonly prefix: string; readonly token: string; readonly verifier: string }
type Signed = { readonly purpose: string; readonly message: string; readonly keyId: string; readonly signature: string }
/** `drawn` is missing where a key was chosen by hand. */
type Shown = {
  readonly entries: readonly string[]
  readonly bare: string
  readonly shown?: string
  readonly drawn?: string
}

/** Every vector file by its name without `.json`. Byte strings are in hex. */
export type Vectors = {
  readonly 'key-ring': File<
    { readonly file: KeyRingFile; readonly indexing: readonly string[]; readonly derived: readonly DerivedKeys[] },
    Why & { readonly text: string; readonly ends: KeyRingTrouble }
  >
  readonly 'sealed-box': WithRing &
    File<
      Box & { readonly plaintext: string; readonly drawn: string },
      Box & Why & { readonly ends: 'Unopenable' | 'unknown_key' }
    >
  readonly 'blind-index': WithRing &
    File<
      Looked & { readonly handles: readonly { readonly keyId: string; readonly index: string }[] },
      Looked & Why & { readonly index: string }
    >
  readonly 'pin-verifier': WithRing &
    File<
      Pin & { readonly parameters: PinParameters; readonly drawn: string },
      Pin & Why & { readonly ends: 'false' | 'MalformedRecord' | 'unknown_key' }
    >
  readonly 'one-time-code': WithRing &
    File<Code & { readonly drawn: string }, Code & Why & { readonly ends: 'false' | 'MalformedRecord' | 'unknown_key' }>
  readonly token: File<
    Token & { readonly subjectId: string; readonly drawn: string },
    Token & Why & { readonly ends: 'unread' | 'no match' }
  >
  readonly 'recovery-key': File<Shown, Why & { readonly entry: string }>
  readonly 'app-password': File<Shown, Why & { readonly entry: string }>
  readonly signature: WithRing & File<Signed, Signed & Why & { readonly ends: 'false' | 'unknown_key' }>
}

/** Where the file of that name lies. */
export const vectorFile = (name: string): URL => new URL(`${name}.json`, import.meta.url)

/** The vectors of one format, as they stand in their file. */
export const readVectors = <Name extends keyof Vectors>(name: Name): Vectors[Name] =>
  JSON.parse(readFileSync(vectorFile(name), 'utf8'))

/** The text of a key ring file, optionally as it was when the key `active` was the active one. */
export function keyRingText(file: KeyRingFile, active?: string): string {
  if (active === undefined || !Array.isArray(file.keys)) return JSON.stringify(file)
  const keys = file.keys.map(key => ({ ...key, state: key.id === active ? 'active' : 'retired' }))
  return JSON.stringify({ ...file, keys })
}
