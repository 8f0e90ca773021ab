/* What goes into the session and what it wants done; the machine is session.js. */

import type { Candidate, Card, Description } from './card-types.d.ts'
import type { ClientMessage, ServerMessage } from './messages.d.ts'
import type { Mode, State, UserAction } from './types.d.ts'

/** What partners tell each other through the server, before it is sealed. */
export type Payload =
  | { k: 'card'; card: Card }
  /** The card of a connection that took the other card as an offer. */
  | { k: 'answer'; card: Card }
  /** A candidate found after the card was sent. */
  | { k: 'ice'; candidate: Candidate }

/** What partners tell each other over the DataChannel. */
export type ChannelMessage =
  | { k: 'text'; text: string }
  | { k: 'typing' }
  | { k: 'reaction'; emoji: string }
  | { k: 'devices'; microphone: boolean; camera: boolean }
  | { k: 'bye' }

/** Everything that happens. `mid` names the match it belongs to: what is late is ignored. */
export type Occurrence =
  | UserAction
  | { type: 'tick' }
  /** The browser says that the network is back or has changed. */
  | { type: 'networkChanged' }
  | { type: 'socketOpened' }
  | { type: 'socketClosed'; code: number }
  | { type: 'message'; message: ServerMessage }
  /** A blob of the partner was opened; `payload` is whatever was inside. */
  | { type: 'unsealed'; mid: string; payload: unknown }
  | { type: 'sealBroken'; mid: string }
  /** Our side of the connection, as prepared. */
  | { type: 'described'; mid: string; description: Description }
  /** Our side of a connection that answers the partner's card. */
  | { type: 'answered'; mid: string; description: Description }
  | { type: 'candidateFound'; mid: string; candidate: Candidate }
  | { type: 'channelOpened'; mid: string }
  | { type: 'channelMessage'; mid: string; text: string }
  | { type: 'channelClosed'; mid: string }
  | { type: 'pathChanged'; mid: string; path: 'up' | 'interrupted' | 'failed' }
  /** The browser refused the partner's description or saw another certificate. */
  | { type: 'peerRefused'; mid: string }
  /** The browser could not make a connection at all. */
  | { type: 'peerUnavailable'; mid: string }

/** `now` is the clock in milliseconds; `random` in [0, 1) spreads the return of many visitors. */
export type Event = Occurrence & { now: number; random: number }

export type Effect =
  | { type: 'openSocket' }
  | { type: 'closeSocket' }
  | { type: 'send'; message: ClientMessage }
  | { type: 'seal'; mid: string; seq: number; payload: Payload }
  | { type: 'unseal'; mid: string; seq: number; blob: string }
  /** Have a connection ready for the next match; nothing happens if there is one. */
  | { type: 'prepare'; mode: Mode }
  /** Prepare anew what is prepared: its network is gone. */
  | { type: 'renew' }
  /** Give the prepared connection to a match; answers with `described`. */
  | { type: 'introduce'; mid: string; role: 'a' | 'b'; mode: Mode }
  /** The remote side of our offer, made from the partner's card. */
  | { type: 'accept'; mid: string; sdp: string; fingerprint: Uint8Array }
  /** The partner's offer, made from its card; answers with `answered`. */
  | { type: 'answer'; mid: string; sdp: string; fingerprint: Uint8Array }
  | { type: 'addCandidate'; mid: string; line: string }
  | { type: 'closePeer' }
  | { type: 'sendChannel'; message: ChannelMessage }
  | { type: 'setDevice'; device: 'microphone' | 'camera'; on: boolean }

/** The connection to the service. */
export interface Link {
  /** Closed sockets since the last welcome. */
  failures: number
  /** When to open the next socket; null while one is open or opening. */
  openAt: number | null
  /** Until when the socket must have brought a welcome; null once it has. */
  greetBy: number | null
}

/** The exchange of cards in one match. */
export interface Handshake {
  mid: string
  role: 'a' | 'b'
  mode: Mode
  /** The page was loaded from this machine or a private network. */
  nearby: boolean
  own: Description | null
  other: Card | null
  /** cards: not both known. answering: waits for an answer, ours or theirs. done: applied. */
  stage: 'cards' | 'answering' | 'done'
  /** Signals sent and received so far, which is also the next number in each direction. */
  sent: number
  received: number
  /** Candidates received besides those in cards. */
  extra: number
}

/** What the chat remembers beyond what is shown. */
export interface Talk {
  /** Last time the partner was told that we type; null: not yet. */
  typingSentAt: number | null
  /** When the partner's typing notice expires; null: none. */
  typingUntil: number | null
  /** Messages the partner may still send at `allowanceAt`. */
  allowance: number
  allowanceAt: number
}

/** The whole visit. `state` is what the page shows. */
export interface Visit {
  state: State
  link: Link
  /** Whether the page was loaded from this machine or a private network. */
  nearby: boolean
  /** The match the server believes we are in. */
  serverMatch: string | null
  handshake: Handshake | null
  talk: Talk
  /** Until when the DataChannel must be open; null outside `connecting`. */
  connectBy: number | null
  /** When an interrupted path counts as lost; null while it is up. */
  lostAt: number | null
  /** Numbers lines and reactions. */
  nextId: number
}

export type Step = [Visit, Effect[]]
