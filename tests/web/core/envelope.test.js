import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeBase64url } from '../../../src/chatzyo/web/js/core/base64url.js'
import { createEnvelope, MAX_PAYLOAD_BYTES } from '../../../src/chatzyo/web/js/core/envelope.js'
import { MAX_BLOB_CHARS } from '../../../src/chatzyo/web/js/core/limits.js'
import { readCard } from './fixtures.js'

/** @param {string} text */
const blobOf = (text) => encodeBase64url(new TextEncoder().encode(text))

test('what one side seals the other opens', async () => {
  const payload = { k: /** @type {const} */ ('card'), card: readCard('chromium-video') }
  const blob = await createEnvelope().seal(0, payload)
  assert.deepEqual(await createEnvelope().open(0, blob), payload)
})

test('the cards of today stay far below the limits', async () => {
  for (const browser of ['chromium', 'firefox']) {
    const blob = await createEnvelope().seal(0, { k: 'card', card: readCard(`${browser}-video`) })
    assert.ok(blob.length < MAX_BLOB_CHARS / 4, `${blob.length} characters`)
  }
})

test('a blob that is not base64url, UTF-8 JSON or small enough is not opened', async () => {
  const limit = MAX_PAYLOAD_BYTES
  const atLimit = JSON.stringify('x'.repeat(limit - 2))
  assert.equal(await createEnvelope().open(0, blobOf(atLimit)), 'x'.repeat(limit - 2))
  const invalidUtf8 = encodeBase64url(Uint8Array.of(0x22, 0xff, 0x22))
  for (const blob of ['!', 'A', blobOf('{'), blobOf(''), invalidUtf8, blobOf(`${atLimit} `)]) {
    await assert.rejects(createEnvelope().open(0, blob), TypeError)
  }
})
