/**
 * What protects the conversation, as it is shown. The code's own steps are sas.js, beside the connection;
 * here is only what the visitor sees of it and says to it.
 */

import { isCurrent, withState } from './visit.js'

/** @import { Event, Step, Visit } from './session-types.d.ts' */
/** @import { Security } from './types.d.ts' */

/**
 * The conversation begins: the keys are agreed and the certificates checked. In a private room both have
 * proved by then that they hold the link.
 * @param {Visit} visit
 * @param {Security['role']} role
 * @returns {Visit}
 */
export function protect(visit, role) {
  const assurance = visit.state.room ? 'link' : 'encrypted'
  const security = { assurance, code: null, role, judged: false }
  return withState(visit, { phase: 'talking', security: /** @type {Security} */ (security) })
}

/** @param {Visit} visit @param {Extract<Event, { type: 'codeReady' }>} event @returns {Step} */
export const codeReady = (visit, event) =>
  isCurrent(visit, event) ? [withSecurity(visit, { code: event.code }), []] : [visit, []]

/** @param {Visit} visit @param {{ mid: string }} event @returns {Step} */
export const codeVerified = (visit, event) =>
  isCurrent(visit, event) ? [withSecurity(visit, { assurance: 'code' }), []] : [visit, []]

/** Only the first press counts, and only beside a code. @param {Visit} visit @param {{ ok: boolean }} verdict @returns {Step} */
export function judgeCode(visit, { ok }) {
  const { security } = visit.state
  if (!security?.code || security.judged) return [visit, []]
  return [withSecurity(visit, { judged: true }), [{ type: 'judgeCode', ok }]]
}

/** @param {Visit} visit @param {Partial<Security>} changes @returns {Visit} */
function withSecurity(visit, changes) {
  const { security } = visit.state
  return withState(visit, { security: security && { ...security, ...changes } })
}
