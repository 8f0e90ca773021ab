/**
 * The shell of one match after another: the connection prepared for the next one, the connection in
 * use, and the envelope of its signals.
 */

import { createEnvelope } from '../core/envelope.js'
import { Peer } from './peer.js'

/** @import { ClientMessage } from '../core/messages.d.ts' */
/** @import { ChannelMessage, Effect, Occurrence } from '../core/session-types.d.ts' */
/** @import { Mode } from '../core/types.d.ts' */
/** @import { Kind } from './peer.js' */

/**
 * @typedef {object} PartnerOptions
 * @property {(occurrence: Occurrence) => void} emit
 * @property {(message: ClientMessage) => void} send to the service
 * @property {(kind: Kind) => MediaStreamTrack | null} track what to send at the moment
 * @property {(stream: MediaStream | null) => void} onStream what the partner sends
 */

export class Partner {
  #options
  /** @type {Peer | null} */
  #prepared = null
  /** @type {Peer | null} */
  #peer = null
  #mid = ''
  #envelope = createEnvelope()
  /** Signals leave and are read in the order of their numbers, however long sealing takes. */
  #outgoing = Promise.resolve()
  #incoming = Promise.resolve()

  /** @param {PartnerOptions} options */
  constructor(options) {
    this.#options = options
  }

  /** @param {Mode} mode */
  prepare(mode) {
    if (this.#prepared?.mode === mode) return
    this.#prepared?.close()
    this.#prepared = this.#newPeer(mode)
  }

  /** Prepares anew what is prepared. */
  renew() {
    const mode = this.#prepared?.mode
    this.#prepared?.close()
    this.#prepared = null
    if (mode) this.prepare(mode)
  }

  /** @param {Extract<Effect, { type: 'introduce' }>} effect */
  introduce({ mid, role, mode }) {
    this.prepare(mode)
    this.#peer = this.#prepared
    this.#prepared = null
    this.#mid = mid
    this.#envelope = createEnvelope()
    this.#peer?.introduce(mid, role, this.#options.emit)
  }

  /** @param {Extract<Effect, { type: 'seal' }>} effect */
  seal({ mid, seq, payload }) {
    const envelope = this.#envelope
    this.#outgoing = this.#outgoing.then(async () => {
      const blob = await envelope.seal(seq, payload)
      if (mid === this.#mid) this.#options.send({ type: 'signal', mid, seq, blob })
    })
  }

  /** @param {Extract<Effect, { type: 'unseal' }>} effect */
  unseal({ mid, seq, blob }) {
    const envelope = this.#envelope
    this.#incoming = this.#incoming.then(async () => {
      try {
        this.#options.emit({ type: 'unsealed', mid, payload: await envelope.open(seq, blob) })
      } catch {
        this.#options.emit({ type: 'sealBroken', mid })
      }
    })
  }

  /** @param {Extract<Effect, { type: 'accept' }>} effect */
  accept({ sdp, fingerprint }) {
    this.#peer?.accept(sdp, fingerprint)
  }

  /** @param {Extract<Effect, { type: 'answer' }>} effect */
  answer({ sdp, fingerprint }) {
    this.#peer?.answer(sdp, fingerprint)
  }

  /** @param {string} line */
  addCandidate(line) {
    this.#peer?.addCandidate(line)
  }

  /** @param {ChannelMessage} message */
  sendChannel(message) {
    this.#peer?.send(message)
  }

  /** @param {Kind} kind @param {MediaStreamTrack | null} track */
  replaceTrack(kind, track) {
    this.#peer?.replaceTrack(kind, track)
  }

  close() {
    this.#peer?.close()
    this.#peer = null
    this.#mid = ''
    this.#options.onStream(null)
  }

  /** @param {Mode} mode @returns {Peer} */
  #newPeer(mode) {
    const { track, onStream } = this.#options
    /** @type {Peer} */
    const peer = new Peer({
      mode,
      track,
      onStream: (stream) => {
        if (peer === this.#peer) onStream(stream)
      },
    })
    return peer
  }
}
