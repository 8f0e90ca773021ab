/* Types shared by core, io and ui. The shapes of wire messages are generated: messages.d.ts. */

export type Mode = 'video' | 'voice' | 'text'

/** What a visitor is looking for; becomes the `find` message. */
export interface Wish {
  mode: Mode
  hub: string
  languages: string[]
  interests: string[]
}

/** The WebSocket as the visitor needs to know it. */
export type Service =
  | 'connecting' // first connection under way
  | 'ready' // welcome received
  | 'reconnecting' // lost; a call, if any, goes on
  | 'restarting' // server said `restart`
  | 'full' // connection refused for lack of room
  | 'outdated' // close 4004: reload the page

/** lobby: choosing. searching: find sent. connecting: matched, no media/channel yet.
 *  talking: DataChannel open. ended: the partner is gone, Next or Stop are offered. */
export type Phase = 'lobby' | 'searching' | 'connecting' | 'talking' | 'ended'

/** left: partner pressed Next or Stop. lost: connection dropped. failed: never connected. broken: bad data from partner. */
export type EndReason = 'left' | 'lost' | 'failed' | 'broken'

export interface ChatLine {
  id: number
  from: 'me' | 'stranger'
  text: string
}

/** The single state the UI renders. Replaced, never mutated. */
export interface State {
  phase: Phase
  service: Service
  /** People connected, coarse; 0 = fewer than 8; null = unknown yet. */
  online: number | null
  wish: Wish | null
  /** While searching, after the server's first `waiting`. */
  waiting: {
    waiting: number
    estimate: number | null
    widened: 'nothing' | 'interests' | 'languages' | 'again'
  } | null
  match: {
    mid: string
    role: 'a' | 'b'
    mode: Mode
    languages: string[]
    interests: string[]
  } | null
  ended: EndReason | null
  /** Esc pressed: Next happens at this clock time (ms) unless undone; null = not pending. */
  nextAt: number | null
  chat: ChatLine[]
  strangerTyping: boolean
  /** What the partner says about its own devices. */
  stranger: { microphone: boolean; camera: boolean }
  /** What we send. */
  self: { microphone: boolean; camera: boolean }
  /** Last reaction received, to be animated once per id. */
  reaction: { id: number; emoji: string; from: 'me' | 'stranger' } | null
}

/** What the UI may dispatch. */
export type UserAction =
  | { type: 'prepare'; mode: Mode } // the mode's devices are open: get a connection ready
  | { type: 'start'; wish: Wish }
  | { type: 'next' } // at once
  | { type: 'nextSoon' } // Esc: arms the undo window; a second one is 'next'
  | { type: 'undoNext' }
  | { type: 'stop' } // from any phase back to lobby
  | { type: 'send'; text: string }
  | { type: 'typing' }
  | { type: 'react'; emoji: string }
  | { type: 'setMicrophone'; on: boolean }
  | { type: 'setCamera'; on: boolean }
