/** base64url without padding (RFC 4648 section 5), one spelling per value. */

const ALPHABET = /^[A-Za-z0-9_-]*$/

/** @param {Uint8Array} bytes @returns {string} */
export function encodeBase64url(bytes) {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer> | null} null unless it is exactly what encoding writes */
export function decodeBase64url(text) {
  if (!ALPHABET.test(text) || text.length % 4 === 1) return null
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
  return encodeBase64url(bytes) === text ? bytes : null
}
