/**
 * The shell of one match after another: keeps a connection and a key prepared for the next one, and
 * drives the one in use.
 */

import { encodeBase64url } from '../core/base64url.js'
import { formatLink } from '../core/private-link.js'
import { Match } from './match.js'
import { Peer } from './peer.js'
import { createSecret, roomOfLink, secretOfLink } from './private-link.js'
import { createHandshake } from './sealing.js'

/** @import { ClientMessage, PartnerConfirm, PartnerSignal } from '../core/messages.d.ts' */
/** @import { ChannelMessage, Effect, Occurrence } from '../core/session-types.d.ts' */
/** @import { Mode, Wish } from '../core/types.d.ts' */
/** @import { Kind } from './peer.js' */
/** @import { Handshake } from './sealing.js' */

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
  /** Made ahead; published until a match has used it. @type {Promise<Handshake> | null} */
  #handshake = null
  /** @type {Match | null} */
  #match = null

  /** @param {PartnerOptions} options */
  constructor(options) {
    this.#options = options
  }

  /** @param {Mode} mode */
  prepare(mode) {
    this.#keys().catch(() => undefined)
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

  /** @returns {string} a link that nobody else has */
  createLink() {
    return formatLink(location.origin, createSecret())
  }

  /** @param {Wish} wish @returns {Promise<ClientMessage>} */
  async find({ mode, hub, languages, interests }) {
    const { key } = await this.#keys()
    return { type: 'find', mode, key, hub, languages, interests }
  }

  /** @param {string} link @param {string} seat @returns {Promise<ClientMessage>} */
  async join(link, seat) {
    const room = await roomOfLink(secretOfLink(link))
    const handshake = await this.#keys()
    const mac = (await handshake.hello(room)) ?? ''
    return { type: 'join', room: encodeBase64url(room.name), seat, key: handshake.key, mac }
  }

  forgetKey() {
    this.#handshake = null
  }

  /** @param {Extract<Effect, { type: 'introduce' }>} effect @returns {Promise<unknown>} settles when signals can be opened */
  introduce(effect) {
    this.prepare(effect.mode)
    const peer = /** @type {Peer} */ (this.#prepared)
    const handshake = this.#keys()
    this.#prepared = null
    this.#handshake = null
    this.#match = new Match(effect, { peer, handshake, ...this.#options })
    return this.#match.agreed
  }

  /** @param {PartnerConfirm} confirm */
  async confirm(confirm) {
    await this.#match?.confirm(confirm)
  }

  /** @param {PartnerSignal} signal */
  async signal(signal) {
    await this.#match?.signal(signal)
  }

  /** @param {ChannelMessage} message */
  sendChannel(message) {
    this.#match?.peer.send(message)
  }

  /** @param {boolean} ok */
  async judgeCode(ok) {
    await this.#match?.judgeCode(ok)
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

  /** @returns {Promise<Handshake>} rejects where the browser makes no keys: on a page without https */
  #keys() {
    this.#handshake ??= createHandshake()
    return this.#handshake
  }
}
