/** The secret of a private link, and the room and key it leads to. */

import { label } from '../core/bytes.js'
import { parseFragment, SECRET_BYTES } from '../core/private-link.js'
import { ROOM_BYTES } from '../core/room.js'
import { HASH_BYTES, hkdf, sha256 } from './webcrypto.js'

/** @import { Bytes, Room } from '../core/sealing-types.d.ts' */

/** @returns {Bytes} */
export const createSecret = () => crypto.getRandomValues(new Uint8Array(SECRET_BYTES))

/** @param {string} link one that this page made or parsed @returns {Bytes} */
export function secretOfLink(link) {
  const parsed = parseFragment(new URL(link).hash)
  if ('failure' in parsed) throw new TypeError(parsed.failure)
  return parsed.secret
}

/** Never from a short code that people speak: guessing it would be quick. @param {Bytes} secret @returns {Promise<Room>} */
export async function roomOfLink(secret) {
  const salt = await sha256(label('link'))
  return {
    name: await hkdf(secret, salt, label('room'), ROOM_BYTES),
    psk: await hkdf(secret, salt, label('psk'), HASH_BYTES),
  }
}
