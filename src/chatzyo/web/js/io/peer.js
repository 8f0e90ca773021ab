/**
 * One partner's RTCPeerConnection, from preparation to close. It is prepared with a certificate of its
 * own and without tracks; a match gives it the tracks and the partner's description.
 */

import { isSame } from '../core/bytes.js'
import { parseCandidate } from '../core/candidate.js'
import { encodeMessage } from '../core/chat.js'
import { wantedCodecs } from '../core/codec.js'
import { fingerprintBytes, parseDescription, withControlledRole } from '../core/sdp.js'

/** @import { Candidate, Description } from '../core/card-types.d.ts' */
/** @import { SasMessage } from '../core/sas-types.d.ts' */
/** @import { Bytes } from '../core/sealing-types.d.ts' */
/** @import { ChannelMessage } from '../core/session-types.d.ts' */
/** @import { EndReason, Mode } from '../core/types.d.ts' */

/** @typedef {'audio' | 'video'} Kind */

/** @typedef {{ own: Bytes, partner: Bytes }} Fingerprints SHA-256 of the certificates at both ends */

/**
 * What a match gives its connection and wants to know of it.
 * @typedef {object} PeerEvents
 * @property {(kind: Kind) => MediaStreamTrack | null} track what to send at the moment
 * @property {(stream: MediaStream) => void} onStream what the partner sends
 * @property {(own: Description) => void} onDescribed our side, as prepared
 * @property {(own: Description) => void} onAnswered our side of a connection that answers
 * @property {(candidate: Candidate) => void} onCandidate
 * @property {(fingerprints: Fingerprints) => void} onOpen the DataChannel, after the partner's certificate was checked
 * @property {(text: string) => void} onMessage
 * @property {() => void} onClosed the DataChannel
 * @property {(path: 'up' | 'interrupted' | 'failed') => void} onPath
 * @property {(reason: EndReason) => void} onFailed the partner's data was refused, or nothing can be made here
 */

/** Time for the goodbye to leave: closing a connection drops what it still holds. */
export const FAREWELL_MS = 200

/** After a description was taken: the first picture is usually there by then. */
const PICTURE_PATIENCE_MS = 1_000

/** @type {Record<Mode, Kind[]>} the fixed order of media sections; the DataChannels' comes last */
const KINDS = { video: ['audio', 'video'], voice: ['audio'], text: [] }

/** @type {RTCConfiguration} */
const CONFIGURATION = { bundlePolicy: 'max-bundle' }

export class Peer {
  mode
  /** @type {PeerEvents | null} */
  #events = null
  /** @type {RTCPeerConnection | null} */
  #connection = null
  /** @type {RTCDataChannel | null} */
  #channel = null
  /** @type {RTCCertificate[]} */
  #certificates = []
  /** @type {RTCSessionDescriptionInit} */
  #offer = { type: 'offer' }
  /** The browser took the mark that leaves control of ICE to the partner. */
  #isControlled = false
  /** The partner's, as its card named it. @type {Bytes | null} */
  #fingerprint = null
  #isClosed = false
  /** Operations run one after another, as RFC 8829 section 4.1 demands of candidates. */
  #queue

  /** Starts to prepare at once. @param {Mode} mode */
  constructor(mode) {
    this.mode = mode
    this.#queue = this.#prepare()
    this.#queue.catch(() => undefined)
  }

  /**
   * Gives the connection to a match.
   * @param {'a' | 'b'} role
   * @param {PeerEvents} events
   */
  introduce(role, events) {
    this.#events = events
    this.#queue = this.#queue.catch(() => this.#events?.onFailed('failed'))
    this.#run(async (connection) => {
      const description = parseDescription(connection.localDescription?.sdp ?? '')
      if (!description) return this.#events?.onFailed('failed')
      this.#events?.onDescribed(description)
      // `b` stays controlled, `a` takes control, while the cards travel. Firefox must not be told again:
      // it would gather anew, and the candidates in the card would lead nowhere.
      const takesControl = role === 'a' && this.#isControlled
      if (takesControl) await connection.setLocalDescription(this.#offer)
    })
  }

  /** Takes the partner's description as the answer to our offer. @param {string} sdp @param {Bytes} fingerprint */
  accept(sdp, fingerprint) {
    this.#run(async (connection) => {
      this.#fingerprint = fingerprint
      await connection.setRemoteDescription({ type: 'answer', sdp })
      await this.#attachTracks(connection)
      this.#showStream(connection)
    })
  }

  /**
   * Takes the partner's description as an offer, on a fresh connection: the prepared one has made an
   * offer of its own with other numbers, and rolling it back would leave its media sections behind.
   * @param {string} sdp
   * @param {Bytes} fingerprint
   */
  answer(sdp, fingerprint) {
    this.#run(async (prepared) => {
      prepared.close()
      const connection = this.#connect()
      this.#fingerprint = fingerprint
      await connection.setRemoteDescription({ type: 'offer', sdp })
      for (const transceiver of connection.getTransceivers()) {
        transceiver.direction = 'sendrecv'
        chooseCodecs(transceiver)
      }
      const answer = await connection.createAnswer()
      const description = parseDescription(answer.sdp ?? '')
      if (!description) throw new TypeError('this browser made an answer that no card can carry')
      this.#events?.onAnswered(description)
      await connection.setLocalDescription(answer)
      await this.#attachTracks(connection)
      this.#showStream(connection)
    })
  }

  /** @param {string} candidate */
  addCandidate(candidate) {
    this.#run((connection) => connection.addIceCandidate({ candidate, sdpMLineIndex: 0 }))
  }

  /** @param {ChannelMessage | SasMessage} message */
  send(message) {
    if (this.#channel?.readyState === 'open') this.#channel.send(encodeMessage(message))
  }

  /** @param {Kind} kind @param {MediaStreamTrack | null} track */
  replaceTrack(kind, track) {
    this.#run((connection) => setTrack(connection, kind, track))
  }

  /** Sends nothing more, says the last words and closes. */
  close() {
    this.#isClosed = true
    this.#events = null
    const connection = this.#connection
    // A browser counts closed connections too until they are collected, and has room for 500.
    this.#connection = null
    if (!connection) return
    for (const sender of connection.getSenders()) sender.replaceTrack(null).catch(() => undefined)
    if (this.#channel?.readyState === 'open') setTimeout(() => connection.close(), FAREWELL_MS)
    else connection.close()
  }

  async #prepare() {
    const curve = { name: 'ECDSA', namedCurve: 'P-256' }
    this.#certificates = [await RTCPeerConnection.generateCertificate(curve)]
    const connection = this.#connect()
    for (const kind of KINDS[this.mode]) {
      chooseCodecs(connection.addTransceiver(kind, { direction: 'sendrecv' }))
    }
    this.#offer = await connection.createOffer()
    this.#isControlled = await setControlledOffer(connection, this.#offer)
  }

  /** @returns {RTCPeerConnection} */
  #connect() {
    const connection = new RTCPeerConnection({ ...CONFIGURATION, certificates: this.#certificates })
    this.#connection = connection
    this.#channel = connection.createDataChannel('ctl', { negotiated: true, id: 0 })
    connection.onicecandidate = ({ candidate }) => this.#handleCandidate(candidate)
    connection.onconnectionstatechange = () => this.#handleState(connection.connectionState)
    this.#channel.onopen = () => this.#run(() => this.#handleOpen(connection))
    this.#channel.onmessage = ({ data }) => this.#run(() => this.#handleMessage(data))
    this.#channel.onclose = () => {
      if (connection === this.#connection) this.#events?.onClosed()
    }
    if (this.#isClosed) connection.close()
    return connection
  }

  /** @param {RTCIceCandidate | null} candidate */
  #handleCandidate(candidate) {
    const found = candidate && parseCandidate(candidate.candidate)
    if (found) this.#events?.onCandidate(found)
  }

  /** @param {RTCPeerConnectionState} state */
  #handleState(state) {
    const path = PATH_BY_STATE[state]
    if (path) this.#events?.onPath(path)
  }

  /** @param {RTCPeerConnection} connection */
  async #handleOpen(connection) {
    const own = await ownFingerprint(connection, this.#certificates)
    const partner = this.#fingerprint
    const isPinned = own && partner && (await hasCertificate(connection, partner))
    if (isPinned) this.#events?.onOpen({ own, partner })
    else this.#events?.onFailed('identity-changed')
  }

  /** @param {unknown} data */
  #handleMessage(data) {
    if (typeof data === 'string') this.#events?.onMessage(data)
    else this.#events?.onFailed('broken')
  }

  /** @param {RTCPeerConnection} connection */
  async #attachTracks(connection) {
    for (const kind of KINDS[this.mode]) {
      await setTrack(connection, kind, this.#events?.track(kind) ?? null)
    }
  }

  /** @param {RTCPeerConnection} connection */
  #showStream(connection) {
    const tracks = connection.getReceivers().map(({ track }) => track)
    if (tracks.length === 0) return
    // An element waits for the first picture before it plays any sound, and there may never be one.
    const isDark = /** @param {MediaStreamTrack} track */ ({ kind, muted }) =>
      kind === 'video' && muted
    const show = (/** @type {MediaStreamTrack[]} */ shown) =>
      this.#events?.onStream(new MediaStream(shown))
    show(tracks)
    setTimeout(() => {
      const showBright = () => show(tracks.filter((each) => !isDark(each)))
      const dark = tracks.filter(isDark)
      for (const track of dark) track.addEventListener('unmute', showBright, { once: true })
      if (dark.length > 0) showBright()
    }, PICTURE_PATIENCE_MS)
  }

  /** @param {(connection: RTCPeerConnection) => unknown} operation */
  #run(operation) {
    this.#queue = this.#queue.then(async () => {
      if (this.#isClosed || !this.#connection) return
      try {
        await operation(this.#connection)
      } catch {
        // What the browser refuses was made from the partner's card.
        this.#events?.onFailed('broken')
      }
    })
  }
}

/** @type {Partial<Record<RTCPeerConnectionState, 'up' | 'interrupted' | 'failed'>>} */
const PATH_BY_STATE = { connected: 'up', disconnected: 'interrupted', failed: 'failed' }

/**
 * @param {RTCPeerConnection} connection
 * @param {RTCSessionDescriptionInit} offer
 * @returns {Promise<boolean>} whether the browser took the mark
 */
async function setControlledOffer(connection, offer) {
  const sdp = withControlledRole(offer.sdp ?? '')
  try {
    await connection.setLocalDescription({ type: 'offer', sdp })
    return true
  } catch {
    // Firefox refuses the mark; it then settles the roles on the way, as ICE provides.
    await connection.setLocalDescription(offer)
    return false
  }
}

/** @param {RTCRtpTransceiver} transceiver */
function chooseCodecs(transceiver) {
  const capabilities = RTCRtpReceiver.getCapabilities(transceiver.receiver.track.kind)
  transceiver.setCodecPreferences(wantedCodecs(capabilities?.codecs ?? []))
}

/**
 * @param {RTCPeerConnection} connection
 * @param {Kind} kind
 * @param {MediaStreamTrack | null} track
 */
async function setTrack(connection, kind, track) {
  const isOfKind = /** @param {RTCRtpTransceiver} transceiver */ ({ receiver }) =>
    receiver.track.kind === kind
  try {
    await connection.getTransceivers().find(isOfKind)?.sender.replaceTrack(track)
  } catch {
    // A track that cannot be sent is a device that is off; it does not end the call.
  }
}

/**
 * What the certificate itself says, where the browser tells; else what our description says.
 * @param {RTCPeerConnection} connection
 * @param {RTCCertificate[]} certificates
 * @returns {Promise<Bytes | null>}
 */
async function ownFingerprint(connection, [certificate]) {
  const described = parseDescription(connection.localDescription?.sdp ?? '')?.fingerprint ?? null
  const prints = (await certificate?.getFingerprints?.()) ?? []
  const value = prints.find(({ algorithm }) => algorithm === 'sha-256')?.value
  return value ? fingerprintBytes(value) : described
}

/**
 * Whether the connection really ends at the certificate that the card named. The browser has enforced
 * it; this is the second look, where the browser offers one.
 * @param {RTCPeerConnection} connection
 * @param {Bytes} fingerprint
 * @returns {Promise<boolean>}
 */
async function hasCertificate(connection, fingerprint) {
  const certificates = connection.sctp?.transport.getRemoteCertificates?.()
  if (!(certificates && crypto.subtle)) return true
  const [certificate, ...others] = certificates
  if (!certificate || others.length > 0) return false
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', certificate))
  return isSame(digest, fingerprint)
}
