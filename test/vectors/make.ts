// Makes the vector files beside it from a seed. Run it to write them anew after a format got a new version:
//
//     node test/vectors/make.ts
//
// A change in a file that already stands is a change of what is stored on somebody's disk: old records must still be read.
// Each file says what its parts mean. `drawn` is the random bytes in the order they were drawn, in hex; every other byte
// string is hex too. Each bad vector says how it must end and why.

import { writeFileSync } from 'node:fs'
import { instantAt } from '#core/kernel/instant.ts'
import { appPassword, readAppPassword } from '#secrets/app-password.ts'
import { handles } from '#secrets/blind-index.ts'
import { seededDice } from '#secrets/dice.ts'
import { binding } from '#secrets/joined.ts'
import { type KeyRing, memoryKeyRing } from '#secrets/key-ring.ts'
import { makeCodeVerifier } from '#secrets/one-time-code.ts'
import { makePinVerifier, owaspPinParameters, type PinParameters } from '#secrets/pin-verifier.ts'
import { readRecoveryKey, recoveryKey } from '#secrets/recovery-key.ts'
import { seal } from '#secrets/sealed-box.ts'
import { Secret } from '#secrets/secret.ts'
import { publicKeys, sign } from '#secrets/signature.ts'
import { makeToken } from '#secrets/token.ts'
import { dealtDice, notedDice } from './dealt-dice.ts'
import { keyRingText, type Vectors, vectorFile } from './vectors.ts'

const dice = notedDice(seededDice('twostep vectors 1'))
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

// One ring with a key in each state. All vector files that need keys carry it.
const roots = ['joining', 'active', 'leaving', 'retired'].map((state, place) => ({
  id: ['kjoin1', 'kact1v', 'kleav3', 'kret1r'][place] ?? '',
  state,
  createdAt: 1_767_225_600_000 + place * 86_400_000,
  root: Buffer.from(dice.bytes(32)).toString('base64'),
}))
const keyRing = { format: 'twostep-key-ring', version: 1, keys: roots }
const ring = memoryKeyRing({ dice, now: instantAt(0), text: keyRingText(keyRing) })
/** The ring as it was when another of its keys was the active one. */
const ringWhen = (id: string): KeyRing => memoryKeyRing({ dice, now: instantAt(0), text: keyRingText(keyRing, id) })
dice.noted()

const flip = (hexText: string, byte: number): string => {
  const bytes = Buffer.from(hexText, 'hex')
  const at = byte < 0 ? bytes.length + byte : byte
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return bytes.toString('hex')
}

function keyRingVectors(): Vectors['key-ring'] {
  const [joining, active, leaving, retired] = roots
  const file = (keys: unknown): string => JSON.stringify({ ...keyRing, keys })
  const pem = new Map(publicKeys(ring).map(({ keyId, bytes }) => [keyId, hex(bytes)]))
  return {
    about:
      'The key ring file. From each root (32 bytes) come five keys by HKDF-SHA256 without salt, info twostep/1/<purpose>; ' +
      'sign is an Ed25519 private key and public its public half.',
    good: [
      {
        file: keyRing,
        indexing: ['kact1v', 'kjoin1', 'kleav3'],
        derived: ring.keys().map(key => ({
          id: key.id,
          seal: key.seal.export().toString('hex'),
          index: key.index.export().toString('hex'),
          pepper: key.pepper.export().toString('hex'),
          code: key.code.export().toString('hex'),
          sign: key.signing.export({ format: 'der', type: 'pkcs8' }).subarray(-32).toString('hex'),
          public: pem.get(key.id) ?? '',
        })),
      },
    ],
    bad: [
      { text: '', ends: 'damaged', why: 'empty' },
      { text: file(roots).slice(0, -2), ends: 'damaged', why: 'cut short' },
      { text: '[]', ends: 'damaged', why: 'not an object' },
      { text: JSON.stringify({ ...keyRing, format: 'other' }), ends: 'damaged', why: 'another format' },
      { text: JSON.stringify({ ...keyRing, version: 2 }), ends: 'damaged', why: 'a version from the future' },
      { text: file({}), ends: 'damaged', why: 'keys are a list' },
      { text: file([active, 'kact1v']), ends: 'damaged', why: 'a key is an object' },
      { text: file([{ ...active, id: 'K!' }]), ends: 'damaged', why: 'not the shape of an id' },
      { text: file([{ ...active, state: 'sleeping' }]), ends: 'damaged', why: 'no such state' },
      { text: file([{ ...active, createdAt: '2026-01-01' }]), ends: 'damaged', why: 'time is in milliseconds' },
      { text: file([{ ...active, root: active?.root.slice(0, -4) }]), ends: 'damaged', why: 'a root of 30 bytes' },
      { text: file([{ ...active, root: ` ${active?.root}` }]), ends: 'damaged', why: 'a root spelled otherwise' },
      { text: file([active, { ...retired, root: active?.root }]), ends: 'damaged', why: 'two keys of one root' },
      { text: file([]), ends: 'no_active_key', why: 'no key at all' },
      { text: file([joining, leaving, retired]), ends: 'no_active_key', why: 'nothing seals' },
      { text: file([active, { ...leaving, state: 'active' }]), ends: 'several_active_keys', why: 'two keys seal' },
      { text: file([active, { ...leaving, id: active?.id }]), ends: 'duplicated_id', why: 'one name for two keys' },
    ],
  }
}

function sealedBoxVectors(): Vectors['sealed-box'] {
  const made = (by: KeyRing, bound: string, plaintext: string) => {
    // By a ring that has sealed nothing yet: else only half of the nonce is drawn with the box.
    const fresh = ringWhen(by.active().id)
    const { keyId, body } = seal(fresh, dice, bound, Buffer.from(plaintext, 'hex').toString())
    return { binding: bound, plaintext, drawn: dice.noted(), keyId, body: hex(body) }
  }
  const bound = binding('number', '104829481029381')
  const text = hex(Buffer.from('{"lock":{"kind":"set"}}'))
  const box = made(ring, bound, text)
  const bad = (change: Partial<typeof box>, why: string, ends: 'Unopenable' | 'unknown_key' = 'Unopenable') => {
    const { binding, keyId, body } = { ...box, ...change }
    return { binding, keyId, body, ends, why }
  }
  return {
    about:
      'The sealed box. binding: each part as <length>:<part>. body: version 1, nonce 24, ciphertext, tag 16. drawn is the ' +
      'nonce. A box is under the active key when it is made; the last good ones were made when another key was active.',
    keyRing,
    good: [
      box,
      made(ring, bound, ''),
      made(ring, '', '00'),
      made(ring, binding('número', '١'), hex(Buffer.alloc(200, 7))),
      made(ringWhen('kret1r'), bound, text),
      made(ringWhen('kleav3'), bound, text),
    ],
    bad: [
      bad({ body: flip(box.body, 0) }, 'another version'),
      bad({ body: flip(box.body, 1) }, 'a bit flipped in the half of the nonce that makes the key'),
      bad({ body: flip(box.body, 24) }, 'a bit flipped in the half of the nonce that goes to AES-GCM'),
      bad({ body: flip(box.body, 25) }, 'a bit flipped in the ciphertext'),
      bad({ body: flip(box.body, -1) }, 'a bit flipped in the tag'),
      bad({ body: box.body.slice(0, -2) }, 'cut short'),
      bad({ body: `${box.body}00` }, 'made longer'),
      bad({ body: box.body.slice(0, 80) }, 'too short for a box'),
      bad({ body: '' }, 'empty'),
      bad({ binding: binding('number', '104829481029382') }, 'copied over the row of another id'),
      bad({ binding: binding('business', '104829481029381') }, 'copied over the row of another kind'),
      bad({ binding: binding('number1', '04829481029381') }, 'kind and id cut elsewhere'),
      bad({ binding: '' }, 'no binding'),
      bad({ keyId: 'kret1r' }, 'under another key of the ring'),
      bad({ keyId: 'kgone0' }, 'under a key that is not in the ring', 'unknown_key'),
    ],
  }
}

function blindIndexVectors(): Vectors['blind-index'] {
  const made = (purpose: string, value: string) => ({
    purpose,
    value,
    handles: handles(ring, purpose, value).map(({ keyId, index }) => ({ keyId, index: hex(index) })),
  })
  const first = made('number', '+15550100')
  const index = first.handles[0]?.index ?? ''
  const [retired] = handles(ringWhen('kret1r'), 'number', '+15550100')
  return {
    about: 'Blind indexes: one for each key that indexes, the active one first, then joining, then leaving.',
    keyRing,
    good: [first, made('number', ''), made('e-mail', 'zoë@example.org')],
    bad: [
      { purpose: 'number', value: '+15550101', index, why: 'another value' },
      { purpose: 'recovery', value: '+15550100', index, why: 'another purpose' },
      { purpose: 'number+', value: '15550100', index, why: 'purpose and value cut elsewhere' },
      {
        purpose: 'number',
        value: '+15550100',
        index: hex(retired?.index ?? new Uint8Array()),
        why: 'a retired key indexes nothing any more',
      },
    ],
  }
}

async function pinVerifierVectors(): Promise<Vectors['pin-verifier']> {
  const made = async (by: KeyRing, owner: string, pin: string, parameters: PinParameters) => {
    const verifier = await makePinVerifier(by, dice, parameters, owner, Secret.of(pin))
    return { owner, pin, parameters, drawn: dice.noted(), verifier }
  }
  const owner = binding('number', '104829481029381')
  const tiny: PinParameters = { memoryKiB: 8, passes: 1, lanes: 1 }
  const first = await made(ring, owner, '012345', tiny)
  const bad = (change: Partial<typeof first>, ends: 'false' | 'MalformedRecord' | 'unknown_key', why: string) => {
    const { verifier, owner, pin } = { ...first, ...change }
    return { verifier, owner, pin, ends, why }
  }
  const changed = (from: string | RegExp, to: string): { verifier: string } => ({
    verifier: first.verifier.replace(from, to),
  })
  return {
    about:
      'The PIN verifier: twostep-pin$1$<key id>$m=<KiB>,t=<passes>,p=<lanes>$<salt>$<hash>. drawn is the salt. Most are ' +
      'cheap on purpose; one has the default cost.',
    keyRing,
    good: [
      first,
      await made(ring, owner, '493017', owaspPinParameters),
      await made(ring, owner, '000000', { memoryKiB: 64, passes: 3, lanes: 4 }),
      await made(ringWhen('kret1r'), '', 'pässwörd 🔑', tiny),
    ],
    bad: [
      bad({ pin: '012346' }, 'false', 'another PIN'),
      bad({ pin: '12345' }, 'false', 'a PIN is text: its leading zero counts'),
      bad({ owner: binding('number', '104829481029382') }, 'false', 'copied to another owner'),
      bad(changed('kact1v', 'kret1r'), 'false', 'another key of the ring'),
      bad(changed('kact1v', 'kgone0'), 'unknown_key', 'a key that is not in the ring'),
      bad(changed('t=1', 't=2'), 'false', 'another cost than it was made with'),
      bad(changed('m=8', 'm=262145'), 'MalformedRecord', 'asks for more than 256 MiB'),
      bad(changed('t=1', 't=17'), 'MalformedRecord', 'asks for more than 16 passes'),
      bad(changed('p=1', 'p=5'), 'MalformedRecord', 'asks for more than 4 lanes'),
      bad(changed('m=8', 'm=08'), 'MalformedRecord', 'a number spelled otherwise'),
      bad(changed('$1$', '$2$'), 'MalformedRecord', 'a version from the future'),
      bad(changed('twostep-pin', 'twostep-code'), 'MalformedRecord', 'another kind of record'),
      bad({ verifier: first.verifier.slice(0, -1) }, 'MalformedRecord', 'cut short'),
      bad({ verifier: `${first.verifier}\n` }, 'MalformedRecord', 'something after it'),
      bad({ verifier: '' }, 'MalformedRecord', 'empty'),
    ],
  }
}

function oneTimeCodeVectors(): Vectors['one-time-code'] {
  const made = (by: KeyRing, purpose: string, code: string) => {
    const verifier = makeCodeVerifier(by, dice, purpose, Secret.of(code))
    return { purpose, code, drawn: dice.noted(), verifier }
  }
  const purpose = binding('ownership', '104829481029381')
  const first = made(ring, purpose, '012345')
  const bad = (change: Partial<typeof first>, ends: 'false' | 'MalformedRecord' | 'unknown_key', why: string) => {
    const { verifier, purpose, code } = { ...first, ...change }
    return { verifier, purpose, code, ends, why }
  }
  const changed = (from: string, to: string): { verifier: string } => ({ verifier: first.verifier.replace(from, to) })
  return {
    about: 'The one-time code verifier: twostep-code$1$<key id>$<salt>$<mac>. drawn is the salt.',
    keyRing,
    good: [first, made(ring, purpose, '0000'), made(ringWhen('kleav3'), '', '830123')],
    bad: [
      bad({ code: '012346' }, 'false', 'another code'),
      bad({ code: '12345' }, 'false', 'a code is text: its leading zero counts'),
      bad({ purpose: binding('ownership', '104829481029382') }, 'false', 'sent to another'),
      bad({ purpose: binding('device', '104829481029381') }, 'false', 'sent for something else'),
      bad(changed('kact1v', 'kret1r'), 'false', 'another key of the ring'),
      bad(changed('kact1v', 'kgone0'), 'unknown_key', 'a key that is not in the ring'),
      bad(changed('$1$', '$2$'), 'MalformedRecord', 'a version from the future'),
      bad(changed('twostep-code', 'twostep-pin'), 'MalformedRecord', 'another kind of record'),
      bad({ verifier: first.verifier.slice(0, -1) }, 'MalformedRecord', 'cut short'),
      bad({ verifier: `${first.verifier}\n` }, 'MalformedRecord', 'something after it'),
    ],
  }
}

function tokenVectors(): Vectors['token'] {
  const made = (prefix: string, subjectId: string) => {
    const { token, verifier } = makeToken(dice, prefix, subjectId)
    return { prefix, subjectId, drawn: dice.noted(), token: token.reveal(), verifier }
  }
  const first = made('EAA', '104829481029381')
  const { token, verifier } = first
  const bad = (prefix: string, token: string, why: string) => ({
    prefix,
    token,
    verifier,
    ends: 'unread' as const,
    why,
  })
  // The same secret under another subject: whoever holds a token can make this one, and it must open nothing.
  const moved = makeToken(dealtDice(first.drawn), 'EAA', '104829481029382')
  return {
    about: 'Tokens. drawn is the secret; verifier is what is stored.',
    good: [first, made('twk_', 'a'), made('twk_', 'AZaz09-AZaz09-AZaz09'), made('EAA', '-')],
    bad: [
      bad('EAA', `${token.slice(0, -1)}${token.endsWith('x') ? 'y' : 'x'}`, 'the last symbol changed'),
      bad('EAA', token.slice(0, -1), 'cut short'),
      bad('EAA', `${token}0`, 'made longer'),
      bad('EAA', `EAA0${token.slice(3)}`, 'a leading zero: the same number spelled otherwise'),
      bad('EAA', `EAA${token.slice(3).toLowerCase()}`, 'case counts'),
      bad('EAA', 'EAA', 'a prefix and nothing else'),
      bad('EAA', '', 'empty'),
      bad('EAA', `EAA${'z'.repeat(200)}`, 'too long for any token'),
      bad('twk_', token, 'without its prefix'),
      bad('twk_', `twk_${token.slice(3)}`, 'under another prefix'),
      { prefix: 'EAA', token: made('EAA', '104829481029381').token, verifier, ends: 'no match', why: 'another token' },
      {
        prefix: 'EAA',
        token: moved.token.reveal(),
        verifier: made('EAA', '104829481029382').verifier,
        ends: 'no match',
        why: 'a token rewritten to carry another id, against what is stored there',
      },
    ],
  }
}

function recoveryKeyVectors(): Vectors['recovery-key'] {
  const made = () => {
    const shown = recoveryKey(dice).reveal()
    const bare = readRecoveryKey(shown)?.reveal() ?? ''
    const lower = bare.toLowerCase()
    return {
      drawn: dice.noted(),
      shown,
      bare,
      entries: [shown, bare, lower, ` ${lower} `, shown.replaceAll('-', ' – ')],
    }
  }
  const alike = { bare: '01011ABCDEFGHJ', entries: ['OIoL1-ABCD-EFGH-J', 'oi0li abcde fghj', '0101-1ABC-DEFG-HJ'] }
  return {
    about:
      'The Recovery Key: 14 of 0123456789ABCDEFGHJKMNPQRSTVWXYZ. A drawn byte gives the symbol at byte mod 32. bare is ' +
      'what every entry reads as.',
    good: [made(), made(), alike],
    bad: [
      { entry: '', why: 'empty' },
      { entry: '0123-4567-89AB-C', why: 'thirteen symbols' },
      { entry: '0123-4567-89AB-CDE', why: 'fifteen symbols' },
      { entry: '0123-4567-89AB-CU', why: 'U is not in the alphabet' },
      { entry: '0123-4567-89AB-C!', why: 'a sign that is neither symbol nor separator' },
      { entry: '0123-4567-89AB-Cé', why: 'a letter of another alphabet' },
    ],
  }
}

function appPasswordVectors(): Vectors['app-password'] {
  const made = () => {
    const shown = appPassword(dice).reveal()
    const bare = readAppPassword(shown)?.reveal() ?? ''
    return { drawn: dice.noted(), shown, bare, entries: [shown, bare, bare.toUpperCase(), shown.replaceAll('-', ' ')] }
  }
  return {
    about:
      'The app-specific password: 16 lower-case letters. A drawn byte below 234 gives the letter at byte mod 26, another ' +
      'none; as many bytes are drawn as letters are missing, until none is. bare is what every entry reads as.',
    good: [made(), made(), made()],
    bad: [
      { entry: '', why: 'empty' },
      { entry: 'abcd-efgh-ijkl-mno', why: 'fifteen letters' },
      { entry: 'abcd-efgh-ijkl-mnopq', why: 'seventeen letters' },
      { entry: 'abcd-efgh-ijkl-mno0', why: 'a digit' },
      { entry: 'abcd-efgh-ijkl-mnoé', why: 'a letter of another alphabet' },
    ],
  }
}

function signatureVectors(): Vectors['signature'] {
  const made = (by: KeyRing, purpose: string, message: string) => {
    const { keyId, signature } = sign(by, purpose, Buffer.from(message, 'hex'))
    return { purpose, message, keyId, signature: hex(signature) }
  }
  const first = made(ring, 'checkpoint', hex(Buffer.from('heads 1 to 7')))
  return {
    about:
      'Ed25519 over the parts twostep/1/signature, purpose and message, each behind its length (32 bits, big-endian).',
    keyRing,
    good: [first, made(ring, 'checkpoint', ''), made(ringWhen('kret1r'), 'checkpoint', first.message)],
    bad: [
      { ...first, signature: flip(first.signature, 0), ends: 'false', why: 'a bit flipped' },
      { ...first, signature: first.signature.slice(2), ends: 'false', why: 'cut short' },
      { ...first, message: flip(first.message, 0), ends: 'false', why: 'another message' },
      { ...first, purpose: 'invoice', ends: 'false', why: 'another purpose' },
      { ...first, keyId: 'kret1r', ends: 'false', why: 'another key of the ring' },
      { ...first, keyId: 'kgone0', ends: 'unknown_key', why: 'a key that is not in the ring' },
    ],
  }
}

/** Every vector file's contents. Made once: the dice go on from one format to the next. */
export const madeVectors: Vectors = {
  'key-ring': keyRingVectors(),
  'sealed-box': sealedBoxVectors(),
  'blind-index': blindIndexVectors(),
  'pin-verifier': await pinVerifierVectors(),
  'one-time-code': oneTimeCodeVectors(),
  token: tokenVectors(),
  'recovery-key': recoveryKeyVectors(),
  'app-password': appPasswordVectors(),
  signature: signatureVectors(),
}

/** A vector file's text. */
export const vectorText = (vectors: unknown): string => `${JSON.stringify(vectors, null, 2)}\n`

if (import.meta.main) {
  for (const [name, vectors] of Object.entries(madeVectors)) writeFileSync(vectorFile(name), vectorText(vectors))
}
