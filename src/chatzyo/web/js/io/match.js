/** One match: agrees on keys, exchanges sealed cards through the service, connects, builds the code. */

import { isNearbyHost } from '../core/candidate.js'
import {
  createExchange,
  handleAnswered,
  handleCandidateFound,
  handleDescribed,
  handleUnsealed,
} from '../core/exchange.js'
import { roomOfMatch } from '../core/room.js'
import { Comparison } from './comparison.js'
import { FAREWELL_MS } from './peer.js'
import { roomOfLink, secretOfLink } from './private-link.js'

/** @import { ExchangeEffect, Payload } from '../core/card-types.d.ts' */
/** @import { Outcome } from '../core/exchange.js' */
/** @import { PartnerConfirm, PartnerSignal } from '../core/messages.d.ts' */
/** @import { Opened, Room } from '../core/sealing-types.d.ts' */
/** @import { Effect, Occurrence } from '../core/session-types.d.ts' */
/** @import { EndReason } from '../core/types.d.ts' */
/** @import { PartnerOptions } from './partner.js' */
/** @import { Fingerprints, Peer } from './peer.js' */
/** @import { Handshake, Session } from './sealing.js' */

/** A proof that cannot be right: tells the other browser that ours found its proof wrong. */
const REFUSAL = 'A'.repeat(43)

/** @typedef {Extract<Effect, { type: 'introduce' }>} Introduction */
/** @typedef {PartnerOptions & { peer: Peer, handshake: Promise<Handshake> }} MatchOptions */

export class Match {
  #match
  #options
  #exchange
  /** @type {Session | null} */
  #session = null
  /** @type {Comparison | null} */
  #comparison = null
  /** Signals leave in the order of their numbers, however long sealing takes. */
  #outgoing
  #isLastWord = false
  #farewell = Promise.resolve()
  #isOpen = true

  /** @param {Introduction} match @param {MatchOptions} options */
  constructor(match, options) {
    const { mid, role, mode } = match
    this.#match = match
    this.#options = options
    this.#exchange = createExchange({ role, mode, nearby: isNearbyHost(location.hostname) })
    this.peer = options.peer
    this.agreed = this.#guard(() => this.#agree())
    this.#outgoing = this.agreed
    options.peer.introduce(role, {
      track: options.track,
      onStream: options.onStream,
      onDescribed: (own) => this.#advance(handleDescribed(this.#exchange, own)),
      onAnswered: (own) => this.#advance(handleAnswered(this.#exchange, own)),
      onCandidate: (found) => this.#advance(handleCandidateFound(this.#exchange, found)),
      onOpen: (fingerprints) => this.#open(fingerprints),
      onMessage: (text) => this.#hear(text),
      onClosed: () => this.#emit({ type: 'channelClosed', mid }),
      onPath: (path) => this.#emit({ type: 'pathChanged', mid, path }),
      onFailed: (reason) => this.#fail(reason),
    })
  }

  /** @param {PartnerConfirm} confirm @returns {Promise<void>} */
  confirm({ mac }) {
    return this.#guard(async () => {
      const failed = await this.#session?.handleHello(mac)
      if (failed) this.#fail(failed.failure)
    })
  }

  /** @param {PartnerSignal} signal @returns {Promise<void>} */
  signal({ seq, blob }) {
    return this.#guard(async () => {
      const opened = await this.#session?.open(seq, blob)
      if (opened) this.#take(opened)
    })
  }

  /**
   * A no must reach the other person before the service tells them that we left.
   * @param {boolean} ok
   * @returns {Promise<void>} settles when it is on its way
   */
  async judgeCode(ok) {
    this.#isLastWord = !ok
    this.#comparison?.judge(ok)
    await this.#farewell
  }

  close() {
    this.#isOpen = false
    this.#session = null
    this.#comparison?.close()
    this.peer.close()
  }

  async #agree() {
    const { mid, role, key, mac, link } = this.#match
    const room = link ? await roomOfLink(secretOfLink(link)) : roomOfMatch(mid)
    if (!room) return this.#fail('sealed-broken')
    const handshake = await this.#options.handshake
    const agreed = await handshake.accept({ role, room, key, hello: mac ?? '' })
    if (!this.#isOpen) return
    if ('failure' in agreed) return this.#refuse(room, agreed.failure)
    this.#session = agreed
    if (agreed.hello) this.#options.send({ type: 'confirm', mid, mac: agreed.hello })
  }

  /** @param {Room} room @param {EndReason} failure */
  #refuse({ psk }, failure) {
    const { mid, role } = this.#match
    if (psk && role === 'b') this.#options.send({ type: 'confirm', mid, mac: REFUSAL })
    this.#fail(failure)
  }

  /** @param {Opened} opened */
  #take(opened) {
    if ('failure' in opened) return this.#fail(opened.failure)
    if ('duplicate' in opened) return
    this.#emit({ type: 'recordOpened', mid: this.#match.mid })
    this.#advance(handleUnsealed(this.#exchange, opened.payload))
  }

  /** @param {Outcome} outcome */
  #advance(outcome) {
    const { mid } = this.#match
    if (!this.#isOpen) return
    if (typeof outcome === 'string') return this.#fail(outcome)
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
        return this.#seal(effect.payload)
      case 'accept':
        return this.peer.accept(effect.sdp, effect.fingerprint)
      case 'answer':
        return this.peer.answer(effect.sdp, effect.fingerprint)
      case 'addCandidate':
        return this.peer.addCandidate(effect.line)
    }
  }

  /** @param {Payload} payload */
  #seal(payload) {
    this.#outgoing = this.#outgoing.then(async () => {
      const sealed = await this.#session?.seal(payload)
      if (sealed && this.#isOpen) {
        this.#options.send({ type: 'signal', mid: this.#match.mid, ...sealed })
      }
    })
  }

  /** The code binds both certificates and the keys; it is built before anybody asks for it. @param {Fingerprints} fingerprints */
  #open({ own, partner }) {
    const { mid, role } = this.#match
    const session = this.#session
    if (!(session && this.#isOpen)) return
    this.#emit({ type: 'channelOpened', mid })
    const [fpA, fpB] = role === 'a' ? [own, partner] : [partner, own]
    const binding = { fpA, fpB, transcript: session.transcript }
    this.#comparison = new Comparison(role, binding, {
      say: (message) => this.peer.send(message),
      onCode: (code) => this.#emit({ type: 'codeReady', mid, code }),
      onVerified: () => this.#emit({ type: 'codeVerified', mid }),
      onFailed: (failure) => {
        if (this.#isLastWord) this.#farewell = this.#bidFarewell(failure)
        else this.#fail(failure)
      },
    })
  }

  /** @param {EndReason} reason */
  async #bidFarewell(reason) {
    this.peer.close()
    await new Promise((resolve) => setTimeout(resolve, FAREWELL_MS))
    this.#fail(reason)
  }

  /** @param {string} text */
  #hear(text) {
    if (this.#comparison?.hear(text)) return
    this.#emit({ type: 'channelMessage', mid: this.#match.mid, text })
  }

  /** @param {EndReason} reason */
  #fail(reason) {
    this.#emit({ type: 'partnerFailed', mid: this.#match.mid, reason })
  }

  /** @param {Occurrence} occurrence */
  #emit(occurrence) {
    if (this.#isOpen) this.#options.emit(occurrence)
  }

  /** Whatever a stranger sent that makes us stumble was not made by our page. @param {() => Promise<void>} work */
  async #guard(work) {
    try {
      await work()
    } catch {
      this.#fail('sealed-broken')
    }
  }
}
