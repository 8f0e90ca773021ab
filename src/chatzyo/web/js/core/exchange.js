/**
 * The exchange of cards in one match. Both sides have made an offer beforehand and send its card. If the
 * two number their media alike, each takes the other's card as the answer to its own offer. If not, `b`
 * takes the card of `a` as an offer on a fresh connection and sends the card of its answer. The DTLS
 * client is who is likely to be ready last: what it says before the other is ready costs a repetition.
 */

import { candidateLine, isAdmissible, isCandidate, MAX_CANDIDATES } from './candidate.js'
import { describeCard, makeCard, parseCard } from './card.js'
import { MAX_SIGNALS_PER_DIRECTION } from './limits.js'
import { agree, writeDescription } from './sdp.js'
import { isObject } from './shape.js'

/** @import { Candidate, Card, Description, Exchange, ExchangeEffect, Media, Payload } from './card-types.d.ts' */
/** @import { Mode } from './types.d.ts' */

/**
 * 'broken': the partner's data cannot be right. 'identity-changed': it names a second certificate.
 * @typedef {[Exchange, ExchangeEffect[]] | 'broken' | 'identity-changed'} Outcome
 */

/**
 * @param {{ role: 'a' | 'b', mode: Mode, nearby: boolean }} match
 * @returns {Exchange}
 */
export function createExchange({ role, mode, nearby }) {
  const counters = { sent: 0, extra: 0 }
  return { role, mode, nearby, own: null, other: null, stage: 'cards', ...counters }
}

/** @param {Exchange} exchange @param {Description} own @returns {Outcome} */
export function handleDescribed(exchange, own) {
  const card = makeCard(own, admits(exchange))
  const [greeted, effects] = seal({ ...exchange, own }, { k: 'card', card })
  return settle(greeted, effects)
}

/** @param {Exchange} exchange @param {Description} own @returns {Outcome} */
export function handleAnswered(exchange, own) {
  const card = makeCard(own, admits(exchange))
  return seal({ ...exchange, stage: 'done' }, { k: 'answer', card })
}

/**
 * Our own candidate. One that is found before our side is described will be in the card.
 * @param {Exchange} exchange
 * @param {Candidate} candidate
 * @returns {Outcome}
 */
export function handleCandidateFound(exchange, candidate) {
  const { own, sent } = exchange
  const isSent = own && sent < MAX_SIGNALS_PER_DIRECTION && admits(exchange)(candidate)
  return isSent ? seal(exchange, { k: 'ice', candidate }) : [exchange, []]
}

/** What the partner said, as it came out of the seal. @param {Exchange} exchange @param {unknown} payload @returns {Outcome} */
export function handleUnsealed(exchange, payload) {
  if (!(isObject(payload) && Object.keys(payload).length === 2)) return 'broken'
  const { k, card, candidate } = payload
  switch (k) {
    case 'card':
      return handleCard(exchange, card)
    case 'answer':
      return handleAnswer(exchange, card)
    case 'ice':
      return handleCandidate(exchange, candidate)
    default:
      return 'broken'
  }
}

/** @param {Exchange} exchange @param {unknown} value @returns {Outcome} */
function handleCard(exchange, value) {
  const other = parseCard(value, exchange.mode)
  if (!other || exchange.other) return refusal(exchange, other)
  return settle({ ...exchange, other }, [])
}

/** @param {Exchange} exchange @param {unknown} value @returns {Outcome} */
function handleAnswer(exchange, value) {
  const { own, stage, role, mode } = exchange
  const card = parseCard(value, mode)
  const isExpected = own && stage === 'answering' && role === 'a'
  const isSamePerson = card?.f === exchange.other?.f
  const media = isExpected && isSamePerson && card && agree(own.media, card.m)
  if (!media) return refusal(exchange, card)
  return accept(exchange, card, media, 'passive')
}

/** A certificate is named once for the whole connection. @param {Exchange} exchange @param {Card | null} card @returns {Outcome} */
const refusal = ({ other }, card) =>
  card && other && card.f !== other.f ? 'identity-changed' : 'broken'

/** @param {Exchange} exchange @param {unknown} value @returns {Outcome} */
function handleCandidate(exchange, value) {
  const { role, other, stage, extra } = exchange
  if (!(other && isCandidate(value)) || extra >= MAX_CANDIDATES) return 'broken'
  const counted = { ...exchange, extra: extra + 1 }
  // While `a` waits for an answer, candidates still belong to the connection that `b` gave up.
  const isStale = stage === 'answering' && role === 'a'
  if (isStale || !admits(exchange)(value)) return [counted, []]
  return [counted, [{ type: 'addCandidate', line: candidateLine(value) }]]
}

/** Goes on once both cards are known. @param {Exchange} exchange @param {ExchangeEffect[]} effects @returns {Outcome} */
function settle(exchange, effects) {
  const { role, own, other } = exchange
  if (!(own && other)) return [exchange, effects]
  const media = agree(own.media, other.m)
  if (media) {
    const [agreed, accepting] = accept(exchange, other, media, role === 'a' ? 'active' : 'passive')
    return [agreed, [...effects, ...accepting]]
  }
  const waiting = { ...exchange, stage: /** @type {const} */ ('answering') }
  if (role === 'a') return [waiting, effects]
  const offer = describeCard(other, other.m, admits(exchange))
  const sdp = writeDescription(offer, 'active')
  return [waiting, [...effects, { type: 'answer', sdp, fingerprint: offer.fingerprint }]]
}

/**
 * @param {Exchange} exchange
 * @param {Card} card
 * @param {Media[]} media
 * @param {'active' | 'passive'} setup the DTLS side of the partner
 * @returns {[Exchange, ExchangeEffect[]]}
 */
function accept(exchange, card, media, setup) {
  const answer = describeCard(card, media, admits(exchange))
  const sdp = writeDescription(answer, setup)
  const { fingerprint } = answer
  return [{ ...exchange, stage: 'done' }, [{ type: 'accept', sdp, fingerprint }]]
}

/** @param {Exchange} exchange @param {Payload} payload @returns {[Exchange, ExchangeEffect[]]} */
function seal(exchange, payload) {
  const { sent } = exchange
  return [{ ...exchange, sent: sent + 1 }, [{ type: 'seal', payload }]]
}

/** @param {Exchange} exchange @returns {(candidate: Candidate) => boolean} */
const admits =
  ({ nearby }) =>
  (candidate) =>
    isAdmissible(candidate, nearby)
