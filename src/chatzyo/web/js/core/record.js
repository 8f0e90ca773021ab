/**
 * What is inside and around a sealed record: one JSON object with a kind, spelt in one way and padded;
 * the number and the conversation it is bound to. What it may say beyond that is for its readers to check.
 */

import { concatenate, isSame, label, lengthPrefixed, uint64, utf8 } from './bytes.js'
import { isObject, parseJson } from './shape.js'

/** @import { Bytes, Direction } from './sealing-types.d.ts' */

/** The server learns sizes in these steps only. */
export const BLOCK_BYTES = 1024

/** With its tag this fills the longest blob the server forwards. */
export const MAX_PLAIN_BYTES = 11 * BLOCK_BYTES

/** A card nests record, card, sections, section, codecs, codec, feedback. */
export const MAX_DEPTH = 7

/** @param {Bytes} text @returns {Bytes} filled with spaces up to the next multiple of a block */
export function pad(text) {
  const padded = new Uint8Array(Math.ceil(text.length / BLOCK_BYTES) * BLOCK_BYTES).fill(0x20)
  padded.set(text)
  return padded
}

/** @param {object} payload @returns {Bytes} its one spelling, padded */
export function encodePayload(payload) {
  const plain = pad(utf8(JSON.stringify(payload)))
  if (plain.length > MAX_PLAIN_BYTES) throw new RangeError('no blob can carry this much')
  return plain
}

/** @param {Bytes} plain @returns {Record<string, unknown> | null} null unless `encodePayload` wrote it so */
export function decodePayload(plain) {
  const payload = plain.length % BLOCK_BYTES === 0 ? parseJson(decodeUtf8(plain)) : undefined
  if (!isObject(payload) || typeof payload['k'] !== 'string') return null
  // Another spelling hides something: a duplicate key, a space, an escape.
  const isSpeltSo = isSame(pad(utf8(JSON.stringify(payload))), plain)
  return isSpeltSo && isSound(payload, MAX_DEPTH) ? payload : null
}

/** The initialisation vector: unique because numbers are never used twice under one key. @param {number} seq */
export const vector = (seq) => concatenate(new Uint8Array(4), uint64(seq))

/** What a record is bound to. @param {Bytes} room @param {Direction} direction @param {number} seq */
export const associated = (room, direction, seq) =>
  lengthPrefixed(label('sig'), room, utf8(direction), uint64(seq))

/** Whether values nest at most this deep and all texts are Unicode. @param {unknown} value @param {number} depth @returns {boolean} */
function isSound(value, depth) {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return (
    depth > 0 &&
    Object.entries(value)
      .flat()
      .every((each) => isSound(each, depth - 1))
  )
}

/** @param {Bytes} bytes @returns {string} empty, which is not JSON either, when they are not UTF-8 */
function decodeUtf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return ''
  }
}
