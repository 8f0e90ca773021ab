/**
 * Between the browser's session descriptions (RFC 8829, RFC 8866) and the values of a transport card.
 * Reading is an allow-list: what is not named here does not leave the browser. Writing starts from
 * values only, so no text of a stranger ever becomes a line of its own.
 */

import { candidateLine, parseCandidate } from './candidate.js'

/** @import { Application, Codec, Description, Media, Stream } from './card-types.d.ts' */
/** @import { Bytes } from './sealing-types.d.ts' */

/** RTP header extensions in use, by the names cards carry; all others stay unnegotiated. */
export const EXTENSIONS = /** @type {const} */ ({
  mid: 'urn:ietf:params:rtp-hdrext:sdes:mid',
  level: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  time: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  congestion: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  orientation: 'urn:3gpp:video-orientation',
})

export const FEEDBACK = /** @type {const} */ ([
  'ccm fir',
  'goog-remb',
  'nack',
  'nack pli',
  'transport-cc',
])

/** What tells two formats of one codec apart; other parameters are each receiver's own wish. */
const FORMAT_IDENTITY = ['apt', 'packetization-mode', 'profile', 'profile-id']

/**
 * Reads our own local description.
 * @param {string} sdp
 * @returns {Description | null} null when the browser describes something cards cannot carry
 */
export function parseDescription(sdp) {
  const [session = [], ...sections] = splitSections(sdp)
  const media = sections.map(parseSection)
  const first = sections[0] ?? []
  const fingerprint = value(first, 'fingerprint:sha-256 ') ?? value(session, 'fingerprint:sha-256 ')
  const ufrag = value(first, 'ice-ufrag:')
  const pwd = value(first, 'ice-pwd:')
  if (!(fingerprint && ufrag && pwd && media.length > 0)) return null
  const candidates = sections.flat().flatMap((line) => parseCandidate(line) ?? [])
  return { ufrag, pwd, fingerprint: fingerprintBytes(fingerprint), candidates, media }
}

/** @param {string} sdp @returns {string[][]} the session's lines, then those of each media section */
function splitSections(sdp) {
  return sdp.split(/\r?\n(?=m=)/).map((section) => section.split(/\r?\n/))
}

/** @param {string[]} lines @param {string} name @returns {string[]} */
const values = (lines, name) =>
  lines.filter((line) => line.startsWith(`a=${name}`)).map((line) => line.slice(name.length + 2))

/** @param {string[]} lines @param {string} name @returns {string | undefined} */
const value = (lines, name) => values(lines, name)[0]

/** @param {string} hex colon-separated @returns {Bytes} */
export const fingerprintBytes = (hex) =>
  Uint8Array.from(hex.split(':'), (byte) => Number.parseInt(byte, 16))

/** @param {string[]} lines @returns {Media} */
function parseSection([head = '', ...lines]) {
  const [kind, , , ...formats] = head.slice(2).split(' ')
  const mid = value(lines, 'mid:') ?? ''
  if (kind === 'application') {
    return { kind, mid, size: Number(value(lines, 'max-message-size:') ?? 65536) }
  }
  return {
    kind: kind === 'audio' ? 'audio' : 'video',
    mid,
    // Firefox leaves attributes of formats behind that codec preferences have removed.
    codecs: formats.flatMap((format) => parseCodec(lines, Number(format)) ?? []),
    extensions: parseExtensions(lines),
    ssrcs: parseSsrcs(lines),
  }
}

/** @param {string[]} lines @param {number} pt @returns {Codec | null} */
function parseCodec(lines, pt) {
  const [name = '', rate, channels = '1'] = (value(lines, `rtpmap:${pt} `) ?? '').split('/')
  if (!name) return null
  const feedback = values(lines, `rtcp-fb:${pt} `).filter(isFeedback)
  const format = (value(lines, `fmtp:${pt} `) ?? '').replaceAll(' ', '')
  return { pt, name, rate: Number(rate), channels: Number(channels), format, feedback }
}

/** @param {string} name @returns {boolean} */
const isFeedback = (name) => /** @type {readonly string[]} */ (FEEDBACK).includes(name)

/** @param {string[]} lines @returns {Record<string, number>} */
function parseExtensions(lines) {
  /** @type {Record<string, number>} */
  const ids = {}
  for (const line of values(lines, 'extmap:')) {
    const [id = '', uri] = line.split(' ')
    const known = Object.entries(EXTENSIONS).find(([, extension]) => extension === uri)
    if (known) ids[known[0]] = Number.parseInt(id, 10)
  }
  return ids
}

/** @param {string[]} lines @returns {number[]} the stream's source and, if any, that of its repair */
function parseSsrcs(lines) {
  const paired = value(lines, 'ssrc-group:FID ')?.split(' ').map(Number)
  const all = values(lines, 'ssrc:').map((line) => Number.parseInt(line, 10))
  return paired ?? all.slice(0, 1)
}

/**
 * What both sides can use without an answer, in the other side's terms: the formats and extensions to
 * which both gave the same numbers. Symmetric, so that both sides reach the same verdict.
 * @param {Media[]} own
 * @param {Media[]} other
 * @returns {Media[] | null} null when the numbering differs: then an answer is needed
 */
export function agree(own, other) {
  if (own.length !== other.length) return null
  const agreed = own.flatMap((media, index) => agreeOnMedia(media, other[index]) ?? [])
  return agreed.length === own.length ? agreed : null
}

/** @param {Media} own @param {Media | undefined} other @returns {Media | null} */
function agreeOnMedia(own, other) {
  if (!other || own.mid !== other.mid) return null
  if (own.kind === 'application' || other.kind === 'application') {
    return own.kind === other.kind ? other : null
  }
  return own.kind === other.kind ? agreeOnStream(own, other) : null
}

/** @param {Stream} own @param {Stream} other @returns {Stream | null} */
function agreeOnStream(own, other) {
  const pts = new Map(own.codecs.map((codec) => [codecIdentity(codec), codec.pt]))
  const common = other.codecs.filter((codec) => pts.has(codecIdentity(codec)))
  const extensions = Object.entries(other.extensions).filter(([name]) => name in own.extensions)
  const isSameNumbering =
    common.every((codec) => pts.get(codecIdentity(codec)) === codec.pt) &&
    extensions.every(([name, id]) => own.extensions[name] === id)
  if (!(isSameNumbering && common.some((codec) => codec.name !== 'rtx'))) return null
  return { ...other, codecs: common, extensions: Object.fromEntries(extensions) }
}

/** @param {Codec} codec @returns {string} */
function codecIdentity({ name, rate, channels, format }) {
  const parameters = format
    .split(';')
    .filter((item) => FORMAT_IDENTITY.some((parameter) => item.startsWith(`${parameter}=`)))
  // VP9 without a profile means profile 0 (RFC 9628 section 6.1).
  const wanted = parameters.filter((item) => item !== 'profile-id=0').sort()
  const h264 = /profile-level-id=([0-9a-f]{4})/i.exec(format)?.[1]?.toLowerCase() ?? ''
  return [name.toLowerCase(), rate, channels, h264, ...wanted].join(' ')
}

/**
 * Writes a remote description.
 * @param {Description} description
 * @param {'actpass' | 'active' | 'passive'} setup DTLS side of whoever is described (RFC 8842)
 * @returns {string}
 */
export function writeDescription({ ufrag, pwd, fingerprint, candidates, media }, setup) {
  const transport = [
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${Array.from(fingerprint, hexByte).join(':')}`,
    `a=setup:${setup}`,
  ]
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${media.map(({ mid }) => mid).join(' ')}`,
    'a=msid-semantic:WMS *',
  ]
  media.forEach((section, index) => {
    lines.push(mediaLine(section), ...transport, `a=mid:${section.mid}`)
    // With max-bundle the first section's transport is the only one.
    if (index === 0) lines.push(...candidates.map((candidate) => `a=${candidateLine(candidate)}`))
    lines.push(
      ...(section.kind === 'application' ? applicationLines(section) : streamLines(section)),
    )
  })
  return `${lines.join('\r\n')}\r\n`
}

/** @param {number} byte @returns {string} */
const hexByte = (byte) => byte.toString(16).padStart(2, '0').toUpperCase()

/** @param {Media} media @returns {string} */
function mediaLine(media) {
  if (media.kind === 'application') return 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel'
  return `m=${media.kind} 9 UDP/TLS/RTP/SAVPF ${media.codecs.map(({ pt }) => pt).join(' ')}`
}

/** @param {Application} media @returns {string[]} */
const applicationLines = ({ size }) => ['a=sctp-port:5000', `a=max-message-size:${size}`]

/** @param {Stream} media @returns {string[]} */
function streamLines({ kind, codecs, extensions, ssrcs }) {
  return [
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtcp-rsize',
    // One stream for both kinds, so that the receiver keeps lips and voice together.
    `a=msid:stranger ${kind}`,
    ...Object.entries(extensions).map(([name, id]) => `a=extmap:${id} ${extensionUri(name)}`),
    ...codecs.flatMap(codecLines),
    ...(ssrcs.length === 2 ? [`a=ssrc-group:FID ${ssrcs.join(' ')}`] : []),
    ...ssrcs.flatMap((ssrc) => [
      `a=ssrc:${ssrc} cname:stranger`,
      `a=ssrc:${ssrc} msid:stranger ${kind}`,
    ]),
  ]
}

/** @param {string} name @returns {string} */
const extensionUri = (name) => EXTENSIONS[/** @type {keyof typeof EXTENSIONS} */ (name)]

/** @param {Codec} codec @returns {string[]} */
function codecLines({ pt, name, rate, channels, format, feedback }) {
  return [
    `a=rtpmap:${pt} ${name}/${rate}${channels > 1 ? `/${channels}` : ''}`,
    ...feedback.map((kind) => `a=rtcp-fb:${pt} ${kind}`),
    ...(format ? [`a=fmtp:${pt} ${format}`] : []),
  ]
}

/**
 * Marks a local offer so that Chromium takes the controlled side although it offers: two offerers
 * otherwise both claim control, and settling that costs a round trip between them (RFC 8445 7.2.1.1).
 * @param {string} sdp
 * @returns {string}
 */
export const withControlledRole = (sdp) => sdp.replace(/^(t=0 0\r\n)/m, '$1a=ice-lite\r\n')
