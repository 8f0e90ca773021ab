/**
 * The shell of one match after another: keeps a connection prepared for the next one, exchanges cards
 * with the partner through the service, and drives the connection in use.
 */

import { isNearbyHost } from '../core/candidate.js'
import { createEnvelope } from '../core/envelope.js'
import {
  createExchange,
  handleAnswered,
  handleCandidateFound,
  handleDescribed,
  handleSignal,
  handleUnsealed,
} from '../core/exchange.js'
import { Peer } from './peer.js'

/** @import { ExchangeEffect } from '../core/card-types.d.ts' */
/** @import { Envelope } from '../core/envelope.js' */
/** @import { Outcome } from '../core/exchange.js' */
/** @import { ClientMessage, PartnerSignal } from '../core/messages.d.ts' */
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
  /** @type {Match | null} */
  #match = null

  /** @param {PartnerOptions} options */
  constructor(options) {
    this.#options = options
  }

  /** @param {Mode} mode */
  prepare(mode) {
    if (this.#prepared?.mode === mode) return
    this.#prepared?.close()
    this.#prepared = new Peer(mode)
  }

  /** Prepares anew what is prepared. */
  renew() {
    const mode = this.#prepared?.mode
    this.#prepared?.close()
    this.#prepared = null
    if (mode) this.prepare(mode)
  }

  /** @param {Extract<Effect, { type: 'introduce' }>} effect */
  introduce(effect) {
    this.prepare(effect.mode)
    const peer = /** @type {Peer} */ (this.#prepared)
    this.#prepared = null
    this.#match = new Match(effect, peer, this.#options)
  }

  /** @param {PartnerSignal} signal */
  signal(signal) {
    this.#match?.signal(signal)
  }

  /** @param {ChannelMessage} message */
  sendChannel(message) {
    this.#match?.peer.send(message)
  }

  /** @param {Kind} kind @param {MediaStreamTrack | null} track */
  replaceTrack(kind, track) {
    this.#match?.peer.replaceTrack(kind, track)
  }

  close() {
    this.#match?.close()
    this.#match = null
    this.#options.onStream(null)
  }
}

/** One match: its exchange of cards, the envelope of its signals and its connection. */
class Match {
  #mid
  #options
  #exchange
  /** @type {Envelope} */
  #envelope = createEnvelope()
  /** Signals leave and are read in the order of their numbers, however long sealing takes. */
  #outgoing = Promise.resolve()
  #incoming = Promise.resolve()
  #isOpen = true

  /**
   * @param {Extract<Effect, { type: 'introduce' }>} effect
   * @param {Peer} peer
   * @param {PartnerOptions} options
   */
  constructor({ mid, role, mode }, peer, options) {
    this.#mid = mid
    this.#options = options
    this.#exchange = createExchange({ role, mode, nearby: isNearbyHost(location.hostname) })
    this.peer = peer
    peer.introduce(role, {
      track: options.track,
      onStream: options.onStream,
      onDescribed: (own) => this.#advance(handleDescribed(this.#exchange, own)),
      onAnswered: (own) => this.#advance(handleAnswered(this.#exchange, own)),
      onCandidate: (found) => this.#advance(handleCandidateFound(this.#exchange, found)),
      onOpen: () => this.#emit({ type: 'channelOpened', mid }),
      onMessage: (text) => this.#emit({ type: 'channelMessage', mid, text }),
      onClosed: () => this.#emit({ type: 'channelClosed', mid }),
      onPath: (path) => this.#emit({ type: 'pathChanged', mid, path }),
      onBroken: () => this.#emit({ type: 'partnerBroken', mid }),
      onUnavailable: () => this.#emit({ type: 'partnerUnavailable', mid }),
    })
  }

  /** @param {PartnerSignal} signal */
  signal({ seq, blob }) {
    this.#advance(handleSignal(this.#exchange, seq, blob))
  }

  close() {
    this.#isOpen = false
    this.peer.close()
  }

  /** @param {Occurrence} occurrence */
  #emit(occurrence) {
    if (this.#isOpen) this.#options.emit(occurrence)
  }

  /** @param {Outcome} outcome */
  #advance(outcome) {
    const mid = this.#mid
    if (!this.#isOpen) return
    if (outcome === 'broken') return this.#emit({ type: 'partnerBroken', mid })
    const wasDone = this.#exchange.stage === 'done'
    const [exchange, effects] = outcome
    this.#exchange = exchange
    for (const effect of effects) this.#perform(effect)
    if (exchange.stage === 'done' && !wasDone) this.#emit({ type: 'cardsExchanged', mid })
  }

  /** @param {ExchangeEffect} effect */
  #perform(effect) {
    switch (effect.type) {
      case 'seal':
        return this.#seal(effect)
      case 'unseal':
        return this.#unseal(effect)
      case 'accept':
        return this.peer.accept(effect.sdp, effect.fingerprint)
      case 'answer':
        return this.peer.answer(effect.sdp, effect.fingerprint)
      case 'addCandidate':
        return this.peer.addCandidate(effect.line)
    }
  }

  /** @param {Extract<ExchangeEffect, { type: 'seal' }>} effect */
  #seal({ seq, payload }) {
    this.#outgoing = this.#outgoing.then(async () => {
      const blob = await this.#envelope.seal(seq, payload)
      if (this.#isOpen) this.#options.send({ type: 'signal', mid: this.#mid, seq, blob })
    })
  }

  /** @param {Extract<ExchangeEffect, { type: 'unseal' }>} effect */
  #unseal({ seq, blob }) {
    this.#incoming = this.#incoming.then(async () => {
      try {
        const payload = await this.#envelope.open(seq, blob)
        this.#advance(handleUnsealed(this.#exchange, payload))
      } catch {
        this.#emit({ type: 'partnerBroken', mid: this.#mid })
      }
    })
  }
}
