/**
 * Between what partners tell each other and the blobs the server carries: base64url of UTF-8 JSON.
 * One envelope per match. Both directions are asynchronous and take the number of the signal, which is
 * what sealing needs; the caller keeps the order.
 */

import { decodeBase64url, encodeBase64url } from './base64url.js'
import { parseJson } from './shape.js'

/** @import { Payload } from './card-types.d.ts' */

/** A card has at most this; nothing else comes near it. */
export const MAX_PAYLOAD_BYTES = 8 * 1024

/**
 * @typedef {object} Envelope
 * @property {(seq: number, payload: Payload) => Promise<string>} seal
 * @property {(seq: number, blob: string) => Promise<unknown>} open rejects what was not made by `seal`
 */

/** @returns {Envelope} */
export function createEnvelope() {
  return {
    seal: (_seq, payload) => Promise.resolve(encodePayload(payload)),
    open: (_seq, blob) =>
      new Promise((resolve, reject) => {
        const payload = decodePayload(blob)
        if (payload === undefined) reject(new TypeError('not a sealed payload'))
        else resolve(payload)
      }),
  }
}

/** @param {Payload} payload @returns {string} */
const encodePayload = (payload) =>
  encodeBase64url(new TextEncoder().encode(JSON.stringify(payload)))

/** @param {string} blob @returns {unknown} undefined when it is not a payload */
function decodePayload(blob) {
  const bytes = decodeBase64url(blob)
  if (!bytes || bytes.length > MAX_PAYLOAD_BYTES) return undefined
  return parseJson(decodeUtf8(bytes))
}

/** @param {Uint8Array} bytes @returns {string} empty, which is not JSON either, when they are not UTF-8 */
function decodeUtf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return ''
  }
}
