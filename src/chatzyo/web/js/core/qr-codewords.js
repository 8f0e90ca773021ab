/**
 * The codewords of a QR code (ISO/IEC 18004): text as bytes, with Reed-Solomon correction of level M,
 * which survives the loss of 15 % and suits a code that is shown on a screen.
 */

/** Codewords of correction in each block, and codewords of data block by block. */
const VERSIONS = [
  { version: 1, correction: 10, blocks: [16] },
  { version: 2, correction: 16, blocks: [28] },
  { version: 3, correction: 26, blocks: [44] },
  { version: 4, correction: 18, blocks: [32, 32] },
  { version: 5, correction: 24, blocks: [43, 43] },
  { version: 6, correction: 16, blocks: [27, 27, 27, 27] },
  { version: 7, correction: 18, blocks: [31, 31, 31, 31] },
  { version: 8, correction: 22, blocks: [38, 38, 39, 39] },
  { version: 9, correction: 22, blocks: [36, 36, 36, 37, 37] },
  { version: 10, correction: 26, blocks: [43, 43, 43, 43, 44] },
]

const BYTE_MODE = '0100'
const TERMINATOR = '0000'

/** From this version on the length has two bytes. */
const LONG_LENGTH_VERSION = 10

/** What fills the rest, in turns. */
const FILLERS = [0xec, 0x11]

/** x^8 + x^4 + x^3 + x^2 + 1, which makes bytes the field GF(256). */
const FIELD_POLYNOMIAL = 0x11d

/**
 * @param {string} text
 * @returns {{ version: number, codewords: number[] } | null} null when it has more than 213 bytes
 */
export function encodeCodewords(text) {
  const bytes = [...new TextEncoder().encode(text)]
  const smallest = VERSIONS.find((each) => lengthSize(each) + bytes.length < dataSize(each))
  if (!smallest) return null
  const data = encodeData(bytes, 8 * lengthSize(smallest), dataSize(smallest))
  const parts = split(data, smallest.blocks)
  const divisor = generator(smallest.correction)
  const corrections = parts.map((part) => remainder(part, divisor))
  const codewords = [...interleave(parts), ...interleave(corrections)]
  return { version: smallest.version, codewords }
}

/** @param {number} byte @param {number} bits @returns {string} */
const binary = (byte, bits) => byte.toString(2).padStart(bits, '0')

/** @param {{ version: number }} each @returns {number} bytes that say how many follow */
const lengthSize = ({ version }) => (version < LONG_LENGTH_VERSION ? 1 : 2)

/** @param {{ blocks: number[] }} each @returns {number} codewords of data */
const dataSize = ({ blocks }) => blocks.reduce((sum, size) => sum + size)

/** Mode, length, bytes, terminator and fillers. @param {number[]} bytes @param {number} lengthBits @param {number} size */
function encodeData(bytes, lengthBits, size) {
  const body = bytes.map((byte) => binary(byte, 8)).join('')
  const bits = BYTE_MODE + binary(bytes.length, lengthBits) + body + TERMINATOR
  return Array.from({ length: size }, (_, i) => {
    const filler = FILLERS[(i - bits.length / 8) % FILLERS.length]
    return 8 * i < bits.length ? Number.parseInt(bits.slice(8 * i, 8 * i + 8), 2) : Number(filler)
  })
}

/** @param {number[]} data @param {number[]} sizes @returns {number[][]} */
function split(data, sizes) {
  let end = 0
  return sizes.map((size) => {
    end += size
    return data.slice(end - size, end)
  })
}

/** The first of each part, then the second of each. @param {number[][]} parts @returns {number[]} */
const interleave = (parts) =>
  Array.from({ length: Math.max(...parts.map((part) => part.length)) }, (_, i) =>
    parts.flatMap((part) => part.slice(i, i + 1)),
  ).flat()

/** What is left of the data, as a polynomial, after division: its correction. @param {number[]} data @param {number[]} divisor */
const remainder = (data, divisor) =>
  data.reduce(
    (rest, byte) => {
      const factor = Number(rest[0]) ^ byte
      return [...rest.slice(1), 0].map((term, i) => term ^ multiply(Number(divisor[i + 1]), factor))
    },
    divisor.slice(1).map(() => 0),
  )

/** (x - 1)(x - 2)(x - 4)..., highest power first. @param {number} degree @returns {number[]} */
function generator(degree) {
  let polynomial = [1]
  for (let i = 0, root = 1; i < degree; i += 1, root = double(root)) {
    const scaled = [0, ...polynomial.map((term) => multiply(term, root))]
    polynomial = [...polynomial, 0].map((term, j) => term ^ Number(scaled[j]))
  }
  return polynomial
}

/** @param {number} one @param {number} other @returns {number} */
function multiply(one, other) {
  let product = 0
  for (let bits = other, power = one; bits > 0; bits >>= 1, power = double(power)) {
    if (bits & 1) product ^= power
  }
  return product
}

/** @param {number} byte @returns {number} */
const double = (byte) => (byte < 0x80 ? byte << 1 : (byte << 1) ^ FIELD_POLYNOMIAL)
