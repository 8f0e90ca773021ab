/** Private links: the secret stands after `#`, which browsers never send. */

import { decodeBase64url, encodeBase64url } from './base64url.js'

/** @import { Bytes } from './sealing-types.d.ts' */

export const SECRET_BYTES = 16

const FRAGMENT = /^#1\.([A-Za-z0-9_-]{22})$/
const OTHER_FORMAT = /^#(?!1\.)[1-9][0-9]*\./

/** @param {string} origin @param {Bytes} secret @returns {string} the address to hand on */
export const formatLink = (origin, secret) => `${origin}/p#1.${encodeBase64url(secret)}`

/**
 * @param {string} fragment as in `location.hash`
 * @returns {{ secret: Bytes } | { failure: 'link-malformed' | 'version' }} 'version': made by a newer page
 */
export function parseFragment(fragment) {
  const secret = decodeBase64url(FRAGMENT.exec(fragment)?.[1] ?? '')
  if (secret?.length === SECRET_BYTES) return { secret }
  return { failure: OTHER_FORMAT.test(fragment) ? 'version' : 'link-malformed' }
}
