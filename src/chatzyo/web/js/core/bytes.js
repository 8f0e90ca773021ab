/**
 * Byte strings that are hashed and sealed. Every input starts with a label and every field with its
 * length, so that no value made for one purpose can pass for another.
 */

/** @import { Bytes } from './sealing-types.d.ts' */

/** Another suite of algorithms would be another prefix. */
const LABEL_PREFIX = 'chatzyo/1 '

/** @param {string} text @returns {Bytes} */
export const utf8 = (text) => new TextEncoder().encode(text)

/** @param {string} name @returns {Bytes} what opens every input made for this purpose */
export const label = (name) => utf8(LABEL_PREFIX + name)

/** @param {Bytes[]} parts @returns {Bytes} */
export function concatenate(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/** @param {Bytes[]} fields @returns {Bytes} each after its length in two bytes, big endian */
export const lengthPrefixed = (...fields) =>
  concatenate(...fields.flatMap((field) => [Uint8Array.of(field.length >> 8, field.length), field]))

/** @param {number} number up to 2^53 @returns {Bytes} eight bytes, big endian */
export function uint64(number) {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number))
  return bytes
}

/** Whether they are alike. Takes as long as they are alike: not for secrets. @param {Bytes} one @param {Bytes} other */
export const isSame = (one, other) =>
  one.length === other.length && one.every((byte, i) => byte === other[i])
