/** What a tab must know after a reload to return to its seat: the link, and which seat it has. */

import { encodeBase64url } from '../core/base64url.js'
import { object, parseJson, text } from '../core/shape.js'

const KEY = 'chatzyo.room'
const SEAT_BYTES = 16

const isMemory = object({ link: text(/^https?:\/\/./), seat: text(/^[A-Za-z0-9_-]{22}$/) })

/** @typedef {{ link: string, seat: string }} Memory */

/** @returns {Memory | null} */
export function recall() {
  const memory = parseJson(storage()?.getItem(KEY) ?? '')
  return isMemory(memory) ? /** @type {Memory} */ (memory) : null
}

/** Only while in the room. @param {string} link @returns {Memory} the same seat for the same link */
export function remember(link) {
  const known = recall()
  if (known?.link === link) return known
  const seat = encodeBase64url(crypto.getRandomValues(new Uint8Array(SEAT_BYTES)))
  const memory = { link, seat }
  storage()?.setItem(KEY, JSON.stringify(memory))
  return memory
}

export function forget() {
  storage()?.removeItem(KEY)
}

/** @returns {Storage | null} null where the visitor forbids it: a reload then needs the link again */
function storage() {
  try {
    return sessionStorage
  } catch {
    return null
  }
}
