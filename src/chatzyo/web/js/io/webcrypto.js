/** The primitives of sealing, by the browser: ECDH on P-256, SHA-256, HMAC and HKDF. No other suite. */

import { lengthPrefixed } from '../core/bytes.js'

/** @import { Bytes } from '../core/sealing-types.d.ts' */

export const POINT_BYTES = 65
export const HASH_BYTES = 32

const CURVE = { name: 'ECDH', namedCurve: 'P-256' }
const HMAC = { name: 'HMAC', hash: 'SHA-256' }

/** First byte of a point that carries both of its coordinates (SEC 1 section 2.3.3). */
const UNCOMPRESSED = 4

/** @typedef {{ privateKey: CryptoKey, point: Bytes }} KeyPair `point` is the public half */

/** @returns {Promise<KeyPair>} fresh; the private half never leaves the browser's keeping */
export async function generateKeyPair() {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(CURVE, false, ['deriveBits'])
  return { privateKey, point: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)) }
}

/** @param {CryptoKey} privateKey @param {Bytes} point @returns {Promise<Bytes | null>} null unless it is a point of the curve */
export async function agree(privateKey, point) {
  // Before the import: importers take the compressed and some the hybrid form as well.
  if (point.length !== POINT_BYTES || point[0] !== UNCOMPRESSED) return null
  try {
    const publicKey = await crypto.subtle.importKey('raw', point, CURVE, false, [])
    const algorithm = { name: 'ECDH', public: publicKey }
    return new Uint8Array(await crypto.subtle.deriveBits(algorithm, privateKey, 8 * HASH_BYTES))
  } catch {
    return null
  }
}

/** @param {Bytes} data */
export const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest('SHA-256', data))

/** @param {Bytes[]} fields */
export const digest = (...fields) => sha256(lengthPrefixed(...fields))

/** @param {Bytes} secret @param {Bytes[]} fields */
export async function mac(secret, ...fields) {
  const key = await crypto.subtle.importKey('raw', secret, HMAC, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, lengthPrefixed(...fields)))
}

/** Compares in constant time. @param {Bytes} claimed @param {Bytes} secret @param {Bytes[]} fields @returns {Promise<boolean>} */
export async function isMac(claimed, secret, ...fields) {
  const key = await crypto.subtle.importKey('raw', secret, HMAC, false, ['verify'])
  return crypto.subtle.verify('HMAC', key, claimed, lengthPrefixed(...fields))
}

/** RFC 5869. @param {Bytes} secret @param {Bytes} salt @param {Bytes} info @param {number} length in bytes */
export async function hkdf(secret, salt, info, length) {
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt, info }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 8 * length))
}
