/** What all parts of the session share: reading and changing a visit, and joining steps. */

/** @import { Effect, Step, Visit } from './session-types.d.ts' */
/** @import { Mode, State } from './types.d.ts' */

/** What is shown of a match while there is none. @satisfies {Partial<State>} */
export const NO_MATCH = {
  waiting: null,
  match: null,
  ended: null,
  nextAt: null,
  chat: [],
  strangerTyping: false,
  stranger: { microphone: true, camera: true },
  reaction: null,
}

/** @param {Visit} visit @param {Partial<State>} changes @returns {Visit} */
export const withState = (visit, changes) => ({ ...visit, state: { ...visit.state, ...changes } })

/** @param {Visit} visit @returns {boolean} */
export const isTalking = (visit) => visit.state.phase === 'talking'

/** Whether there is a partner: introduced, and not gone yet. @param {Visit} visit @returns {boolean} */
export const hasPartner = ({ state: { phase } }) => phase === 'connecting' || phase === 'talking'

/** @param {Visit} visit @param {{ mid: string }} event @returns {boolean} */
export const isCurrent = (visit, { mid }) => hasPartner(visit) && visit.state.match?.mid === mid

/** @param {Step} step @param {(visit: Visit) => Step} more @returns {Step} */
export function then([visit, effects], more) {
  const [after, added] = more(visit)
  return [after, [...effects, ...added]]
}

/** Asks for a partner; without service, `welcome` does it later. @param {Visit} visit @returns {Step} */
export function find(visit) {
  const { service, wish } = visit.state
  if (service !== 'ready' || !wish) return [visit, []]
  const { mode, hub, languages, interests } = wish
  return [visit, [{ type: 'send', message: { type: 'find', mode, hub, languages, interests } }]]
}

/** What the partner should know of our devices; a mode without them has them off. @param {Visit} visit @returns {Effect} */
export function tellDevices({ state: { self, match } }) {
  const has = devicesOf(match?.mode)
  const microphone = self.microphone && has.microphone
  const camera = self.camera && has.camera
  return { type: 'sendChannel', message: { k: 'devices', microphone, camera } }
}

/** @param {Mode | undefined} mode @returns {State['self']} */
export const devicesOf = (mode) => ({ microphone: mode !== 'text', camera: mode === 'video' })
