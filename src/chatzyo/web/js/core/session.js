/**
 * The whole visit as one machine: (visit, event) -> [visit, effects]. Knows neither sockets nor
 * connections nor clocks; `main.js` performs the effects and feeds what happens back in.
 *
 * Two rules hold everywhere: what belongs to an earlier match is ignored, and the end of the service is
 * not the end of a call.
 */

import { expireTyping, hear, newTalk, react, say, tellTyping } from './chat.js'
import {
  createHandshake,
  handleAnswered,
  handleCandidateFound,
  handleDescribed,
  handleSignal,
  handleUnsealed,
} from './handshake.js'
import {
  disconnected,
  handleSocketOpened,
  openingLink,
  reopenWhenDue,
  restarting,
  welcomed,
} from './link.js'

/** @import { ServerMessage } from './messages.d.ts' */
/** @import { Outcome } from './handshake.js' */
/** @import { Effect, Event, Step, Visit } from './session-types.d.ts' */
/** @import { EndReason, State, Wish } from './types.d.ts' */

/** From `matched` to an open DataChannel; a relayed path on a bad link has been seen to take 6 s. */
export const CONNECT_LIMIT_MS = 15_000

/** An interrupted path that has not come back by then seldom does. */
export const INTERRUPTION_LIMIT_MS = 5_000

/** A channel closed without goodbye: the service usually knows why within this time. */
export const GOODBYE_GRACE_MS = 1_000

/** To change one's mind after Esc. */
export const UNDO_WINDOW_MS = 2_000

/** @satisfies {Partial<State>} */
const NO_MATCH = {
  waiting: null,
  match: null,
  ended: null,
  nextAt: null,
  chat: [],
  strangerTyping: false,
  stranger: { microphone: true, camera: true },
  reaction: null,
}

/** @type {State} */
const ARRIVAL = {
  phase: 'lobby',
  service: 'connecting',
  online: null,
  wish: null,
  self: { microphone: true, camera: true },
  ...NO_MATCH,
}

/**
 * @param {{ now: number, nearby: boolean }} options nearby: see `isNearbyHost`
 * @returns {Step}
 */
export function arrive({ now, nearby }) {
  const link = openingLink(now)
  const talk = newTalk(now)
  const match = { serverMatch: null, handshake: null, connectBy: null, lostAt: null }
  return [{ state: ARRIVAL, link, nearby, talk, ...match, nextId: 1 }, [{ type: 'openSocket' }]]
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
  unsealed: (visit, event) =>
    shake(visit, event, (handshake) => handleUnsealed(handshake, event.payload)),
  sealBroken: (visit, event) => shake(visit, event, () => 'broken'),
  described: (visit, event) =>
    shake(visit, event, (handshake) => handleDescribed(handshake, event.description)),
  answered: (visit, event) =>
    shake(visit, event, (handshake) => handleAnswered(handshake, event.description)),
  candidateFound: (visit, event) =>
    shake(visit, event, (handshake) => handleCandidateFound(handshake, event.candidate)),
  channelOpened,
  channelMessage,
  channelClosed: (visit, event) =>
    isTalking(visit) && isCurrent(visit, event)
      ? [{ ...visit, lostAt: event.now + GOODBYE_GRACE_MS }, []]
      : [visit, []],
  pathChanged,
  peerRefused: (visit, event) => endCurrent(visit, event, 'broken'),
  peerUnavailable: (visit, event) => endCurrent(visit, event, 'failed'),
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

/** Asks for a partner; without service, `welcome` does it later. @param {Visit} visit @returns {Step} */
function find(visit) {
  const { service, wish } = visit.state
  if (service !== 'ready' || !wish) return [visit, []]
  return [visit, [{ type: 'send', message: { type: 'find', ...wish } }]]
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

/** Ends the match, if any, from our side. @param {Visit} visit @returns {Step} */
function leave(visit) {
  const { serverMatch } = visit
  /** @type {Effect[]} */
  const effects = isTalking(visit) ? [{ type: 'sendChannel', message: { k: 'bye' } }] : []
  if (visit.handshake) effects.push({ type: 'closePeer' })
  if (serverMatch) effects.push({ type: 'send', message: { type: 'leave', mid: serverMatch } })
  return [{ ...withoutPeer(visit), serverMatch: null }, effects]
}

/** @param {Visit} visit @param {'microphone' | 'camera'} device @param {boolean} on @returns {Step} */
function setDevice(visit, device, on) {
  const self = { ...visit.state.self, [device]: on }
  /** @type {Effect[]} */
  const effects = [{ type: 'setDevice', device, on }]
  if (isTalking(visit)) effects.push(tellDevices(self))
  return [withState(visit, { self }), effects]
}

/** @param {State['self']} self @returns {Effect} */
const tellDevices = (self) => ({ type: 'sendChannel', message: { k: 'devices', ...self } })

// What time does.

/** @param {Visit} visit @param {{ now: number, random: number }} event @returns {Step} */
function tick(visit, event) {
  const { now } = event
  const isDue = /** @param {number | null} time */ (time) => time !== null && now >= time
  return thenEach(
    [visit, []],
    [
      (at) => reopenWhenDue(at, now),
      (at) => (isDue(at.link.greetBy) ? giveUpSocket(at, event) : [at, []]),
      (at) => (isDue(at.connectBy) ? end(at, 'failed') : [at, []]),
      (at) => (isDue(at.lostAt) ? end(at, 'lost') : [at, []]),
      (at) => [expireTyping(at, now), []],
      (at) => (isDue(at.state.nextAt) ? next(at) : [at, []]),
    ],
  )
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
  /** @type {Effect[]} */
  const effects = [{ type: 'discard' }]
  if (state.wish) effects.push({ type: 'prepare', mode: state.wish.mode })
  return then([sooner, effects], (at) => reopenWhenDue(at, now))
}

// What the service says.

/** @param {Visit} visit @param {number} code @param {{ now: number, random: number }} event @returns {Step} */
function loseService(visit, code, event) {
  const alone = { ...disconnected(visit, code, event), serverMatch: null }
  const { phase } = alone.state
  if (phase === 'searching') return [withState(alone, { waiting: null }), []]
  // Without the partner's card nothing can come of this match any more.
  const isHopeless = phase === 'connecting' && alone.handshake?.stage !== 'done'
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
      return shake(visit, message, (handshake) =>
        handleSignal(handshake, message.seq, message.blob),
      )
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

/**
 * A match may cross our `cancel`: it is then left at once. If we search anew already, one of the old
 * mode is left as well, and the search repeated, because the service has refused it.
 * @param {Visit} visit
 * @param {Extract<ServerMessage, { type: 'matched' }>} message
 * @param {number} now
 * @returns {Step}
 */
function handleMatched(visit, { mid, role, mode, languages, interests }, now) {
  const { phase, wish } = visit.state
  if (phase !== 'searching' || wish?.mode !== mode) {
    /** @type {Step} */
    const left = [visit, [{ type: 'send', message: { type: 'leave', mid } }]]
    return phase === 'searching' ? then(left, find) : left
  }
  const matched = withState(visit, {
    ...NO_MATCH,
    phase: 'connecting',
    match: { mid, role, mode, languages, interests },
    stranger: { microphone: true, camera: mode === 'video' },
  })
  const handshake = createHandshake({ mid, role, mode, nearby: visit.nearby })
  const connecting = { serverMatch: mid, handshake, connectBy: now + CONNECT_LIMIT_MS }
  return [
    { ...matched, ...connecting, lostAt: null, talk: newTalk(now) },
    [{ type: 'introduce', mid, role, mode }],
  ]
}

/** @param {Visit} visit @param {Extract<ServerMessage, { type: 'ended' }>} message @returns {Step} */
function handleEnded(visit, { mid, reason }) {
  if (mid !== visit.serverMatch) return [visit, []]
  const alone = { ...visit, serverMatch: null }
  if (!alone.handshake) return [alone, []]
  if (reason === 'left') return end(alone, 'left')
  // The partner lost the service, not necessarily us: the path decides.
  const mayConnect = alone.handshake.stage === 'done' && alone.lostAt === null
  return mayConnect ? [alone, []] : end(alone, 'lost')
}

/** @param {Visit} visit @param {Extract<ServerMessage, { type: 'error' }>} message @returns {Step} */
function handleError(visit, { code }) {
  // All other refusals are of messages that crossed something; what they asked for is settled.
  const isRefusedWish = code === 'invalid-field' && visit.state.phase === 'searching'
  return isRefusedWish ? [withState(visit, { ...NO_MATCH, phase: 'lobby' }), []] : [visit, []]
}

// What the connection does.

/**
 * @param {Visit} visit
 * @param {{ mid: string }} event
 * @param {(handshake: import('./session-types.d.ts').Handshake) => Outcome} advance
 * @returns {Step}
 */
function shake(visit, event, advance) {
  if (!(visit.handshake && isCurrent(visit, event))) return [visit, []]
  const outcome = advance(visit.handshake)
  if (outcome === 'broken') return end(visit, 'broken')
  const [handshake, effects] = outcome
  return [{ ...visit, handshake }, effects]
}

/** @param {Visit} visit @param {{ mid: string }} event @returns {Step} */
function channelOpened(visit, event) {
  const { match, self } = visit.state
  if (!(match && isCurrent(visit, event))) return [visit, []]
  const talking = { ...withState(visit, { phase: 'talking' }), connectBy: null }
  return [talking, [tellDevices(self), { type: 'prepare', mode: match.mode }]]
}

/** @param {Visit} visit @param {Extract<Event, { type: 'channelMessage' }>} event @returns {Step} */
function channelMessage(visit, event) {
  if (!(isTalking(visit) && isCurrent(visit, event))) return [visit, []]
  const heard = hear(visit, event.text, event.now)
  return typeof heard === 'string' ? end(visit, heard) : [heard, []]
}

/** @param {Visit} visit @param {Extract<Event, { type: 'pathChanged' }>} event @returns {Step} */
function pathChanged(visit, event) {
  if (!isCurrent(visit, event)) return [visit, []]
  switch (event.path) {
    case 'up':
      return [{ ...visit, lostAt: null }, []]
    case 'interrupted':
      return [{ ...visit, lostAt: visit.lostAt ?? event.now + INTERRUPTION_LIMIT_MS }, []]
    case 'failed':
      return end(visit, isTalking(visit) ? 'lost' : 'failed')
  }
}

/** @param {Visit} visit @param {{ mid: string }} event @param {EndReason} reason @returns {Step} */
const endCurrent = (visit, event, reason) =>
  isCurrent(visit, event) ? end(visit, reason) : [visit, []]

/** The partner is gone or must go; the visitor decides what comes next. @param {Visit} visit @param {EndReason} reason @returns {Step} */
function end(visit, reason) {
  const { serverMatch, state } = visit
  const isOurs = serverMatch !== null && reason !== 'left'
  /** @type {Effect[]} */
  const effects = [{ type: 'closePeer' }]
  if (isOurs) effects.push({ type: 'send', message: { type: 'leave', mid: serverMatch } })
  if (state.wish) effects.push({ type: 'prepare', mode: state.wish.mode })
  const over = withState(withoutPeer(visit), {
    phase: 'ended',
    ended: reason,
    nextAt: null,
    strangerTyping: false,
  })
  return [{ ...over, serverMatch: isOurs ? null : serverMatch }, effects]
}

// Small things.

/** @param {Visit} visit @returns {Visit} */
function withoutPeer(visit) {
  const talk = { ...visit.talk, typingUntil: null }
  return { ...visit, talk, handshake: null, connectBy: null, lostAt: null }
}

/** @param {Visit} visit @param {Partial<State>} changes @returns {Visit} */
const withState = (visit, changes) => ({ ...visit, state: { ...visit.state, ...changes } })

/** @param {Visit} visit @returns {boolean} */
const isTalking = (visit) => visit.state.phase === 'talking'

/** @param {Visit} visit @param {{ mid: string }} event @returns {boolean} */
const isCurrent = (visit, { mid }) => visit.handshake?.mid === mid

/** @param {Step} step @param {(visit: Visit) => Step} more @returns {Step} */
function then([visit, effects], more) {
  const [after, added] = more(visit)
  return [after, [...effects, ...added]]
}

/** @param {Step} step @param {((visit: Visit) => Step)[]} mores @returns {Step} */
const thenEach = (step, mores) => mores.reduce(then, step)
