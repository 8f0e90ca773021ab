/* Transport cards and what they are made from. Wire and browser meet here; see sdp.js and card.js. */

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
  fingerprint: Uint8Array
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
