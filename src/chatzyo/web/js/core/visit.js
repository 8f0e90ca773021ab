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
  security: null,
}

/** Without a match there is nothing to wait for. */
export const NO_DEADLINES = { connectBy: null, silentAt: null, prepareAt: null, lostAt: null }

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

/** Asks for a partner, or for the one in a private room; without service, `welcome` does it later. @param {Visit} visit @returns {Step} */
export function find(visit) {
  const { service, wish, room } = visit.state
  if (service !== 'ready' || !wish) return [visit, []]
  return [visit, [room ? { type: 'join', link: room.link } : { type: 'find', wish }]]
}

/** Has a connection ready for what may come next. @param {Visit} visit @param {Mode} mode what the visitor sends @returns {Effect} */
export const prepare = ({ state: { room } }, mode) => ({
  type: 'prepare',
  // In a private room each may send what they like, so there is room for everything.
  mode: room ? 'video' : mode,
})

/** What the partner should know of our devices; a mode without them has them off. @param {Visit} visit @returns {Effect} */
export function tellDevices({ state: { self, wish } }) {
  const has = devicesOf(wish?.mode)
  const microphone = self.microphone && has.microphone
  const camera = self.camera && has.camera
  return { type: 'sendChannel', message: { k: 'devices', microphone, camera } }
}

/** @param {Mode | undefined} mode @returns {State['self']} */
export const devicesOf = (mode) => ({ microphone: mode !== 'text', camera: mode === 'video' })
