/**
 * ICE candidates as values (RFC 8839 section 5.1): parsed from the browser's lines, written anew from
 * fields, and judged before use. A stranger's candidate makes our browser send packets, so addresses
 * that only mean something on our own network are refused unless the page itself was loaded from there.
 */

import { integer, object, oneOf, text } from './shape.js'

/** @import { Candidate } from './card-types.d.ts' */

/** More than a laptop with several networks and two relays gathers; a limit on probes a stranger may cause. */
export const MAX_CANDIDATES = 16

/** @typedef {'public' | 'private' | 'loopback' | 'refused'} Scope */

/** IANA special-purpose registries; the first block that fits counts. @type {[string, Scope][]} */
const BLOCKS_V4 = [
  ['127.0.0.0/8', 'loopback'],
  ['0.0.0.0/8', 'refused'],
  ['169.254.0.0/16', 'refused'],
  ['224.0.0.0/3', 'refused'],
  ['10.0.0.0/8', 'private'],
  ['172.16.0.0/12', 'private'],
  ['192.168.0.0/16', 'private'],
  ['100.64.0.0/10', 'private'],
  ['198.18.0.0/15', 'private'],
]

/** @type {[string, Scope][]} */
const BLOCKS_V6 = [
  ['::1/128', 'loopback'],
  ['::/96', 'refused'],
  ['fe80::/10', 'refused'],
  ['ff00::/8', 'refused'],
  // Local NAT64, Teredo and 6to4 hide IPv4 addresses in places of their own; nobody gathers them today.
  ['64:ff9b:1::/48', 'refused'],
  ['2001::/32', 'refused'],
  ['2002::/16', 'refused'],
  ['fec0::/10', 'private'],
  ['fc00::/7', 'private'],
]

/** IPv4-mapped and well-known NAT64 (RFC 6052). */
const CLOTHES = ['::ffff:0.0.0.0/96', '64:ff9b::/96']

const TYPES = /** @type {const} */ (['host', 'srflx', 'relay'])
const LINE =
  /^(?:a=)?candidate:([A-Za-z0-9+/]{1,32}) 1 udp (\d{1,10}) (\S{1,64}) (\d{1,5}) typ (host|srflx|relay)(?: |$)/i

const isFields = object({
  foundation: text(/^[A-Za-z0-9+/]{1,32}$/),
  priority: integer(1, 2 ** 31 - 1),
  address: (value) => typeof value === 'string' && addressScope(value) !== null,
  port: integer(1, 65535),
  type: oneOf(TYPES),
})

/** @param {unknown} value @returns {value is Candidate} */
export function isCandidate(value) {
  return isFields(value)
}

/**
 * Reads one candidate line; null for what is not sent: TCP, component 2, peer-reflexive, malformed.
 * @param {string} line
 * @returns {Candidate | null}
 */
export function parseCandidate(line) {
  const [, foundation, priority, address = '', port, type = ''] = LINE.exec(line) ?? []
  const candidate = {
    foundation,
    priority: Number(priority),
    address: address.toLowerCase(),
    port: Number(port),
    type: type.toLowerCase(),
  }
  return isCandidate(candidate) ? candidate : null
}

/** @param {Candidate} candidate @returns {string} */
export function candidateLine({ foundation, priority, address, port, type }) {
  const line = `candidate:${foundation} 1 udp ${priority} ${address} ${port} typ ${type}`
  // A reflexive candidate's base is left out (it names the private address); browsers want the words.
  return type === 'host' ? line : `${line} raddr 0.0.0.0 rport 9`
}

/**
 * Whether a candidate may be sent to a stranger, or used when it comes from one.
 * @param {Candidate} candidate
 * @param {boolean} nearby the page was loaded from this machine or a private network
 */
export function isAdmissible(candidate, nearby) {
  const scope = addressScope(candidate.address)
  return scope === 'public' || (scope === 'private' && nearby)
}

/**
 * Whether a page's host name means that all its visitors share a private network.
 * @param {string} host as in `location.hostname`
 */
export function isNearbyHost(host) {
  const name = host.replace(/^\[|\]$/g, '')
  const scope = addressScope(name)
  return name === 'localhost' || scope === 'private' || scope === 'loopback'
}

/**
 * @param {string} address an IP literal or an mDNS name
 * @returns {Scope | null} null when it is neither
 */
export function addressScope(address) {
  if (/^[a-z0-9-]{1,58}\.local$/.test(address)) return 'private'
  const bits = address.includes(':') ? parseV6(address) : parseV4(address)
  if (bits === null) return null
  // An IPv4 address in IPv6 clothes leads where the IPv4 address leads.
  const isClothed = CLOTHES.some((block) => isInside(bits, block))
  return scopeOf(isClothed ? bits.slice(-32) : bits)
}

/** @param {string} bits @returns {Scope} */
function scopeOf(bits) {
  const blocks = bits.length === 32 ? BLOCKS_V4 : BLOCKS_V6
  return blocks.find(([block]) => isInside(bits, block))?.[1] ?? 'public'
}

/** @param {string} bits @param {string} block as `address/length` @returns {boolean} */
function isInside(bits, block) {
  const [address = '', length] = block.split('/')
  const base = address.includes(':') ? parseV6(address) : parseV4(address)
  return base?.length === bits.length && bits.startsWith(base.slice(0, Number(length)))
}

/** @param {string} address @returns {string | null} 32 binary digits */
function parseV4(address) {
  if (!/^(?:\d{1,3}\.){3}\d{1,3}$/.test(address)) return null
  const bytes = address.split('.').map(Number)
  return bytes.every((byte) => byte <= 255) ? bytes.map((byte) => binary(byte, 8)).join('') : null
}

/** @param {string} address @returns {string | null} 128 binary digits */
function parseV6(address) {
  // Dotted bytes may only come last.
  if (/\..*:/.test(address)) return null
  const [head = '', tail, ...rest] = address.split('::').map(parseGroups)
  const known = head === null || tail === null || rest.length > 0 ? null : head + (tail ?? '')
  if (known === null || tail === null || head === null) return null
  if (tail === undefined) return known.length === 128 ? known : null
  return known.length < 128 ? head.padEnd(128 - tail.length, '0') + tail : null
}

/** @param {string} groups between colons @returns {string | null} binary digits */
function parseGroups(groups) {
  if (groups === '') return ''
  const parts = groups
    .split(':')
    .map((part) =>
      /^[0-9a-f]{1,4}$/.test(part) ? binary(Number.parseInt(part, 16), 16) : parseV4(part),
    )
  return parts.includes(null) ? null : parts.join('')
}

/** @param {number} value @param {number} length @returns {string} */
const binary = (value, length) => value.toString(2).padStart(length, '0')
