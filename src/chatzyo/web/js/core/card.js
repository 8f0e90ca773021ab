/**
 * Transport cards: everything one browser must know to connect to another, as plain values.
 * A received card is a stranger's input: exactly the known fields, every token on an allow-list.
 */

import { decodeBase64url, encodeBase64url } from './base64url.js'
import { isCandidate, MAX_CANDIDATES } from './candidate.js'
import { EXTENSIONS, FEEDBACK } from './sdp.js'
import { dictionary, integer, list, object, oneOf, text } from './shape.js'

/** @import { Candidate, Card, Description, Media } from './card-types.d.ts' */
/** @import { Bytes } from './sealing-types.d.ts' */
/** @import { Mode } from './types.d.ts' */

export const CARD_VERSION = 1

/** A video card of today's browsers has under 3,000 bytes; the rest is room for 16 long candidates. */
export const MAX_CARD_BYTES = 8 * 1024

const KINDS = /** @type {const} */ ({
  video: ['audio', 'video', 'application'],
  voice: ['audio', 'application'],
  text: ['application'],
})

const isParameter = '[A-Za-z0-9-]{1,32}=[A-Za-z0-9.-]{1,32}'
const isMid = text(/^[A-Za-z0-9]{1,8}$/)

const isCodec = object({
  // RFC 3551 section 6: dynamic numbers, and those that are free when RTCP shares the port.
  pt: (value) => integer(35, 63)(value) || integer(96, 127)(value),
  name: oneOf(['opus', 'VP8', 'VP9', 'H264', 'AV1', 'rtx']),
  rate: oneOf([48000, 90000]),
  channels: oneOf([1, 2]),
  format: text(new RegExp(`^(?:${isParameter}(?:;${isParameter}){0,9})?$`)),
  feedback: list(oneOf(FEEDBACK), 0, FEEDBACK.length),
})

const isSsrc = integer(1, 2 ** 32 - 1)

/** @param {string} kind */
const isStream = (kind) =>
  object({
    kind: oneOf([kind]),
    mid: isMid,
    codecs: list(isCodec, 1, 12),
    extensions: dictionary(oneOf(Object.keys(EXTENSIONS)), integer(1, 14), 8),
    ssrcs: list(isSsrc, 0, 2),
  })

const isMedia = {
  audio: isStream('audio'),
  video: isStream('video'),
  application: object({
    kind: oneOf(['application']),
    mid: isMid,
    size: integer(1024, 2 ** 31 - 1),
  }),
}

const isCard = object({
  v: oneOf([CARD_VERSION]),
  u: text(/^[A-Za-z0-9+/]{4,256}$/),
  p: text(/^[A-Za-z0-9+/]{22,256}$/),
  f: (value) => typeof value === 'string' && decodeBase64url(value)?.length === 32,
  c: list(isCandidate, 0, MAX_CANDIDATES),
  m: list((value) => Object.values(isMedia).some((check) => check(value)), 1, 3),
})

/**
 * @param {Description} description our own, as read from the browser
 * @param {(candidate: Candidate) => boolean} admits
 * @returns {Card}
 */
export function makeCard(description, admits) {
  const { ufrag, pwd, fingerprint, candidates, media } = description
  const sent = candidates.filter(admits).slice(0, MAX_CANDIDATES)
  return { v: CARD_VERSION, u: ufrag, p: pwd, f: encodeBase64url(fingerprint), c: sent, m: media }
}

/**
 * @param {unknown} value
 * @param {Mode} mode of the match: it decides which media there are, and in which order
 * @returns {Card | null}
 */
export function parseCard(value, mode) {
  if (!isCard(value)) return null
  const card = /** @type {Card} */ (value)
  const kinds = card.m.map(({ kind }) => kind)
  const isComplete = kinds.join() === KINDS[mode].join() && isUnambiguous(card.m)
  return isComplete ? card : null
}

/** @param {Media[]} media @returns {boolean} no name or number is used twice where it must be unique */
function isUnambiguous(media) {
  const streams = media.flatMap((section) => (section.kind === 'application' ? [] : [section]))
  /** @type {(string | number)[][]} */
  const uniques = [
    media.map(({ mid }) => mid),
    streams.flatMap(({ codecs }) => codecs.map(({ pt }) => pt)),
    streams.flatMap(({ ssrcs }) => ssrcs),
    ...streams.map(({ extensions }) => Object.values(extensions)),
  ]
  return uniques.every((names) => new Set(names).size === names.length)
}

/**
 * The other side of the connection as a description to be written for our browser.
 * @param {Card} card
 * @param {Media[]} media
 * @param {(candidate: Candidate) => boolean} admits
 * @returns {Description}
 */
export function describeCard({ u, p, f, c }, media, admits) {
  const fingerprint = /** @type {Bytes} */ (decodeBase64url(f))
  return { ufrag: u, pwd: p, fingerprint, candidates: c.filter(admits), media }
}
