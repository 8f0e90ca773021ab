import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeBase64url, encodeBase64url } from '../../../src/chatzyo/web/js/core/base64url.js'

test('all bytes survive in every length', () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i)
  for (let length = 0; length <= 256; length += 1) {
    const bytes = all.slice(256 - length)
    assert.deepEqual(decodeBase64url(encodeBase64url(bytes)), bytes)
  }
})

test('the text fits into addresses and needs no padding', () => {
  assert.equal(encodeBase64url(Uint8Array.of(0xfb, 0xff, 0xfe, 0x00)), '-__-AA')
})

test('a value has one spelling only', () => {
  for (const text of ['A', 'AB', 'AAB', '-_+/', 'AA==', 'AA\n', ' AAAA', 'ää']) {
    assert.equal(decodeBase64url(text), null, text)
  }
})
