import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  formatLink,
  parseFragment,
  SECRET_BYTES,
} from '../../../src/chatzyo/web/js/core/private-link.js'

const secret = Uint8Array.from({ length: SECRET_BYTES }, (_, i) => i)

test('the secret survives in the fragment of the link', () => {
  const link = formatLink('https://chat.example', secret)
  assert.equal(link, 'https://chat.example/p#1.AAECAwQFBgcICQoLDA0ODw')
  assert.deepEqual(parseFragment(new URL(link).hash), { secret })
})

test('anything else is malformed', () => {
  const fragments = [
    ...['', '#', '#1.', '1.AAECAwQFBgcICQoLDA0ODw', '#1.AAECAwQFBgcICQoLDA0OD'],
    ...['#1.AAECAwQFBgcICQoLDA0ODwA', '#1.AAECAwQFBgcICQoLDA0OD!', '#1.AAECAwQFBgcICQoLDA0ODw\n'],
    // The last character carries bits that do not exist.
    '#1.AAECAwQFBgcICQoLDA0ODx',
    ...['#01.AAECAwQFBgcICQoLDA0ODw', '#0.AAECAwQFBgcICQoLDA0ODw', '#x.AAECAwQFBgcICQoLDA0ODw'],
  ]
  for (const fragment of fragments) {
    assert.deepEqual(parseFragment(fragment), { failure: 'link-malformed' }, fragment)
  }
})

test('a link of a later format asks for a newer page', () => {
  for (const fragment of ['#2.AAECAwQFBgcICQoLDA0ODw', '#12.anything', '#10.']) {
    assert.deepEqual(parseFragment(fragment), { failure: 'version' }, fragment)
  }
})
