/** The connection to the service: greeting, losing it, coming back. A call does not depend on it. */

import { backoff } from './backoff.js'
import { CLOSE_REPLACED, CLOSE_VERSION, PROTOCOL_VERSION } from './limits.js'

/** @import { Event, Link, Step, Visit } from './session-types.d.ts' */
/** @import { Service } from './types.d.ts' */

/** Two round trips of TCP and TLS and one of ours on a bad mobile link. */
export const GREETING_LIMIT_MS = 10_000

/** RFC 6455 registry: "try again later", how the service says that it is full. */
export const CLOSE_TRY_LATER = 1013

/** No socket, and none to come by itself. @type {Link} */
const IDLE = { failures: 0, openAt: null, greetBy: null }

/** @param {number} now @returns {Link} a first socket that is being opened */
export const openingLink = (now) => ({
  failures: 0,
  openAt: null,
  greetBy: now + GREETING_LIMIT_MS,
})

/** @param {Visit} visit @returns {Step} */
export function handleSocketOpened(visit) {
  return [visit, [{ type: 'send', message: { type: 'hello', v: PROTOCOL_VERSION } }]]
}

/** @param {Visit} visit @param {number} online @returns {Visit} */
export function welcomed(visit, online) {
  const state = { ...visit.state, service: /** @type {const} */ ('ready'), online }
  return { ...visit, state, link: IDLE }
}

/** @param {Visit} visit @param {number} openAt @returns {Visit} the server closes the socket by itself */
export function restarting(visit, openAt) {
  const state = { ...visit.state, service: /** @type {const} */ ('restarting') }
  return { ...visit, state, link: { ...visit.link, openAt, greetBy: null } }
}

/**
 * @param {Visit} visit
 * @param {number} code why, as in the close event
 * @param {Pick<Event, 'now' | 'random'>} event
 * @returns {Visit}
 */
export function disconnected(visit, code, { now, random }) {
  const { state, link } = visit
  if (code === CLOSE_VERSION) {
    return withLink(visit, 'outdated', { ...link, openAt: null, greetBy: null })
  }
  // Two pages of one tab must not take the seat from each other in turns.
  if (code === CLOSE_REPLACED) return withLink(visit, 'connecting', IDLE)
  if (state.service === 'restarting' && link.openAt !== null) return visit
  const openAt = now + backoff(link.failures, random)
  const next = { failures: link.failures + 1, openAt, greetBy: null }
  return withLink(visit, code === CLOSE_TRY_LATER ? 'full' : 'reconnecting', next)
}

/** @param {Visit} visit @param {number} now @returns {Step} */
export function reopenWhenDue(visit, now) {
  const { openAt, failures } = visit.link
  if (openAt === null || now < openAt) return [visit, []]
  const link = { failures, openAt: null, greetBy: now + GREETING_LIMIT_MS }
  return [{ ...visit, link }, [{ type: 'openSocket' }]]
}

/** Opens a socket if there is none on purpose. @param {Visit} visit @param {number} now @returns {Step} */
export function reopenWhenIdle(visit, now) {
  const { link, state } = visit
  const isIdle = state.service === 'connecting' && link.openAt === null && link.greetBy === null
  return isIdle ? reopenWhenDue({ ...visit, link: { ...link, openAt: now } }, now) : [visit, []]
}

/** @param {Visit} visit @param {Service} service @param {Link} link @returns {Visit} */
const withLink = (visit, service, link) => ({ ...visit, state: { ...visit.state, service }, link })
