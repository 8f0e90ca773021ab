import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  concatenate,
  isSame,
  label,
  lengthPrefixed,
  uint64,
  utf8,
} from '../../../src/chatzyo/web/js/core/bytes.js'

test('a label names the protocol and its version', () => {
  assert.deepEqual(label('sas'), utf8('chatzyo/1 sas'))
})

test('fields that join alike are told apart', () => {
  assert.deepEqual(lengthPrefixed(utf8('ab'), utf8('c')), Uint8Array.of(0, 2, 97, 98, 0, 1, 99))
  assert.deepEqual(lengthPrefixed(utf8('a'), utf8('bc')), Uint8Array.of(0, 1, 97, 0, 2, 98, 99))
  assert.deepEqual(lengthPrefixed(), new Uint8Array())
})

test('a long field has a length of two bytes', () => {
  assert.deepEqual(lengthPrefixed(new Uint8Array(0x1234)).slice(0, 2), Uint8Array.of(0x12, 0x34))
})

test('parts are joined in their order', () => {
  assert.deepEqual(
    concatenate(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3)),
    Uint8Array.of(1, 2, 3),
  )
})

test('numbers have eight bytes, the highest first', () => {
  assert.deepEqual(uint64(1), Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1))
  assert.deepEqual(uint64(2 ** 53 - 1), Uint8Array.of(0, 31, 255, 255, 255, 255, 255, 255))
})

test('byte strings are the same when every byte is', () => {
  assert.ok(isSame(Uint8Array.of(1, 2), Uint8Array.of(1, 2)))
  assert.ok(!isSame(Uint8Array.of(1, 2), Uint8Array.of(1, 3)))
  assert.ok(!isSame(Uint8Array.of(1, 2), Uint8Array.of(1)))
})
