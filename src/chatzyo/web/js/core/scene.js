/* What the call screen tells and which way on it offers: state -> keys of texts. Who is away in a
   private call is waited for; a security ending is told in full and outlasts everything else. */

/** @import { EndReason, Mode, State } from './types.d.ts' */

/**
 * @typedef {object} Scene
 * @property {string} title
 * @property {string | null} body
 * @property {'next' | 'again' | null} way besides Stop
 * @property {boolean} isGrave the call was stopped for the visitor's safety
 * @property {boolean} invites the link is worth sending again
 */

/** @type {readonly (EndReason | null)[]} */
const GRAVE = [
  'link-mismatch',
  'sealed-broken',
  'peer-silent',
  'identity-changed',
  'code-broken',
  'code-different',
  'no-keys',
]

/** Nobody can be met there before the visitor tries again. */
const SHUT = ['full', 'replaced']

/** @param {State} state @returns {Scene} */
export function scene(state) {
  if (isGrave(state)) return { ...ended(state), isGrave: true }
  const stage = state.room?.stage ?? 'together'
  if (SHUT.includes(stage) || isWaiting(state)) return waiting(stage)
  return state.phase === 'ended' ? ended(state) : underWay(state)
}

/** @param {State} state @returns {string} of the window */
export function windowTitle({ phase, room }) {
  const isQuiet = phase === 'lobby' || phase === 'searching'
  return room && isQuiet ? 'title.room' : `title.${phase}`
}

/** What there is to make room for: picture, voice or words. In a private call each sends what they like.
 * @param {State} state @param {Mode} sent by the visitor @returns {Mode} */
export function shownMode({ phase, match, room, stranger }, sent) {
  if (!room) return match?.mode ?? sent
  if (phase !== 'talking' || sent === 'video') return sent
  if (stranger.camera) return 'video'
  return stranger.microphone ? 'voice' : sent
}

/** @param {State} state */
const isGrave = ({ phase, ended: reason }) => phase === 'ended' && GRAVE.includes(reason)

/** @param {State} state */
const isWaiting = ({ phase, room }) =>
  phase === 'searching' && (room?.stage === 'alone' || room?.stage === 'apart')

/** @param {string} stage @returns {Scene} */
function waiting(stage) {
  return {
    title: `room.${stage}`,
    body: `room.${stage}.body`,
    way: SHUT.includes(stage) ? 'again' : null,
    isGrave: false,
    invites: stage === 'alone',
  }
}

/** @param {State} state @returns {Scene} */
function ended(state) {
  const reason = state.ended ?? 'lost'
  const isOrdinaryInRoom = state.room !== null && !isGrave(state)
  return {
    title: isOrdinaryInRoom ? `room.${reason}` : `ended.${reason}`,
    body: isOrdinaryInRoom ? 'room.again' : `ended.${reason}.body`,
    way: state.room ? 'again' : 'next',
    isGrave: false,
    invites: false,
  }
}

/** @param {State} state @returns {Scene} */
function underWay({ phase, room }) {
  const told = { isGrave: false, invites: false }
  if (!room) {
    const body = phase === 'connecting' ? 'connecting.body' : null
    return { ...told, title: `${phase}.title`, body, way: phase === 'searching' ? null : 'next' }
  }
  const body = phase === 'connecting' ? 'room.connecting.body' : null
  return { ...told, title: `room.${phase}`, body, way: null }
}
