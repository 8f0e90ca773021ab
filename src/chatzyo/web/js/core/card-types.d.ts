/* Transport cards and what they are made from. Wire and browser meet here; see sdp.js, card.js and exchange.js. */

import type { Bytes } from './sealing-types.d.ts'
import type { Mode } from './types.d.ts'

/** One ICE candidate: UDP, component 1 (RFC 8839). */
export interface Candidate {
  foundation: string
  priority: number
  address: string
  port: number
  type: 'host' | 'srflx' | 'relay'
}

/** One RTP payload format of a media section. */
export interface Codec {
  pt: number
  name: string
  rate: number
  channels: number
  /** The parameters of `a=fmtp`, or empty. */
  format: string
  feedback: string[]
}

export interface Stream {
  kind: 'audio' | 'video'
  mid: string
  codecs: Codec[]
  /** Extension identifiers by the names of sdp.js. */
  extensions: Record<string, number>
  /** The stream's source and that of its retransmissions. */
  ssrcs: number[]
}

/** The section that carries DataChannels; `size` is the largest message it takes. */
export interface Application {
  kind: 'application'
  mid: string
  size: number
}

export type Media = Stream | Application

/** One side of a connection, read from its browser or made from its card. */
export interface Description {
  ufrag: string
  pwd: string
  /** SHA-256 of the certificate. */
  fingerprint: Bytes
  candidates: Candidate[]
  media: Media[]
}

/** A transport card as it crosses the wire: version, ufrag, password, fingerprint, candidates, media. */
export interface Card {
  v: 1
  u: string
  p: string
  f: string
  c: Candidate[]
  m: Media[]
}

/** What partners tell each other through the server, before it is sealed. */
export type Payload =
  | { k: 'card'; card: Card }
  /** The card of a connection that took the other card as an offer. */
  | { k: 'answer'; card: Card }
  /** A candidate found after the card was sent. */
  | { k: 'ice'; candidate: Candidate }

/** The exchange of cards in one match. */
export interface Exchange {
  role: 'a' | 'b'
  mode: Mode
  /** The page was loaded from this machine or a private network. */
  nearby: boolean
  own: Description | null
  other: Card | null
  /** cards: not both known. answering: waits for an answer, ours or theirs. done: applied. */
  stage: 'cards' | 'answering' | 'done'
  /** Records sent so far. */
  sent: number
  /** Candidates received besides those in cards. */
  extra: number
}

export type ExchangeEffect =
  /** To be sealed in this order. */
  | { type: 'seal'; payload: Payload }
  /** The remote side of our offer, made from the partner's card. */
  | { type: 'accept'; sdp: string; fingerprint: Bytes }
  /** The partner's offer, made from its card. */
  | { type: 'answer'; sdp: string; fingerprint: Bytes }
  | { type: 'addCandidate'; line: string }
