import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeQr } from '../../../src/chatzyo/web/js/core/qr.js'

/** @param {string} text @returns {string[]} rows of ones and zeros */
const rowsOf = (text) => (encodeQr(text) ?? assert.fail()).map((row) => row.map(Number).join(''))

/** A text for each version. @param {number} version */
const textOf = (version) =>
  'x'.repeat([14, 26, 42, 62, 84, 106, 122, 152, 180, 213][version - 1] ?? 0)

/** @param {string[]} rows @param {number} row @param {number} column @param {number} size */
const part = (rows, row, column, size) =>
  rows.slice(row, row + size).map((line) => line.slice(column, column + size))

const FINDER = ['1111111', '1000001', '1011101', '1011101', '1011101', '1000001', '1111111']
const ALIGNMENT = ['11111', '10001', '10101', '10001', '11111']

test('every version has its size, three finders and alternating lines', () => {
  for (let version = 1; version <= 10; version += 1) {
    const rows = rowsOf(textOf(version))
    const size = 17 + 4 * version
    assert.deepEqual([rows.length, ...new Set(rows.map((row) => row.length))], [size, size])
    for (const [row, column] of /** @type {const} */ ([
      [0, 0],
      [0, size - 7],
      [size - 7, 0],
    ])) {
      assert.deepEqual(part(rows, row, column, 7), FINDER)
    }
    assert.match(rows[6]?.slice(8, size - 8) ?? '', /^1(01)*$/)
    assert.match(
      rows
        .slice(8, size - 8)
        .map((row) => row[6])
        .join(''),
      /^1(01)*$/,
    )
    assert.equal(rows[size - 8]?.[8], '1')
  }
})

test('alignment patterns stand at their places', () => {
  for (const version of [2, 7, 10]) {
    const rows = rowsOf(textOf(version))
    const last = rows.length - 7
    const lines = version < 7 ? [last] : [(6 + last) / 2, last]
    for (const row of lines) {
      for (const column of lines) assert.deepEqual(part(rows, row - 2, column - 2, 5), ALIGNMENT)
    }
  }
})

test('the mask is said twice and alike', () => {
  const valid = new Set(
    // Level M with masks 0 to 7 (ISO/IEC 18004 table C.1).
    [0x5412, 0x5125, 0x5e7c, 0x5b4b, 0x45f9, 0x40ce, 0x4f97, 0x4aa0],
  )
  const seen = new Set()
  for (let length = 1; length <= 60; length += 1) {
    const rows = rowsOf('q'.repeat(length))
    const size = rows.length
    const column = rows.map((row) => row[8])
    const line = rows[8] ?? ''
    const beside = [
      ...column.slice(0, 6),
      column[7],
      column[8],
      line[7],
      ...[...line.slice(0, 6)].reverse(),
    ]
    const again = [...[...line.slice(size - 8)].reverse(), ...column.slice(size - 7)]
    assert.deepEqual(beside, again)
    const format = Number.parseInt(beside.reverse().join(''), 2)
    assert.ok(valid.has(format))
    seen.add(format)
  }
  assert.ok(seen.size > 4, 'the choice depends on the text')
})

test('larger versions are said twice and alike', () => {
  // ISO/IEC 18004 table D.1
  const codes = { 7: 0x07c94, 8: 0x085bc, 9: 0x09a99, 10: 0x0a4d3 }
  for (const [version, code] of Object.entries(codes)) {
    const rows = rowsOf(textOf(Number(version)))
    const size = rows.length
    const upper = rows.slice(0, 6).map((row) => row.slice(size - 11, size - 8))
    const lower = [0, 1, 2, 3, 4, 5].map((column) =>
      rows
        .slice(size - 11, size - 8)
        .map((row) => row[column])
        .join(''),
    )
    assert.deepEqual(upper, lower)
    assert.equal(Number.parseInt([...upper.join('')].reverse().join(''), 2), code)
  }
})

test('a text that is too long has no code', () => {
  assert.equal(encodeQr('x'.repeat(214)), null)
})
