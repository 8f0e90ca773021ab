/**
 * One match within the visit: from `matched` through connecting to the conversation and its end. What
 * belongs to an earlier match is ignored. How cards are exchanged is none of its business: exchange.js.
 */

import { protect } from './assurance.js'
import { hear, newTalk } from './chat.js'
import { awaitReturn } from './private-room.js'
import {
  devicesOf,
  find,
  hasPartner,
  isCurrent,
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
/** @import { EndReason } from './types.d.ts' */

/** From `matched` to an open DataChannel; a relayed path on a bad link has been seen to take 6 s. */
export const CONNECT_LIMIT_MS = 15_000

/** From `matched` to the first record that opens: a few round trips of a bad mobile link. */
export const SILENCE_LIMIT_MS = 9_000

/** Preparing the next connection must not slow down the first pictures of this one. */
export const PREPARE_AFTER_MS = 2_000

/** An interrupted path that has not come back by then seldom does. */
export const INTERRUPTION_LIMIT_MS = 5_000

/** A channel closed without goodbye: the service usually knows why within this time. */
export const GOODBYE_GRACE_MS = 1_000

/**
 * @param {Visit} visit
 * @param {Extract<ServerMessage, { type: 'matched' }>} message
 * @param {number} now
 * @returns {Step}
 */
export function handleMatched(visit, message, now) {
  const { phase, wish, room, chat } = visit.state
  const { mid, role, mode, languages, interests, key, mac } = message
  const isWanted = room !== null || wish?.mode === mode
  if (phase !== 'searching' || !isWanted) return decline(visit, mid)
  const matched = withState(visit, {
    ...NO_MATCH,
    chat: room ? chat : [],
    room: room && { ...room, stage: 'together' },
    phase: 'connecting',
    match: { mid, role, mode, languages, interests },
    stranger: devicesOf(mode),
  })
  const deadlines = { connectBy: now + CONNECT_LIMIT_MS, silentAt: now + SILENCE_LIMIT_MS }
  const connecting = { serverMatch: mid, hasCards: false, lostAt: null, talk: newTalk(now) }
  const link = room?.link ?? null
  return [
    { ...matched, ...connecting, ...deadlines },
    [{ type: 'introduce', mid, role, mode, key, mac: mac ?? null, link }],
  ]
}

/**
 * A match may cross our `cancel`: it is then left at once. If we search anew already, one of the old
 * mode is left as well, and the search repeated, because the service has refused it. A key that such a
 * partner has seen is not published again.
 * @param {Visit} visit
 * @param {string} mid
 * @returns {Step}
 */
function decline(visit, mid) {
  /** @type {Effect[]} */
  const effects = [{ type: 'send', message: { type: 'leave', mid } }, { type: 'forgetKey' }]
  return visit.state.phase === 'searching' ? then([visit, effects], find) : [visit, effects]
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

/** @param {Visit} visit @param {Extract<ServerMessage, { type: 'confirm' }>} confirm @returns {Step} */
export const handleConfirm = (visit, confirm) =>
  isCurrent(visit, confirm) ? [visit, [{ type: 'confirm', confirm }]] : [visit, []]

/** @param {Visit} visit @param {{ mid: string }} event @returns {Step} */
export const recordOpened = (visit, event) =>
  isCurrent(visit, event) ? [{ ...visit, silentAt: null }, []] : [visit, []]

/** @param {Visit} visit @param {{ mid: string }} event @returns {Step} */
export const cardsExchanged = (visit, event) =>
  isCurrent(visit, event) ? [{ ...visit, hasCards: true }, []] : [visit, []]

/** @param {Visit} visit @param {{ mid: string, now: number }} event @returns {Step} */
export function channelOpened(visit, event) {
  const { match } = visit.state
  if (!(match && isCurrent(visit, event))) return [visit, []]
  const prepareAt = event.now + PREPARE_AFTER_MS
  const talking = { ...protect(visit, match.role), connectBy: null, prepareAt }
  return [talking, [tellDevices(talking)]]
}

/** Has a connection ready for the partner after this one. @param {Visit} visit @returns {Step} */
export function prepareNext(visit) {
  const { match } = visit.state
  return [{ ...visit, prepareAt: null }, match ? [prepare(visit, match.mode)] : []]
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

/**
 * The partner is gone or must go. The visitor decides what comes next; only in a private room are those
 * who went away waited for.
 * @param {Visit} visit
 * @param {EndReason} reason
 * @returns {Step}
 */
export function end(visit, reason) {
  const { serverMatch, state } = visit
  const { room, wish } = state
  // A goodbye on the DataChannel is ahead of the service, which must know before we join again.
  const isOurs = serverMatch !== null && (reason !== 'left' || room !== null)
  /** @type {Effect[]} */
  const effects = [{ type: 'closePeer' }]
  if (isOurs) effects.push({ type: 'send', message: { type: 'leave', mid: serverMatch } })
  const alone = { ...withoutPeer(visit), serverMatch: isOurs ? null : serverMatch }
  const mayReturn = reason === 'left' || reason === 'lost'
  if (room && mayReturn) return then([alone, effects], awaitReturn)
  if (wish) effects.push(prepare(visit, wish.mode))
  const over = withState(alone, {
    phase: 'ended',
    ended: reason,
    nextAt: null,
    strangerTyping: false,
    room: room && { ...room, stage: 'apart' },
    security: null,
  })
  return [over, effects]
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
  return { ...visit, talk, hasCards: false, ...NO_DEADLINES }
}
