/**
 * The exchange of cards in one match. Both sides have made an offer beforehand and send its card. If the
 * two number their media alike, each takes the other's card as the answer to its own offer. If not, `b`
 * takes the card of `a` as an offer on a fresh connection and sends the card of its answer.
 */

import { candidateLine, isAdmissible, isCandidate, MAX_CANDIDATES } from './candidate.js'
import { describeCard, makeCard, parseCard } from './card.js'
import { MAX_SIGNALS_PER_DIRECTION } from './limits.js'
import { agree, writeDescription } from './sdp.js'
import { isObject } from './shape.js'

/** @import { Candidate, Card, Description, Media } from './card-types.d.ts' */
/** @import { Effect, Handshake, Payload } from './session-types.d.ts' */
/** @import { Mode } from './types.d.ts' */

/** @typedef {[Handshake, Effect[]] | 'broken'} Outcome 'broken': the partner's data cannot be right */

/**
 * @param {{ mid: string, role: 'a' | 'b', mode: Mode, nearby: boolean }} match
 * @returns {Handshake}
 */
export function createHandshake({ mid, role, mode, nearby }) {
  const counters = { sent: 0, received: 0, extra: 0 }
  return { mid, role, mode, nearby, own: null, other: null, stage: 'cards', ...counters }
}

/** @param {Handshake} handshake @param {Description} own @returns {Outcome} */
export function handleDescribed(handshake, own) {
  const card = makeCard(own, admits(handshake))
  const [greeted, effects] = seal({ ...handshake, own }, { k: 'card', card })
  return settle(greeted, effects)
}

/** @param {Handshake} handshake @param {Description} own @returns {Outcome} */
export function handleAnswered(handshake, own) {
  const card = makeCard(own, admits(handshake))
  return seal({ ...handshake, stage: 'done' }, { k: 'answer', card })
}

/**
 * Our own candidate. One that is found before our side is described will be in the card.
 * @param {Handshake} handshake
 * @param {Candidate} candidate
 * @returns {Outcome}
 */
export function handleCandidateFound(handshake, candidate) {
  const { own, sent } = handshake
  const isSent = own && sent < MAX_SIGNALS_PER_DIRECTION && admits(handshake)(candidate)
  return isSent ? seal(handshake, { k: 'ice', candidate }) : [handshake, []]
}

/** @param {Handshake} handshake @param {number} seq @param {string} blob @returns {Outcome} */
export function handleSignal(handshake, seq, blob) {
  // The server keeps order and loses nothing: another number means that someone meddles.
  if (seq !== handshake.received) return 'broken'
  const { mid } = handshake
  return [{ ...handshake, received: seq + 1 }, [{ type: 'unseal', mid, seq, blob }]]
}

/** @param {Handshake} handshake @param {unknown} payload @returns {Outcome} */
export function handleUnsealed(handshake, payload) {
  if (!(isObject(payload) && Object.keys(payload).length === 2)) return 'broken'
  const { k, card, candidate } = payload
  switch (k) {
    case 'card':
      return handleCard(handshake, card)
    case 'answer':
      return handleAnswer(handshake, card)
    case 'ice':
      return handleCandidate(handshake, candidate)
    default:
      return 'broken'
  }
}

/** @param {Handshake} handshake @param {unknown} value @returns {Outcome} */
function handleCard(handshake, value) {
  const other = parseCard(value, handshake.mode)
  if (!other || handshake.other) return 'broken'
  return settle({ ...handshake, other }, [])
}

/** @param {Handshake} handshake @param {unknown} value @returns {Outcome} */
function handleAnswer(handshake, value) {
  const { own, stage, role, mode } = handshake
  const card = parseCard(value, mode)
  const isExpected = own && stage === 'answering' && role === 'a'
  const media = isExpected && card && agree(own.media, card.m)
  return media ? accept(handshake, card, media, []) : 'broken'
}

/** @param {Handshake} handshake @param {unknown} value @returns {Outcome} */
function handleCandidate(handshake, value) {
  const { mid, role, other, stage, extra } = handshake
  if (!(other && isCandidate(value)) || extra >= MAX_CANDIDATES) return 'broken'
  const counted = { ...handshake, extra: extra + 1 }
  // While `a` waits for an answer, candidates still belong to the connection that `b` gave up.
  const isStale = stage === 'answering' && role === 'a'
  if (isStale || !admits(handshake)(value)) return [counted, []]
  return [counted, [{ type: 'addCandidate', mid, line: candidateLine(value) }]]
}

/** Goes on once both cards are known. @param {Handshake} handshake @param {Effect[]} effects @returns {Outcome} */
function settle(handshake, effects) {
  const { mid, role, own, other } = handshake
  if (!(own && other)) return [handshake, effects]
  const media = agree(own.media, other.m)
  if (media) return accept(handshake, other, media, effects)
  const waiting = { ...handshake, stage: /** @type {const} */ ('answering') }
  if (role === 'a') return [waiting, effects]
  const offer = describeCard(other, other.m, admits(handshake))
  const sdp = writeDescription(offer, 'active')
  return [waiting, [...effects, { type: 'answer', mid, sdp, fingerprint: offer.fingerprint }]]
}

/**
 * @param {Handshake} handshake
 * @param {Card} card
 * @param {Media[]} media
 * @param {Effect[]} effects
 * @returns {Outcome}
 */
function accept(handshake, card, media, effects) {
  const { mid, role } = handshake
  const answer = describeCard(card, media, admits(handshake))
  const sdp = writeDescription(answer, role === 'a' ? 'passive' : 'active')
  const { fingerprint } = answer
  return [{ ...handshake, stage: 'done' }, [...effects, { type: 'accept', mid, sdp, fingerprint }]]
}

/** @param {Handshake} handshake @param {Payload} payload @returns {[Handshake, Effect[]]} */
function seal(handshake, payload) {
  const { mid, sent } = handshake
  return [{ ...handshake, sent: sent + 1 }, [{ type: 'seal', mid, seq: sent, payload }]]
}

/** @param {Handshake} handshake @returns {(candidate: Candidate) => boolean} */
const admits =
  ({ nearby }) =>
  (candidate) =>
    isAdmissible(candidate, nearby)
