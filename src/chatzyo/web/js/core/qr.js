/** QR codes (ISO/IEC 18004) for links: text as bytes, versions 1 to 10, level M. */

import { encodeCodewords } from './qr-codewords.js'

/** @typedef {(row: number, column: number) => boolean} Mask which modules of data it turns over */
/** @typedef {{ row: number, column: number, isDark: boolean }} Module */

/** @type {Mask[]} */
const MASKS = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_row, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
]

/** The row and the column that alternate. */
const TIMING = 6

/** Where the mask is said beside the upper left finder, bit by bit. */
const FORMAT = [
  ...[0, 1, 2, 3, 4, 5, 7, 8].map((row) => ({ row, column: 8 })),
  ...[7, 5, 4, 3, 2, 1, 0].map((column) => ({ row: 8, column })),
]

/** What keeps the format from being all light. Level M is 00, so that only the mask is said. */
const FORMAT_MASK = 0x5412
const FORMAT_CODE = { polynomial: 0x537, degree: 10 }
const VERSION_CODE = { polynomial: 0x1f25, degree: 12 }

/** A version has so many, a level and a mask have fewer. */
const SAID_BITS = 6

/** From this version on a code says which version it is. */
const FIRST_NAMED_VERSION = 7

/** What a reader could take for a finder, with the light on one side of it. */
const FALSE_FINDER = /(?=10111010000|00001011101)/g

/**
 * @param {string} text
 * @returns {boolean[][] | null} rows of modules, true for dark, without the light margin of four that
 *   must surround them; null when the text has more than 213 bytes
 */
export function encodeQr(text) {
  const encoded = encodeCodewords(text)
  if (!encoded) return null
  const { version, codewords } = encoded
  const bits = codewords.map((codeword) => codeword.toString(2).padStart(8, '0')).join('')
  const candidates = MASKS.map((turns, mask) => {
    const modules = draw(version, mask, bits, turns)
    return { modules, penalty: penalty(modules) }
  })
  return candidates.reduce((best, each) => (each.penalty < best.penalty ? each : best)).modules
}

/** @param {number} version @param {number} mask @param {string} bits @param {Mask} turns */
function draw(version, mask, bits, turns) {
  const size = 17 + 4 * version
  const fixed = fixedModules(version, size, mask)
  const free = dataPath(size).filter(([row, column]) => fixed(row, column) === null)
  const bitAt = new Map(free.map(([row, column], i) => [row * size + column, bits[i]]))
  return square(size, (row, column) => {
    const isOne = bitAt.get(row * size + column) === '1'
    return fixed(row, column) ?? isOne !== turns(row, column)
  })
}

/** @template T @param {number} size @param {(row: number, column: number) => T} make @returns {T[][]} */
const square = (size, make) =>
  Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (__, column) => make(row, column)),
  )

/**
 * Every module once, from the lower right corner up and down in pairs of columns.
 * @param {number} size
 * @returns {[row: number, column: number][]}
 */
function dataPath(size) {
  return Array.from({ length: (size - 1) / 2 }, (_, pair) => {
    const column = size - 1 - 2 * pair
    const right = column > TIMING ? column : column - 1
    return Array.from({ length: 2 * size }, (__, i) => {
      const step = Math.floor(i / 2)
      const row = pair % 2 === 0 ? size - 1 - step : step
      return /** @type {[number, number]} */ ([row, right - (i % 2)])
    })
  }).flat()
}

/**
 * @param {number} version
 * @param {number} size
 * @param {number} mask
 * @returns {(row: number, column: number) => boolean | null} whether it is dark; null where data goes
 */
function fixedModules(version, size, mask) {
  const said = [...formatModules(size, mask), ...versionModules(size, version)]
  const saidAt = new Map(said.map(({ row, column, isDark }) => [row * size + column, isDark]))
  const centres = alignmentCentres(version, size)
  return (row, column) =>
    finder(size, row, column) ??
    saidAt.get(row * size + column) ??
    alignment(centres, row, column) ??
    timing(row, column)
}

/** Three corners: a ring around a square, and the light around both. @param {number} size @param {number} row @param {number} column */
function finder(size, row, column) {
  const isFar = [row, column].map((each) => each >= size - 8)
  const isOutside = [row, column].some((each, i) => each >= 8 && !isFar[i])
  if (isOutside || (isFar[0] && isFar[1])) return null
  const [down, right] = isFar.map((far) => (far ? size - 4 : 3))
  const ring = Math.max(Math.abs(row - Number(down)), Math.abs(column - Number(right)))
  return ring !== 2 && ring < 4
}

/** @param {number} version @param {number} size @returns {{ row: number, column: number }[]} */
function alignmentCentres(version, size) {
  const last = size - 7
  const middle = version < FIRST_NAMED_VERSION ? [] : [(TIMING + last) / 2]
  const lines = version === 1 ? [] : [TIMING, ...middle, last]
  return lines
    .flatMap((row) => lines.map((column) => ({ row, column })))
    .filter(({ row, column }) => finder(size, row, column) === null)
}

/** @param {{ row: number, column: number }[]} centres @param {number} row @param {number} column */
function alignment(centres, row, column) {
  const rings = centres.map((centre) =>
    Math.max(Math.abs(row - centre.row), Math.abs(column - centre.column)),
  )
  const ring = Math.min(...rings)
  return ring > 2 ? null : ring !== 1
}

/** @param {number} row @param {number} column */
const timing = (row, column) =>
  row === TIMING || column === TIMING ? (row + column) % 2 === 0 : null

/** The mask, said twice, and the one module that is always dark. @param {number} size @param {number} mask @returns {Module[]} */
function formatModules(size, mask) {
  const bits = protect(mask, FORMAT_CODE) ^ FORMAT_MASK
  const again = FORMAT.map((_, bit) =>
    bit < 8 ? { row: 8, column: size - 1 - bit } : { row: size - 15 + bit, column: 8 },
  )
  const said = [FORMAT, again].flatMap((places) =>
    places.map((place, bit) => ({ ...place, isDark: isSet(bits, bit) })),
  )
  return [...said, { row: size - 8, column: 8, isDark: true }]
}

/** The version, said twice. @param {number} size @param {number} version @returns {Module[]} */
function versionModules(size, version) {
  if (version < FIRST_NAMED_VERSION) return []
  const bits = protect(version, VERSION_CODE)
  return Array.from({ length: SAID_BITS + VERSION_CODE.degree }, (_, bit) => {
    const [across, along] = [Math.floor(bit / 3), size - 11 + (bit % 3)]
    const isDark = isSet(bits, bit)
    return [
      { row: across, column: along, isDark },
      { row: along, column: across, isDark },
    ]
  }).flat()
}

/** A number and, behind it, what is left after division: a BCH code. @param {number} value @param {{ polynomial: number, degree: number }} code */
function protect(value, { polynomial, degree }) {
  let rest = value << degree
  for (let shift = SAID_BITS - 1; shift >= 0; shift -= 1) {
    if (isSet(rest, shift + degree)) rest ^= polynomial << shift
  }
  return (value << degree) | rest
}

/** @param {number} bits @param {number} bit */
const isSet = (bits, bit) => ((bits >> bit) & 1) === 1

/** How much there is that could mislead a reader. @param {boolean[][]} modules */
function penalty(modules) {
  const rows = modules.map((row) => row.map(Number).join(''))
  const columns = rows.map((_, column) => rows.map((row) => row[column]).join(''))
  const lines = [...rows, ...columns]
  return sum(lines.map(runs)) + sum(lines.map(falseFinders)) + blocks(rows) + imbalance(rows)
}

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)

/** Five alike or more in a line. @param {string} line */
const runs = (line) => sum([...line.matchAll(/0{5,}|1{5,}/g)].map(([run]) => run.length - 2))

/** @param {string} line */
const falseFinders = (line) => 40 * [...line.matchAll(FALSE_FINDER)].length

/** Four alike in a square. @param {string[]} rows */
const blocks = (rows) =>
  sum(
    rows.slice(1).map((row, i) => {
      const pairs = [...row].map((module, column) => module + rows[i]?.[column])
      const alike = pairs.slice(1).filter((pair, j) => pair === pairs[j] && /00|11/.test(pair))
      return 3 * alike.length
    }),
  )

/** Far more dark than light, or the other way round. @param {string[]} rows */
function imbalance(rows) {
  const all = rows.join('')
  const percent = (100 * all.replaceAll('0', '').length) / all.length
  return 10 * Math.floor(Math.abs(percent - 50) / 5)
}
