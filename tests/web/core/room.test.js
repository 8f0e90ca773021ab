import assert from 'node:assert/strict'
import { test } from 'node:test'
import { roomOfMatch } from '../../../src/chatzyo/web/js/core/room.js'

test('strangers talk in the room of their match', () => {
  const name = Uint8Array.from({ length: 16 }, (_, i) => i)
  assert.deepEqual(roomOfMatch('AAECAwQFBgcICQoLDA0ODw'), { name, psk: null })
})

test('what is no match id names no room', () => {
  for (const mid of ['', 'AAAA', 'AAECAwQFBgcICQoLDA0ODx', 'AAECAwQFBgcICQoLDA0ODw==']) {
    assert.equal(roomOfMatch(mid), null, mid)
  }
})
