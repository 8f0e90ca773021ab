import assert from 'node:assert/strict'
import { test } from 'node:test'
import { utf8 } from '../../../src/chatzyo/web/js/core/bytes.js'
import { MAX_BLOB_CHARS } from '../../../src/chatzyo/web/js/core/limits.js'
import {
  associated,
  BLOCK_BYTES,
  decodePayload,
  encodePayload,
  MAX_DEPTH,
  MAX_PLAIN_BYTES,
  pad,
  vector,
} from '../../../src/chatzyo/web/js/core/record.js'
import { readCard } from './fixtures.js'

/** @param {number} depth @returns {unknown[]} */
const nested = (depth) => (depth > 1 ? [nested(depth - 1)] : [])

test('a payload is padded JSON in any script', () => {
  const payload = { k: 'card', nick: 'வணக்கம் 🙂', n: [1, true, null] }
  const plain = encodePayload(payload)
  assert.equal(plain.length, BLOCK_BYTES)
  const text = '{"k":"card","nick":"வணக்கம் 🙂","n":[1,true,null]}'
  assert.equal(new TextDecoder().decode(plain).trimEnd(), text)
  assert.deepEqual(decodePayload(plain), payload)
})

test('the card of a browser fits', () => {
  for (const name of ['chromium-video', 'firefox-video', 'chromium-text']) {
    const payload = { k: 'card', card: readCard(name) }
    assert.deepEqual(decodePayload(encodePayload(payload)), payload)
  }
})

test('lengths are told in steps of a kilobyte', () => {
  const sizes = [0, 1, 1023, 1024, 1025, 2048, 2049].map((size) => pad(new Uint8Array(size)).length)
  assert.deepEqual(sizes, [0, 1024, 1024, 1024, 2048, 2048, 3072])
})

test('the largest payload fits into the longest blob', () => {
  const left = MAX_PLAIN_BYTES - '{"k":"card","t":""}'.length
  assert.equal(encodePayload({ k: 'card', t: 'x'.repeat(left) }).length, MAX_PLAIN_BYTES)
  assert.throws(() => encodePayload({ k: 'card', t: 'x'.repeat(left + 1) }), RangeError)
  assert.equal(Math.ceil(((MAX_PLAIN_BYTES + 16) * 4) / 3), MAX_BLOB_CHARS)
})

test('a payload nests as deep as a card and no deeper', () => {
  const deepest = { k: 'card', m: nested(MAX_DEPTH - 1) }
  assert.deepEqual(decodePayload(encodePayload(deepest)), deepest)
  assert.equal(decodePayload(encodePayload({ k: 'card', m: [nested(MAX_DEPTH - 1)] })), null)
})

test('a payload has one spelling only', () => {
  const texts = [
    ...['', 'null', '[]', '"card"', '{}', '{"k":1}', '{"K":"bye"}', '{"k":"bye"', '{"k":"bye"}{}'],
    ...[
      '{"k":"card","k":"bye"}',
      '{"k": "bye"}',
      ' {"k":"bye"}',
      '{"k":"bye"}\n',
      '\ufeff{"k":"bye"}',
    ],
    ...['{"k":"b\\u0079e"}', '{"k":"bye","n":NaN}', '{"k":"bye","n":1e2}', '{"k":"bye","n":01}'],
    ...['{"k":"bye","s":"\\ud800"}', '{"k":"bye","\\ud800":1}', '{"k":"bye"}\0'],
  ]
  for (const text of texts) assert.equal(decodePayload(pad(utf8(text))), null, text)
  const notUtf8 = pad(utf8('{"k":"bye","s":"x"}')).map((byte) => (byte === 0x78 ? 0xff : byte))
  assert.equal(decodePayload(notUtf8), null)
})

test('a payload fills its blocks', () => {
  const plain = encodePayload({ k: 'bye' })
  assert.equal(decodePayload(plain.slice(0, -1)), null)
  assert.equal(decodePayload(utf8('{"k":"bye"}')), null)
})

test('a record is bound to its number, direction and room', () => {
  assert.deepEqual([...vector(258)], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2])
  const room = Uint8Array.of(7, 7)
  assert.deepEqual(
    Buffer.from(associated(room, 'ab', 1)).toString('latin1'),
    '\0\x0dchatzyo/1 sig\0\x02\x07\x07\0\x02ab\0\x08\0\0\0\0\0\0\0\x01',
  )
  assert.notDeepEqual(associated(room, 'ab', 1), associated(room, 'ba', 1))
})
