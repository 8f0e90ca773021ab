/* Types shared by core, io and ui. The shapes of wire messages are generated: messages.d.ts. */

export type Mode = 'video' | 'voice' | 'text'

/** What a visitor is looking for; becomes the `find` message. */
export interface Wish {
  /** In a private call, where `match.mode` is always `video`, which devices we send. */
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
export type EndReason =
  | 'left'
  | 'lost'
  | 'failed'
  | 'broken'
  // Security: media has stopped, keys are dropped, nothing is tried again by itself.
  | 'link-mismatch' // private link: wrong secret or tampered with
  | 'sealed-broken' // connection data was changed on the way
  | 'peer-silent' // no valid first record within 9 s of `matched`
  | 'identity-changed' // another certificate than the card named, at the start or later
  | 'code-broken' // the spoken code could not be built safely
  | 'no-keys' // the page is not secure, or what makes keys could not be fetched
  | 'code-different' // a person pressed "They differ"

/** A private call: who holds the link may be here. The phase is `lobby` while choosing; `searching` while
 *  alone or apart; `connecting` or `talking` while together; `ended` when full or replaced (`ended` is
 *  null then) and after a failure, with stage `apart`: nothing is tried again before another `join`. */
export interface Room {
  /** The whole link, secret included; never leaves the page but by the visitor's hand. */
  link: string
  /** choosing: mode not chosen yet. alone: waiting for the other. together: matched or in a call.
   *  apart: the other left or dropped out; we wait for the return. full: two others are there.
   *  replaced: the same tab's seat was taken from another connection. */
  stage: 'choosing' | 'alone' | 'together' | 'apart' | 'full' | 'replaced'
}

/** encrypted: nothing compared. link: both proved the link. code: both said that the codes match. */
export type Assurance = 'encrypted' | 'link' | 'code'

/** What protects the conversation; null before both keys are agreed. */
export interface Security {
  assurance: Assurance
  /** Seven numbers 0-63 for core/sas-emoji.js; null until the code is there. */
  code: number[] | null
  /** We read the first four (role a) or the last three (role b). */
  role: 'a' | 'b'
  /** Our person has pressed "They match" and waits for theirs. */
  judged: boolean
}

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
  /** Private call; null among strangers. */
  room: Room | null
  security: Security | null
  /** The address carried a link that cannot be used; shown in the lobby until something is started. */
  linkFailure: 'link-malformed' | 'version' | null
}

/** What the UI may dispatch. */
export type UserAction =
  | { type: 'prepare'; mode: Mode } // the mode's devices are open: get a connection ready
  | { type: 'start'; wish: Wish }
  /** Makes a secret and a link and shows it: phase stays 'lobby', room.stage 'choosing'. */
  | { type: 'createLink' }
  /** Enters the room of the link in `state.room` with the chosen devices; also tries again after an end. */
  | { type: 'join'; mode: Mode }
  | { type: 'judgeCode'; ok: boolean }
  | { type: 'next' } // at once
  | { type: 'nextSoon' } // Esc: arms the undo window; a second one is 'next'
  | { type: 'undoNext' }
  | { type: 'stop' } // from any phase back to lobby
  | { type: 'send'; text: string }
  | { type: 'typing' }
  | { type: 'react'; emoji: string }
  | { type: 'setMicrophone'; on: boolean }
  | { type: 'setCamera'; on: boolean }
