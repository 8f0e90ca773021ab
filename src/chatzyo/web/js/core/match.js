/**
 * One match within the visit: from `matched` through connecting to the conversation and its end. What
 * belongs to an earlier match is ignored. How cards are exchanged is none of its business: exchange.js.
 */

import { hear, newTalk } from './chat.js'
import {
  devicesOf,
  find,
  hasPartner,
  isCurrent,
  isTalking,
  NO_MATCH,
  tellDevices,
  then,
  withState,
} from './visit.js'

/** @import { ServerMessage } from './messages.d.ts' */
/** @import { Effect, Event, Step, Visit } from './session-types.d.ts' */
/** @import { EndReason } from './types.d.ts' */

/** From `matched` to an open DataChannel; a relayed path on a bad link has been seen to take 6 s. */
export const CONNECT_LIMIT_MS = 15_000

/** An interrupted path that has not come back by then seldom does. */
export const INTERRUPTION_LIMIT_MS = 5_000

/** A channel closed without goodbye: the service usually knows why within this time. */
export const GOODBYE_GRACE_MS = 1_000

/**
 * A match may cross our `cancel`: it is then left at once. If we search anew already, one of the old
 * mode is left as well, and the search repeated, because the service has refused it.
 * @param {Visit} visit
 * @param {Extract<ServerMessage, { type: 'matched' }>} message
 * @param {number} now
 * @returns {Step}
 */
export function handleMatched(visit, { mid, role, mode, languages, interests }, now) {
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
    stranger: devicesOf(mode),
  })
  const connecting = { serverMatch: mid, hasCards: false, connectBy: now + CONNECT_LIMIT_MS }
  return [
    { ...matched, ...connecting, lostAt: null, talk: newTalk(now) },
    [{ type: 'introduce', mid, role, mode }],
  ]
}

/** @param {Visit} visit @param {Extract<ServerMessage, { type: 'ended' }>} message @returns {Step} */
export function handleEnded(visit, { mid, reason }) {
  if (mid !== visit.serverMatch) return [visit, []]
  const alone = { ...visit, serverMatch: null }
  if (!hasPartner(alone)) return [alone, []]
  if (reason === 'left') return end(alone, 'left')
  // The partner lost the service, not necessarily us: the path decides.
  const mayConnect = alone.hasCards && alone.lostAt === null
  return mayConnect ? [alone, []] : end(alone, 'lost')
}

/** @param {Visit} visit @param {Extract<ServerMessage, { type: 'signal' }>} signal @returns {Step} */
export const handleSignal = (visit, signal) =>
  isCurrent(visit, signal) ? [visit, [{ type: 'signal', signal }]] : [visit, []]

/** @param {Visit} visit @param {{ mid: string }} event @returns {Step} */
export const cardsExchanged = (visit, event) =>
  isCurrent(visit, event) ? [{ ...visit, hasCards: true }, []] : [visit, []]

/** @param {Visit} visit @param {{ mid: string }} event @returns {Step} */
export function channelOpened(visit, event) {
  const { match } = visit.state
  if (!(match && isCurrent(visit, event))) return [visit, []]
  const talking = { ...withState(visit, { phase: 'talking' }), connectBy: null }
  return [talking, [tellDevices(talking), { type: 'prepare', mode: match.mode }]]
}

/** @param {Visit} visit @param {Extract<Event, { type: 'channelMessage' }>} event @returns {Step} */
export function channelMessage(visit, event) {
  if (!(isTalking(visit) && isCurrent(visit, event))) return [visit, []]
  const heard = hear(visit, event.text, event.now)
  return typeof heard === 'string' ? end(visit, heard) : [heard, []]
}

/** @param {Visit} visit @param {Extract<Event, { type: 'channelClosed' }>} event @returns {Step} */
export function channelClosed(visit, event) {
  if (!(isTalking(visit) && isCurrent(visit, event))) return [visit, []]
  return [{ ...visit, lostAt: event.now + GOODBYE_GRACE_MS }, []]
}

/** @param {Visit} visit @param {Extract<Event, { type: 'pathChanged' }>} event @returns {Step} */
export function pathChanged(visit, event) {
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
export const endCurrent = (visit, event, reason) =>
  isCurrent(visit, event) ? end(visit, reason) : [visit, []]

/** The partner is gone or must go; the visitor decides what comes next. @param {Visit} visit @param {EndReason} reason @returns {Step} */
export function end(visit, reason) {
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

/** Ends the match, if any, from our side. @param {Visit} visit @returns {Step} */
export function leave(visit) {
  const { serverMatch } = visit
  /** @type {Effect[]} */
  const effects = isTalking(visit) ? [{ type: 'sendChannel', message: { k: 'bye' } }] : []
  if (hasPartner(visit)) effects.push({ type: 'closePeer' })
  if (serverMatch) effects.push({ type: 'send', message: { type: 'leave', mid: serverMatch } })
  return [{ ...withoutPeer(visit), serverMatch: null }, effects]
}

/** @param {Visit} visit @returns {Visit} */
function withoutPeer(visit) {
  const talk = { ...visit.talk, typingUntil: null }
  return { ...visit, talk, hasCards: false, connectBy: null, lostAt: null }
}
