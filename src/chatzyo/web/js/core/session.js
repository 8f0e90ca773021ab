/**
 * The whole visit as one machine: (visit, event) -> [visit, effects]. Knows neither sockets nor
 * connections nor clocks; `main.js` performs the effects and feeds what happens back in.
 *
 * Two rules hold everywhere: what belongs to an earlier match is ignored, and the end of the service is
 * not the end of a call.
 */

import { expireTyping, newTalk, react, say, tellTyping } from './chat.js'
import {
  disconnected,
  handleSocketOpened,
  openingLink,
  reopenWhenDue,
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
  handleEnded,
  handleMatched,
  handleSignal,
  leave,
  pathChanged,
} from './match.js'
import { find, isTalking, NO_MATCH, tellDevices, then, withState } from './visit.js'

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
  ...NO_MATCH,
}

/** @param {number} now @returns {Step} */
export function arrive(now) {
  const link = openingLink(now)
  const talk = newTalk(now)
  const match = { serverMatch: null, hasCards: false, connectBy: null, lostAt: null }
  return [{ state: ARRIVAL, link, talk, ...match, nextId: 1 }, [{ type: 'openSocket' }]]
}

/** @param {Visit} visit @returns {number | null} when the next `tick` is wanted */
export function wakeAt({ state, link, talk, connectBy, lostAt }) {
  const times = [link.openAt, link.greetBy, connectBy, lostAt, talk.typingUntil, state.nextAt]
  const due = times.filter((time) => time !== null)
  return due.length > 0 ? Math.min(...due) : null
}

/** @typedef {{ [Type in Event['type']]: (visit: Visit, event: Extract<Event, { type: Type }>) => Step }} Handlers */

/** @type {Handlers} */
const HANDLERS = {
  prepare: (visit, { mode }) => [visit, [{ type: 'prepare', mode }]],
  start: (visit, { wish }) => (visit.state.phase === 'lobby' ? search(visit, wish) : [visit, []]),
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
  socketOpened: handleSocketOpened,
  socketClosed: (visit, event) => loseService(visit, event.code, event),
  message: (visit, event) => handleMessage(visit, event.message, event),
  cardsExchanged,
  channelOpened,
  channelMessage,
  channelClosed,
  pathChanged,
  partnerBroken: (visit, event) => endCurrent(visit, event, 'broken'),
  partnerUnavailable: (visit, event) => endCurrent(visit, event, 'failed'),
}

/** @param {Visit} visit @param {Event} event @returns {Step} */
export function handle(visit, event) {
  const handler = /** @type {(visit: Visit, event: Event) => Step} */ (HANDLERS[event.type])
  return handler(visit, event)
}

// What the visitor does.

/** @param {Visit} visit @param {Wish} wish @returns {Step} */
function search(visit, wish) {
  const searching = withState(visit, { ...NO_MATCH, phase: 'searching', wish })
  return then([searching, [{ type: 'prepare', mode: wish.mode }]], find)
}

/** @param {Visit} visit @returns {Step} */
function next(visit) {
  const { phase, wish } = visit.state
  const isPast = phase === 'lobby' || phase === 'searching'
  if (isPast || !wish) return [visit, []]
  return then(leave(visit), (left) => search(left, wish))
}

/** @param {Visit} visit @param {{ now: number }} event @returns {Step} */
function nextSoon(visit, { now }) {
  const { phase, nextAt } = visit.state
  const isConnected = phase === 'connecting' || phase === 'talking'
  if (!isConnected || nextAt !== null) return next(visit)
  return [withState(visit, { nextAt: now + UNDO_WINDOW_MS }), []]
}

/** @param {Visit} visit @returns {Step} */
function stop(visit) {
  const { phase, service } = visit.state
  /** @type {Effect[]} */
  const cancel =
    phase === 'searching' && service === 'ready'
      ? [{ type: 'send', message: { type: 'cancel' } }]
      : []
  const [left, effects] = leave(visit)
  return [withState(left, { ...NO_MATCH, phase: 'lobby' }), [...cancel, ...effects]]
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
    (at) => (isDue(at.connectBy) ? end(at, 'failed') : [at, []]),
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
  if (phase === 'searching') return [withState(alone, { waiting: null }), []]
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
  // All other refusals are of messages that crossed something; what they asked for is settled.
  const isRefusedWish = code === 'invalid-field' && visit.state.phase === 'searching'
  return isRefusedWish ? [withState(visit, { ...NO_MATCH, phase: 'lobby' }), []] : [visit, []]
}
