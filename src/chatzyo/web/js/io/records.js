/** Sealed records of one direction: AES-256-GCM under numbers that start at 0 and have no gaps. */

import { decodeBase64url, encodeBase64url } from '../core/base64url.js'
import { MAX_SIGNALS_PER_DIRECTION } from '../core/limits.js'
import {
  associated,
  decodePayload,
  encodePayload,
  MAX_PLAIN_BYTES,
  vector,
} from '../core/record.js'

/** @import { Bytes, Direction, Opened, Sealed } from '../core/sealing-types.d.ts' */

const TAG_BYTES = 16

/** @type {Opened} */
const BROKEN = { failure: 'sealed-broken' }

/** @param {Bytes} secret @param {Bytes} room @param {Direction} direction @returns {Promise<Cipher>} */
export async function importCipher(secret, room, direction) {
  const key = await crypto.subtle.importKey('raw', secret, 'AES-GCM', false, ['encrypt', 'decrypt'])
  return new Cipher(key, room, direction)
}

/** A key, bound to one direction of one conversation. */
export class Cipher {
  #key
  #room
  #direction

  /** @param {CryptoKey} key @param {Bytes} room @param {Direction} direction */
  constructor(key, room, direction) {
    this.#key = key
    this.#room = room
    this.#direction = direction
  }

  /** Once under this number: never another text under the same. @param {number} seq @param {Bytes} plain @returns {Promise<Bytes>} */
  async seal(seq, plain) {
    return new Uint8Array(await crypto.subtle.encrypt(this.#algorithm(seq), this.#key, plain))
  }

  /** @param {number} seq @param {Bytes} sealed @returns {Promise<Bytes | null>} null unless it was sealed so */
  async open(seq, sealed) {
    try {
      return new Uint8Array(await crypto.subtle.decrypt(this.#algorithm(seq), this.#key, sealed))
    } catch {
      return null
    }
  }

  /** @param {number} seq */
  #algorithm(seq) {
    const additionalData = associated(this.#room, this.#direction, seq)
    return { name: 'AES-GCM', iv: vector(seq), additionalData }
  }
}

/** What we send. */
export class Sealer {
  #cipher
  #next = 0

  /** @param {Cipher} cipher */
  constructor(cipher) {
    this.#cipher = cipher
  }

  /**
   * Seals the next record. To send it again, send the same: nothing is sealed twice.
   * @param {object} payload
   * @returns {Promise<Sealed>} to be sent in the order of the numbers
   */
  async seal(payload) {
    if (this.#next >= MAX_SIGNALS_PER_DIRECTION) throw new RangeError('no more may be sent')
    const plain = encodePayload(payload)
    const seq = this.#next
    this.#next += 1
    return { seq, blob: encodeBase64url(await this.#cipher.seal(seq, plain)) }
  }
}

/** What the other side sent. The first failure is final: no second key, no second try. */
export class Opener {
  #cipher
  #next = 0
  #isBroken = false

  /** @param {Cipher} cipher */
  constructor(cipher) {
    this.#cipher = cipher
  }

  /** Wait for one before opening another. @param {number} seq @param {string} blob @returns {Promise<Opened>} */
  async open(seq, blob) {
    if (this.#isBroken) return BROKEN
    if (seq >= 0 && seq < this.#next) return { duplicate: true }
    const payload = await this.#openNext(seq, blob)
    this.#isBroken = payload === null
    this.#next += 1
    return payload ? { payload } : BROKEN
  }

  /** @param {number} seq @param {string} blob */
  async #openNext(seq, blob) {
    if (seq !== this.#next || seq >= MAX_SIGNALS_PER_DIRECTION) return null
    const sealed = decodeBase64url(blob)
    if (!sealed || sealed.length > MAX_PLAIN_BYTES + TAG_BYTES) return null
    const plain = await this.#cipher.open(seq, sealed)
    return plain && decodePayload(plain)
  }
}
