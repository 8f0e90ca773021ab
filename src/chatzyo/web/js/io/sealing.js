/**
 * Keys that only the two people hold: the handshake that rides on `find`, `join` and `matched`, and the
 * session it ends in. `chatzyo.sealing` is the same in Python; tests/vectors holds both to the same bytes.
 */

import { decodeBase64url, encodeBase64url } from '../core/base64url.js'
import { concatenate, isSame, label } from '../core/bytes.js'
import { importCipher, Opener, Sealer } from './records.js'
import {
  agree,
  digest,
  generateKeyPair,
  HASH_BYTES,
  hkdf,
  isMac,
  mac,
  POINT_BYTES,
} from './webcrypto.js'

/** @import { Bytes, Failed, Opened, Role, Room, Sealed } from '../core/sealing-types.d.ts' */
/** @import { KeyPair } from './webcrypto.js' */

export const NONCE_BYTES = 16

/** Strangers share nothing beforehand. */
const STRANGERS_PSK = new Uint8Array(HASH_BYTES)

/** @typedef {{ point: Bytes, nonce: Bytes }} PublicKey `nonce` makes every transcript new */

/**
 * What a session is made from. `hello` is what `b` of a link sends, `expectedHello` checks what `a` gets.
 * @typedef {object} SessionParts
 * @property {Room} room
 * @property {Bytes} transcript
 * @property {Sealer} sealer
 * @property {Opener} opener
 * @property {string | null} hello
 * @property {((hello: Bytes) => Promise<boolean>) | null} expectedHello
 */

/** Proof that whoever published `a` holds the link. @param {Bytes} psk @param {Bytes} room @param {PublicKey} a */
export const helloA = (psk, room, a) => mac(psk, label('hello-a'), room, a.point, a.nonce)

/** Proof that `b` holds the link and answers this very `a`. @param {Bytes} psk @param {Bytes} room @param {PublicKey} a @param {PublicKey} b */
export const helloB = (psk, room, a, b) => mac(psk, ...helloBFields(room, a, b))

/** What both sides must have seen alike. @param {Bytes} room @param {PublicKey} a @param {PublicKey} b */
export const transcriptHash = (room, a, b) =>
  digest(label('th'), room, a.point, a.nonce, b.point, b.nonce)

/**
 * @param {Bytes} shared
 * @param {Bytes} psk
 * @param {Bytes} transcript
 * @returns {Promise<{ ab: Bytes, ba: Bytes, x: Bytes }>} `x` is reserved
 */
export async function sessionKeys(shared, psk, transcript) {
  const keys = await hkdf(concatenate(shared, psk), transcript, label('keys'), 3 * HASH_BYTES)
  const [ab, ba, x] = [keys.slice(0, 32), keys.slice(32, 64), keys.slice(64)]
  return { ab, ba, x }
}

/** One conversation: seals what we send, opens what the other side sends. */
export class Session {
  #parts
  #isGreeted
  /** @type {Failed | null} */
  #failure = null
  /** What arrives is checked in the order of its arrival, however long each takes. */
  #last = /** @type {Promise<unknown>} */ (Promise.resolve())

  /** @param {SessionParts} parts */
  constructor(parts) {
    this.#parts = parts
    this.#isGreeted = parts.expectedHello === null
  }

  /** What the spoken code is bound to. */
  get transcript() {
    return this.#parts.transcript
  }

  /** What `b` sends ahead of its first record on a link; null for everybody else. */
  get hello() {
    return this.#parts.hello
  }

  /** Checks the proof of `b`. @param {string} hello @returns {Promise<Failed | null>} */
  handleHello(hello) {
    return this.#inOrder(async () => {
      const claimed = decodeBase64url(hello)
      const isRight = (claimed && (await this.#parts.expectedHello?.(claimed))) ?? false
      if (isRight) this.#isGreeted = true
      else this.#failure ??= failed(this.#parts.room)
      return this.#failure
    })
  }

  /** Seals the next record, to be sent in the order of the numbers. @param {object} payload @returns {Promise<Sealed>} */
  seal(payload) {
    return this.#parts.sealer.seal(payload)
  }

  /** Opens what the other side sent; a failure is final. @param {number} seq @param {string} blob @returns {Promise<Opened>} */
  open(seq, blob) {
    return this.#inOrder(() => {
      if (!this.#isGreeted) this.#failure ??= failed(this.#parts.room)
      return this.#failure ?? this.#parts.opener.open(seq, blob)
    })
  }

  /** @template T @param {() => T | Promise<T>} check @returns {Promise<T>} */
  #inOrder(check) {
    const checked = this.#last.then(check)
    this.#last = checked
    return checked
  }
}

/** Our half, made afresh for every `find` and `join`. */
export class Handshake {
  #privateKey
  #own
  /** Transcripts that were used, as text. @type {Set<string>} */
  #used = new Set()

  /** @param {KeyPair} pair @param {Bytes} nonce 16 fresh random bytes */
  constructor({ privateKey, point }, nonce) {
    this.#privateKey = privateKey
    this.#own = { point, nonce }
  }

  /** What `find` and `join` publish. */
  get key() {
    return encodeBase64url(concatenate(this.#own.point, this.#own.nonce))
  }

  /** What `join` publishes beside the key; strangers have nothing to prove. @param {Room} room @returns {Promise<string | null>} */
  async hello({ name, psk }) {
    return psk && encodeBase64url(await helloA(psk, name, this.#own))
  }

  /**
   * Takes the partner's key, as `matched` brought it, and `a`'s hello if we are `b` of a link.
   * @param {{ role: Role, room: Room, key: string, hello?: string }} match
   * @returns {Promise<Session | Failed>}
   */
  async accept({ role, room, key, hello = '' }) {
    const partner = parseKey(key)
    if (!partner || isSame(partner.point, this.#own.point)) return failed(room)
    const [a, b] = role === 'a' ? [this.#own, partner] : [partner, this.#own]
    if (role === 'b' && !(await isHelloOf(a, room, hello))) return failed(room)
    const [shared, transcript] = await Promise.all([
      agree(this.#privateKey, partner.point),
      transcriptHash(room.name, a, b),
    ])
    if (!shared) return failed(room)
    if (!this.#isFirstUse(transcript)) return { failure: 'sealed-broken' }
    return startSession({ role, room, a, b }, shared, transcript)
  }

  /**
   * A transcript is never used twice: a server that replays a match would otherwise have two records
   * sealed under one key and number.
   * @param {Bytes} transcript
   */
  #isFirstUse(transcript) {
    const text = encodeBase64url(transcript)
    const isFirst = !this.#used.has(text)
    this.#used.add(text)
    return isFirst
  }
}

/** @returns {Promise<Handshake>} */
export async function createHandshake() {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  return new Handshake(await generateKeyPair(), nonce)
}

/**
 * @param {{ role: Role, room: Room, a: PublicKey, b: PublicKey }} match
 * @param {Bytes} shared
 * @param {Bytes} transcript
 * @returns {Promise<Session>}
 */
async function startSession({ role, room, a, b }, shared, transcript) {
  const { name, psk } = room
  const keys = await sessionKeys(shared, psk ?? STRANGERS_PSK, transcript)
  const [ab, ba] = await Promise.all([
    importCipher(keys.ab, name, 'ab'),
    importCipher(keys.ba, name, 'ba'),
  ])
  const [ours, theirs] = role === 'a' ? [ab, ba] : [ba, ab]
  return new Session({
    room,
    transcript,
    sealer: new Sealer(ours),
    opener: new Opener(theirs),
    hello: psk && role === 'b' ? encodeBase64url(await helloB(psk, name, a, b)) : null,
    expectedHello:
      psk && role === 'a' ? (claimed) => isMac(claimed, psk, ...helloBFields(name, a, b)) : null,
  })
}

/** Whether `a` proved to hold the link; strangers need not. @param {PublicKey} a @param {Room} room @param {string} hello */
async function isHelloOf(a, { name, psk }, hello) {
  if (!psk) return true
  const claimed = decodeBase64url(hello)
  if (!claimed) return false
  return await isMac(claimed, psk, label('hello-a'), name, a.point, a.nonce)
}

/** @param {Bytes} room @param {PublicKey} a @param {PublicKey} b */
const helloBFields = (room, a, b) => [label('hello-b'), room, a.point, a.nonce, b.point, b.nonce]

/** Whether the point is one is not yet known. @param {string} key @returns {PublicKey | null} */
function parseKey(key) {
  const bytes = decodeBase64url(key)
  if (bytes?.length !== POINT_BYTES + NONCE_BYTES) return null
  return { point: bytes.slice(0, POINT_BYTES), nonce: bytes.slice(POINT_BYTES) }
}

/** What a wrong key means here. @param {Room} room @returns {Failed} */
const failed = ({ psk }) => ({ failure: psk ? 'link-mismatch' : 'sealed-broken' })
