/** The room in which strangers talk: named by their match, with nothing shared beforehand. */

import { decodeBase64url } from './base64url.js'

/** @import { Room } from './sealing-types.d.ts' */

export const ROOM_BYTES = 16

/** @param {string} mid @returns {Room | null} null when it is no match id */
export function roomOfMatch(mid) {
  const name = decodeBase64url(mid)
  return name?.length === ROOM_BYTES ? { name, psk: null } : null
}
