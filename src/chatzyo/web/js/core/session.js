/**
 * The whole visit as one machine: (visit, event) -> [visit, effects]. Knows neither sockets nor
 * connections nor clocks; `main.js` performs the effects and feeds what happens back in.
 *
 * Two rules hold everywhere: what belongs to an earlier match is ignored, and the end of the service is
 * not the end of a call.
 */

import { codeReady, codeVerified, judgeCode } from './assurance.js'
import { expireTyping, newTalk, react, say, tellTyping } from './chat.js'
import { CLOSE_REPLACED } from './limits.js'
import {
  disconnected,
  handleSocketOpened,
  openingLink,
  reopenWhenDue,
  reopenWhenIdle,
  restarting,
  welcomed,
} from './link.js'
import {
  cardsExchanged,
  channelClosed,
  channelMessage,
  channelOpened,
  end,
  endCurrent,
  handleConfirm,
  handleEnded,
  handleMatched,
  handleSignal,
  leave,
  pathChanged,
  prepareNext,
  recordOpened,
} from './match.js'
import { createLink, hide, join, linkCreated, replaced, roomFull } from './private-room.js'
import {
  find,
  isTalking,
  NO_DEADLINES,
  NO_MATCH,
  prepare,
  tellDevices,
  then,
  withState,
} from './visit.js'

/** @import { ServerMessage } from './messages.d.ts' */
/** @import { Effect, Event, Step, Visit } from './session-types.d.ts' */
/** @import { State, Wish } from './types.d.ts' */

/** To change one's mind after Esc. */
export const UNDO_WINDOW_MS = 2_000

/** @type {State} */
const ARRIVAL = {
  phase: 'lobby',
  service: 'connecting',
  online: null,
  wish: null,
  self: { microphone: true, camera: true },
  room: null,
  linkFailure: null,
  ...NO_MATCH,
}

/**
 * @param {number} now
 * @param {{ link: string } | { failure: State['linkFailure'] }} [address] what the address led to
 * @returns {Step}
 */
export function arrive(now, address = { failure: null }) {
  const link = openingLink(now)
  const talk = newTalk(now)
  const match = { serverMatch: null, hasCards: false, ...NO_DEADLINES }
  /** @type {Partial<State>} */
  const invited =
    'link' in address
      ? { room: { link: address.link, stage: 'choosing' } }
      : { linkFailure: address.failure }
  const state = { ...ARRIVAL, ...invited }
  return [{ state, link, talk, ...match, nextId: 1 }, [{ type: 'openSocket' }]]
}

/** @param {Visit} visit @returns {number | null} when the next `tick` is wanted */
export function wakeAt({ state, link, talk, connectBy, silentAt, prepareAt, lostAt }) {
  const times = [link.openAt, link.greetBy, talk.typingUntil, state.nextAt]
  const due = [...times, connectBy, silentAt, prepareAt, lostAt].filter((time) => time !== null)
  return due.length > 0 ? Math.min(...due) : null
}

/** @typedef {{ [Type in Event['type']]: (visit: Visit, event: Extract<Event, { type: Type }>) => Step }} Handlers */

/** @type {Handlers} */
const HANDLERS = {
  prepare: (visit, { mode }) => [visit, [prepare(visit, mode)]],
  start: (visit, { wish }) => (visit.state.phase === 'lobby' ? search(visit, wish) : [visit, []]),
  createLink,
  join,
  judgeCode,
  next,
  nextSoon,
  undoNext: (visit) => [withState(visit, { nextAt: null }), []],
  stop,
  send: (visit, { text }) => (isTalking(visit) ? say(visit, text) : [visit, []]),
  typing: (visit, { now }) => (isTalking(visit) ? tellTyping(visit, now) : [visit, []]),
  react: (visit, { emoji }) => (isTalking(visit) ? react(visit, emoji) : [visit, []]),
  setMicrophone: (visit, { on }) => setDevice(visit, 'microphone', on),
  setCamera: (visit, { on }) => setDevice(visit, 'camera', on),
  tick,
  networkChanged,
  pageHidden: (visit, event) => (visit.state.room ? hide(visit, leave) : stop(visit, event)),
  linkCreated,
  keysUnavailable: (visit) =>
    visit.state.phase === 'searching' ? end(visit, 'no-keys') : [visit, []],
  socketOpened: handleSocketOpened,
  socketClosed: (visit, event) => loseService(visit, event.code, event),
  message: (visit, event) => handleMessage(visit, event.message, event),
  recordOpened,
  cardsExchanged,
  codeReady,
  codeVerified,
  channelOpened,
  channelMessage,
  channelClosed,
  pathChanged,
  partnerFailed: (visit, event) => endCurrent(visit, event, event.reason),
}

/** @param {Visit} visit @param {Event} event @returns {Step} */
export function handle(visit, event) {
  const handler = /** @type {(visit: Visit, event: Event) => Step} */ (HANDLERS[event.type])
  return handler(visit, event)
}

// What the visitor does.

/** @param {Visit} visit @param {Wish} wish @returns {Step} */
function search(visit, wish) {
  const among = { room: null, linkFailure: null }
  const searching = withState(visit, { ...NO_MATCH, ...among, phase: 'searching', wish })
  return then([searching, [prepare(searching, wish.mode)]], find)
}

/** @param {Visit} visit @returns {Step} */
function next(visit) {
  const { phase, wish, room } = visit.state
  const isPast = phase === 'lobby' || phase === 'searching'
  if (isPast || !wish || room) return [visit, []]
  return then(leave(visit), (left) => search(left, wish))
}

/** @param {Visit} visit @param {{ now: number }} event @returns {Step} */
function nextSoon(visit, { now }) {
  const { phase, nextAt, room } = visit.state
  const isConnected = !room && (phase === 'connecting' || phase === 'talking')
  if (!isConnected || nextAt !== null) return next(visit)
  return [withState(visit, { nextAt: now + UNDO_WINDOW_MS }), []]
}

/** @param {Visit} visit @param {{ now: number }} event @returns {Step} */
function stop(visit, { now }) {
  /** @type {Effect[]} */
  const cancel = isExpecting(visit) ? [{ type: 'send', message: { type: 'cancel' } }] : []
  const [left, effects] = leave(visit)
  const lobby = {
    ...NO_MATCH,
    phase: /** @type {const} */ ('lobby'),
    room: null,
    linkFailure: null,
  }
  return then([withState(left, lobby), [...cancel, ...effects]], (at) => reopenWhenIdle(at, now))
}

/** Whether the service keeps a place for us that is no match. @param {Visit} visit */
function isExpecting({ state: { phase, service, room }, serverMatch }) {
  const hasSeat = room !== null && phase !== 'lobby' && serverMatch === null
  return service === 'ready' && (phase === 'searching' || hasSeat)
}

/** @param {Visit} visit @param {'microphone' | 'camera'} device @param {boolean} on @returns {Step} */
function setDevice(visit, device, on) {
  const changed = withState(visit, { self: { ...visit.state.self, [device]: on } })
  /** @type {Effect[]} */
  const effects = [{ type: 'setDevice', device, on }]
  if (isTalking(changed)) effects.push(tellDevices(changed))
  return [changed, effects]
}

// What time does.

/** @param {Visit} visit @param {{ now: number, random: number }} event @returns {Step} */
function tick(visit, event) {
  const { now } = event
  const isDue = /** @param {number | null} time */ (time) => time !== null && now >= time
  /** @type {((visit: Visit) => Step)[]} */
  const steps = [
    (at) => reopenWhenDue(at, now),
    (at) => (isDue(at.link.greetBy) ? giveUpSocket(at, event) : [at, []]),
    (at) => (isDue(at.silentAt) ? end(at, 'peer-silent') : [at, []]),
    (at) => (isDue(at.connectBy) ? end(at, 'failed') : [at, []]),
    (at) => (isDue(at.prepareAt) ? prepareNext(at) : [at, []]),
    (at) => (isDue(at.lostAt) ? end(at, 'lost') : [at, []]),
    (at) => [expireTyping(at, now), []],
    (at) => (isDue(at.state.nextAt) ? next(at) : [at, []]),
  ]
  return steps.reduce(then, /** @type {Step} */ ([visit, []]))
}

/** @param {Visit} visit @param {{ now: number, random: number }} event @returns {Step} */
function giveUpSocket(visit, event) {
  return then([visit, [{ type: 'closeSocket' }]], (at) => loseService(at, 0, event))
}

/** @param {Visit} visit @param {{ now: number }} event @returns {Step} */
function networkChanged(visit, { now }) {
  const { link, state } = visit
  const isWaiting = link.openAt !== null && state.service !== 'restarting'
  const sooner = isWaiting ? { ...visit, link: { ...link, openAt: now } } : visit
  return then([sooner, [{ type: 'renew' }]], (at) => reopenWhenDue(at, now))
}

// What the service says.

/** @param {Visit} visit @param {number} code @param {{ now: number, random: number }} event @returns {Step} */
function loseService(visit, code, event) {
  const alone = { ...disconnected(visit, code, event), serverMatch: null }
  const { phase } = alone.state
  if (code === CLOSE_REPLACED) return replaced(alone)
  if (phase === 'searching') return [withState(alone, { waiting: null }), [{ type: 'forgetKey' }]]
  // Cards that are not exchanged by now will not be.
  const isHopeless = phase === 'connecting' && !alone.hasCards
  return isHopeless ? end(alone, 'lost') : [alone, []]
}

/** @param {Visit} visit @param {ServerMessage} message @param {{ now: number }} event @returns {Step} */
function handleMessage(visit, message, { now }) {
  switch (message.type) {
    case 'welcome': {
      const ready = welcomed(visit, message.online)
      return ready.state.phase === 'searching' ? find(ready) : [ready, []]
    }
    case 'waiting':
      return handleWaiting(visit, message)
    case 'matched':
      return handleMatched(visit, message, now)
    case 'signal':
      return handleSignal(visit, message)
    case 'confirm':
      return handleConfirm(visit, message)
    case 'ended':
      return handleEnded(visit, message)
    case 'error':
      return handleError(visit, message)
    case 'restart':
      return [restarting(visit, now + message.after_ms), []]
    default:
      return [visit, []]
  }
}

/** @param {Visit} visit @param {Extract<ServerMessage, { type: 'waiting' }>} message @returns {Step} */
function handleWaiting(visit, { waiting, estimate, widened }) {
  if (visit.state.phase !== 'searching') return [visit, []]
  return [withState(visit, { waiting: { waiting, estimate, widened } }), []]
}

/** @param {Visit} visit @param {Extract<ServerMessage, { type: 'error' }>} message @returns {Step} */
function handleError(visit, { code }) {
  if (code === 'room-full') return roomFull(visit)
  // All other refusals are of messages that crossed something; what they asked for is settled.
  const isRefusedWish = code === 'invalid-field' && visit.state.phase === 'searching'
  return isRefusedWish ? [withState(visit, { ...NO_MATCH, phase: 'lobby' }), []] : [visit, []]
}
