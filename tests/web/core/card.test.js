import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAX_CANDIDATES } from '../../../src/chatzyo/web/js/core/candidate.js'
import { describeCard, makeCard, parseCard } from '../../../src/chatzyo/web/js/core/card.js'
import { readCard, readDescription } from './fixtures.js'

const all = () => true
const card = readCard('chromium-video')

/** A deep copy with one value changed. @param {string} path @param {unknown} value */
function changed(path, value) {
  const copy = structuredClone(card)
  const names = path.split('.')
  const last = /** @type {string} */ (names.pop())
  const parent = names.reduce((at, name) => at[name], /** @type {any} */ (copy))
  parent[last] = value
  return copy
}

test('a card carries a description to the other side', () => {
  for (const name of ['chromium-video', 'firefox-video']) {
    const received = parseCard(readCard(name), 'video')
    assert.ok(received)
    assert.deepEqual(describeCard(received, received.m, all), readDescription(name))
  }
})

test('each mode has its media in one order', () => {
  assert.ok(parseCard(readCard('chromium-text'), 'text'))
  assert.ok(parseCard({ ...card, m: [card.m[0], card.m[2]] }, 'voice'))
  for (const mode of /** @type {const} */ (['voice', 'text']))
    assert.equal(parseCard(card, mode), null)
  assert.equal(parseCard({ ...card, m: [card.m[1], card.m[0], card.m[2]] }, 'video'), null)
  assert.equal(parseCard({ ...card, m: [...card.m, card.m[2]] }, 'video'), null)
})

test('a card has few candidates, and only those that may be sent', () => {
  const description = readDescription('chromium-video')
  const [candidate] = description.candidates
  assert.ok(candidate)
  const many = { ...description, candidates: Array(MAX_CANDIDATES + 1).fill(candidate) }
  assert.equal(makeCard(many, all).c.length, MAX_CANDIDATES)
  assert.deepEqual(makeCard(many, () => false).c, [])
})

test('received candidates are used only as far as they are admitted', () => {
  const isFirst = /** @param {{ address: string }} candidate */ ({ address }) =>
    address === '192.0.2.2'
  assert.deepEqual(
    describeCard(card, card.m, isFirst).candidates.map(({ address }) => address),
    ['192.0.2.2'],
  )
})

test('sixteen candidates are accepted and seventeen are not', () => {
  assert.ok(parseCard(changed('c', Array(16).fill(card.c[0])), 'video'))
  assert.equal(parseCard(changed('c', Array(17).fill(card.c[0])), 'video'), null)
})

test('whatever else a stranger sends is refused, and nothing throws', () => {
  /** @type {[string, unknown][]} */
  const changes = [
    ['v', 2],
    ['u', 'abc'],
    ['u', 'abcd\r\na=x'],
    ['u', 'a'.repeat(257)],
    ['p', 'short'],
    ['p', null],
    ['f', card.f.slice(1)],
    ['f', `${card.f.slice(0, -1)}=`],
    ['f', 5],
    ['c', {}],
    ['c.0.address', 'evil.example'],
    ['m', []],
    ['m.0.mid', 'a b'],
    ['m.0.codecs', []],
    ['m.0.codecs.0.pt', 0],
    ['m.0.codecs.0.pt', 64],
    ['m.0.codecs.0.pt', 128],
    ['m.0.codecs.0.name', 'evil'],
    ['m.0.codecs.0.rate', 8000],
    ['m.0.codecs.0.channels', 3],
    ['m.0.codecs.0.format', 'a=b\r\na=x:y'],
    ['m.0.codecs.0.format', 'a'],
    ['m.0.codecs.0.feedback', ['nack evil']],
    ['m.0.codecs.0.extra', 1],
    ['m.0.extensions', { evil: 1 }],
    ['m.0.extensions', { mid: 15 }],
    ['m.0.extensions', { mid: 1, level: 1 }],
    ['m.0.ssrcs', [0]],
    ['m.0.ssrcs', [2 ** 32]],
    ['m.0.ssrcs', [1, 2, 3]],
    ['m.1.ssrcs', [7, 7]],
    ['m.1.mid', '0'],
    ['m.1.codecs.1.pt', 96],
    ['m.2.size', 0],
    ['m.2.kind', 'text'],
    ['extra', 1],
  ]
  for (const [path, value] of changes) {
    assert.equal(parseCard(changed(path, value), 'video'), null, `${path} ${value}`)
  }
  for (const value of [null, undefined, 1, 'card', [], {}])
    assert.equal(parseCard(value, 'video'), null)
})

test('payload types that RTP leaves free are accepted in both ranges', () => {
  assert.ok(parseCard(changed('m.0.codecs.0.pt', 35), 'video'))
  assert.ok(parseCard(changed('m.0.codecs.0.pt', 127), 'video'))
})
