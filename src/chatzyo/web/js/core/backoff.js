/** When to try the service again. */

/** A restart of the service takes about this long; a lost packet less. */
export const FIRST_DELAY_MS = 500

/** Beyond this, waiting longer spares the service nothing and annoys the visitor. */
export const LONGEST_DELAY_MS = 30_000

/**
 * Doubles with each failure; half of it is random, so that the visitors of a restarted service do not
 * come back in one instant.
 * @param {number} failures since the last success
 * @param {number} random in [0, 1)
 * @returns {number} milliseconds
 */
export function backoff(failures, random) {
  const delay = Math.min(FIRST_DELAY_MS * 2 ** failures, LONGEST_DELAY_MS)
  return delay * (0.5 + random / 2)
}
