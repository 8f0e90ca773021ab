import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeCodewords } from '../../../src/chatzyo/web/js/core/qr-codewords.js'

/** Capacity in bytes and codewords altogether, by version (ISO/IEC 18004 tables 7 and 9). */
const VERSIONS = [
  [14, 26],
  [26, 44],
  [42, 70],
  [62, 100],
  [84, 134],
  [106, 172],
  [122, 196],
  [152, 242],
  [180, 292],
  [213, 346],
]

/** @param {number} one @param {number} other */
function multiply(one, other) {
  let product = 0
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ (product & 0x80 ? 0x11d : 0) ^ ((other >> bit) & 1 ? one : 0)
  }
  return product
}

/** @param {number[]} block @param {number} x the block as a polynomial at this place */
const evaluate = (block, x) => block.reduce((value, byte) => multiply(value, x) ^ byte, 0)

test('the smallest version that holds the text is chosen', () => {
  for (const [i, [capacity = 0, total]] of VERSIONS.entries()) {
    const full = encodeCodewords('x'.repeat(capacity))
    assert.deepEqual([full?.version, full?.codewords.length], [i + 1, total])
    const more = encodeCodewords('x'.repeat(capacity + 1))
    assert.equal(more?.version, VERSIONS[i + 1] && i + 2)
  }
})

test('a text that is too long has no code', () => {
  assert.equal(encodeCodewords('x'.repeat(214)), null)
  assert.equal(encodeCodewords('ä'.repeat(107)), null)
})

test('mode, length, bytes, terminator and fillers follow each other', () => {
  assert.deepEqual(encodeCodewords('Ab')?.codewords.slice(0, 7), [
    ...[0x40, 0x24, 0x16, 0x20],
    ...[0xec, 0x11, 0xec],
  ])
})

test('from version 10 on the length has two bytes', () => {
  const codewords = encodeCodewords('A'.repeat(213))?.codewords ?? []
  assert.deepEqual([codewords[0], codewords[5], codewords[10]], [0x40, 0x0d, 0x54])
})

test('every block with its correction is a multiple of the generator', () => {
  const codewords = encodeCodewords('chat.example/p#1.AAECAwQFBgcICQoLDA0ODw')?.codewords ?? []
  assert.equal(codewords.length, 70)
  for (let i = 0, root = 1; i < 26; i += 1, root = multiply(root, 2)) {
    assert.equal(evaluate(codewords, root), 0)
  }
})

test('blocks are interleaved, longer ones last', () => {
  const codewords = encodeCodewords('x'.repeat(150))?.codewords ?? []
  const [data, correction] = [codewords.slice(0, 154), codewords.slice(154)]
  for (const block of [0, 1, 2, 3]) {
    const regular = data.slice(0, 152).filter((_, i) => i % 4 === block)
    const longer = block < 2 ? [] : data.slice(152 + block - 2, 153 + block - 2)
    const whole = [...regular, ...longer, ...correction.filter((_, i) => i % 4 === block)]
    assert.equal(whole.length, block < 2 ? 60 : 61)
    for (let i = 0, root = 1; i < 22; i += 1, root = multiply(root, 2)) {
      assert.equal(evaluate(whole, root), 0, `block ${block}`)
    }
  }
})
