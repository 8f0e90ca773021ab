/* What goes into the session and what it wants done; the machine is session.js. */

import type { ClientMessage, PartnerConfirm, PartnerSignal, ServerMessage } from './messages.d.ts'
import type { EndReason, Mode, State, UserAction, Wish } from './types.d.ts'

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
  /** The page is going away, and may be back in a moment. */
  | { type: 'pageHidden' }
  | { type: 'linkCreated'; link: string }
  /** This page cannot make the keys that every match needs. */
  | { type: 'keysUnavailable' }
  /** The partner's first record opened: it has the keys. */
  | { type: 'recordOpened'; mid: string }
  /** Both cards are applied: the partner can be reached without the service. */
  | { type: 'cardsExchanged'; mid: string }
  | { type: 'channelOpened'; mid: string }
  | { type: 'channelMessage'; mid: string; text: string }
  | { type: 'channelClosed'; mid: string }
  | { type: 'pathChanged'; mid: string; path: 'up' | 'interrupted' | 'failed' }
  /** The code two people may read to each other is there. */
  | { type: 'codeReady'; mid: string; code: number[] }
  /** Both people said that the codes match. */
  | { type: 'codeVerified'; mid: string }
  /** This match must end: what the partner sent cannot be right, or there is no way to it. */
  | { type: 'partnerFailed'; mid: string; reason: EndReason }

/** `now` is the clock in milliseconds; `random` in [0, 1) spreads the return of many visitors. */
export type Event = Occurrence & { now: number; random: number }

export type Effect =
  | { type: 'openSocket' }
  | { type: 'closeSocket' }
  /** What carries no key; the others are `find` and `join`. All leave in the order of their effects. */
  | { type: 'send'; message: Exclude<ClientMessage, { key: string }> }
  | { type: 'find'; wish: Wish }
  | { type: 'join'; link: string }
  /** The key published last is no longer to be used: its match was left, or its connection is gone. */
  | { type: 'forgetKey' }
  /** Answers with `linkCreated`. */
  | { type: 'createLink' }
  /** The proof of role `b` that it holds the link. */
  | { type: 'confirm'; confirm: PartnerConfirm }
  /** The partner's next signal, still sealed. */
  | { type: 'signal'; signal: PartnerSignal }
  /** Have a connection ready for the next match; nothing happens if there is one. */
  | { type: 'prepare'; mode: Mode }
  /** Prepare anew what is prepared: its network is gone. */
  | { type: 'renew' }
  /** Give the prepared connection to a match; it exchanges cards by itself. */
  | {
      type: 'introduce'
      mid: string
      role: 'a' | 'b'
      mode: Mode
      /** The partner's half of the keys. */
      key: string
      /** In a private room, for role `b`: the partner's proof of the link. */
      mac: string | null
      /** Null among strangers. */
      link: string | null
    }
  | { type: 'closePeer' }
  | { type: 'sendChannel'; message: ChannelMessage }
  /** What our person says of the code. */
  | { type: 'judgeCode'; ok: boolean }
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
  /** The match the server believes we are in. */
  serverMatch: string | null
  /** The partner can be reached without the service. */
  hasCards: boolean
  talk: Talk
  /** Until when the DataChannel must be open; null outside `connecting`. */
  connectBy: number | null
  /** Until when the partner must have shown that it has the keys; null once it has. */
  silentAt: number | null
  /** When to prepare for the partner after this one; null once that is done. */
  prepareAt: number | null
  /** When an interrupted path counts as lost; null while it is up. */
  lostAt: number | null
  /** Numbers lines and reactions. */
  nextId: number
}

export type Step = [Visit, Effect[]]
