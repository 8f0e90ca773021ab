import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAX_CANDIDATES } from '../../../src/chatzyo/web/js/core/candidate.js'
import {
  createExchange,
  handleAnswered,
  handleCandidateFound,
  handleDescribed,
  handleUnsealed,
} from '../../../src/chatzyo/web/js/core/exchange.js'
import { MAX_SIGNALS_PER_DIRECTION } from '../../../src/chatzyo/web/js/core/limits.js'
import { parseDescription } from '../../../src/chatzyo/web/js/core/sdp.js'
import { another, readCard, readDescription } from './fixtures.js'

/** @import { Outcome } from '../../../src/chatzyo/web/js/core/exchange.js' */
/** @import { Candidate, Description, Exchange, ExchangeEffect } from '../../../src/chatzyo/web/js/core/card-types.d.ts' */

const chromium = readDescription('chromium-video')
const firefox = readDescription('firefox-video')

/** @type {Candidate} */
const candidate = { foundation: '9', priority: 9, address: '203.0.113.9', port: 9, type: 'host' }

/** @param {'a' | 'b'} role */
const begin = (role, nearby = true) => createExchange({ role, mode: 'video', nearby })

/** @param {Outcome} outcome @returns {[Exchange, ExchangeEffect[]]} */
function going(outcome) {
  assert.notEqual(outcome, 'broken')
  return /** @type {[Exchange, ExchangeEffect[]]} */ (outcome)
}

/** Feeds what the partner said, as it comes out of the seal. @param {Exchange} exchange @param {unknown} payload */
const hear = (exchange, payload) => handleUnsealed(exchange, JSON.parse(JSON.stringify(payload)))

/** @param {ExchangeEffect[]} effects @param {string} type @returns {any} the one effect of that type */
function only(effects, type) {
  const found = effects.filter((effect) => effect.type === type)
  assert.equal(found.length, 1, JSON.stringify(effects))
  return found[0]
}

/** Two sides exchange cards until nobody has anything to say.
 * @param {Description} ofA @param {Description} ofB */
function swap(ofA, ofB) {
  const [a, fromA] = going(handleDescribed(begin('a'), ofA))
  const [b, fromB] = going(handleDescribed(begin('b'), ofB))
  const [afterA, effectsA] = going(hear(a, only(fromB, 'seal').payload))
  const [afterB, effectsB] = going(hear(b, only(fromA, 'seal').payload))
  return { a: afterA, b: afterB, effectsA, effectsB }
}

test('our card is sent as soon as our side is described', () => {
  const [after, effects] = going(handleDescribed(begin('a'), chromium))
  const payload = { k: 'card', card: readCard('chromium-video') }
  assert.deepEqual(JSON.parse(JSON.stringify(effects)), [{ type: 'seal', payload }])
  assert.equal(after.stage, 'cards')
})

test('two of the same browser each take the other card as an answer', () => {
  const { a, b, effectsA, effectsB } = swap(chromium, another(chromium))
  assert.deepEqual([a.stage, b.stage], ['done', 'done'])
  const [acceptA, acceptB] = [only(effectsA, 'accept'), only(effectsB, 'accept')]
  assert.deepEqual(parseDescription(acceptA.sdp), another(chromium))
  assert.deepEqual(parseDescription(acceptB.sdp), chromium)
  assert.deepEqual(acceptA.fingerprint, another(chromium).fingerprint)
})

test('the newcomer opens DTLS', () => {
  const { effectsA, effectsB } = swap(chromium, another(chromium))
  assert.match(only(effectsA, 'accept').sdp, /a=setup:active/)
  assert.match(only(effectsB, 'accept').sdp, /a=setup:passive/)
})

test('a card that arrives before our side is described waits for it', () => {
  const [early, nothing] = going(hear(begin('b'), { k: 'card', card: readCard('chromium-video') }))
  assert.deepEqual(nothing, [])
  const [after, effects] = going(handleDescribed(early, another(chromium)))
  assert.deepEqual(
    effects.map(({ type }) => type),
    ['seal', 'accept'],
  )
  assert.equal(after.stage, 'done')
})

test('when the browsers differ, b answers the card of a', () => {
  for (const [ofA, ofB] of /** @type {const} */ ([
    [chromium, firefox],
    [firefox, chromium],
  ])) {
    const { a, b, effectsA, effectsB } = swap(ofA, ofB)
    assert.deepEqual(effectsA, [])
    const offer = only(effectsB, 'answer')
    assert.match(offer.sdp, /a=setup:active/)
    assert.deepEqual(offer.fingerprint, ofA.fingerprint)
    const { fingerprint } = ofB
    const answer = { ...another(ofA), fingerprint, candidates: chromium.candidates }
    const [doneB, fromB] = going(handleAnswered(b, answer))
    assert.equal(doneB.stage, 'done')
    const { payload } = only(fromB, 'seal')
    assert.equal(payload.k, 'answer')
    const [doneA, effects] = going(hear(a, payload))
    assert.equal(doneA.stage, 'done')
    assert.deepEqual(parseDescription(only(effects, 'accept').sdp), answer)
  }
})

test('candidates of the connection that b gave up are not used', () => {
  const { a, b } = swap(chromium, firefox)
  const [waiting, none] = going(hear(a, { k: 'ice', candidate }))
  assert.deepEqual(none, [])
  const { fingerprint } = firefox
  const [, fromB] = going(handleAnswered(b, { ...chromium, fingerprint }))
  const [done] = going(hear(waiting, only(fromB, 'seal').payload))
  const [, effects] = going(hear(done, { k: 'ice', candidate }))
  assert.deepEqual(effects, [
    { type: 'addCandidate', line: 'candidate:9 1 udp 9 203.0.113.9 9 typ host' },
  ])
})

test('b uses the candidates of a while it answers', () => {
  const { b } = swap(chromium, firefox)
  const [, effects] = going(hear(b, { k: 'ice', candidate }))
  only(effects, 'addCandidate')
})

test('late candidates of ours are sent after the card', () => {
  const [after] = going(handleDescribed(begin('a'), chromium))
  const [later, effects] = going(handleCandidateFound(after, candidate))
  assert.deepEqual(effects, [{ type: 'seal', payload: { k: 'ice', candidate } }])
  assert.equal(later.sent, 2)
})

test('a candidate found before our side is described is left to the card', () => {
  assert.deepEqual(handleCandidateFound(begin('a'), candidate), [begin('a'), []])
})

test('no more signals are sent than the service forwards', () => {
  const full = { ...begin('a'), own: chromium, sent: MAX_SIGNALS_PER_DIRECTION }
  assert.deepEqual(handleCandidateFound(full, candidate), [full, []])
  const last = { ...full, sent: MAX_SIGNALS_PER_DIRECTION - 1 }
  assert.equal(going(handleCandidateFound(last, candidate))[1].length, 1)
})

test('private addresses neither leave nor enter unless both are near', () => {
  const near = { ...candidate, address: '192.168.1.9' }
  const card = { ...readCard('chromium-video'), c: [near] }
  for (const nearby of [true, false]) {
    const count = nearby ? 1 : 0
    const own = { ...chromium, candidates: [near] }
    const [described, sent] = going(handleDescribed(begin('a', nearby), own))
    assert.equal(only(sent, 'seal').payload.card.c.length, count)
    assert.equal(going(handleCandidateFound(described, near))[1].length, count)
    const [done, effects] = going(hear(described, { k: 'card', card }))
    assert.equal(parseDescription(only(effects, 'accept').sdp)?.candidates.length, count)
    assert.equal(going(hear(done, { k: 'ice', candidate: near }))[1].length, count)
  }
})

test('a partner that sends anything else is broken', () => {
  const card = readCard('chromium-video')
  const [greeted] = going(hear(begin('a'), { k: 'card', card }))
  const { a: waiting, b: answering } = swap(chromium, firefox)
  /** @type {[Exchange, unknown][]} */
  const conversations = [
    [begin('a'), null],
    [begin('a'), 'card'],
    [begin('a'), { k: 'card' }],
    [begin('a'), { k: 'card', card, more: 1 }],
    [begin('a'), { k: 'card', card: { ...card, v: 2 } }],
    [begin('a'), { k: 'offer', card }],
    [begin('a'), { k: 'card', candidate }],
    // A second card, an answer nobody waits for, an answer to the wrong side or with other numbers.
    [greeted, { k: 'card', card }],
    [greeted, { k: 'answer', card }],
    [begin('a'), { k: 'answer', card }],
    [answering, { k: 'answer', card }],
    [waiting, { k: 'answer', card: readCard('firefox-video') }],
    [waiting, { k: 'answer', card: null }],
    // A candidate before the card, or one that is none.
    [begin('a'), { k: 'ice', candidate }],
    [greeted, { k: 'ice', candidate: { ...candidate, port: 0 } }],
  ]
  for (const [exchange, payload] of conversations) {
    assert.equal(hear(exchange, payload), 'broken', JSON.stringify(payload))
  }
})

test('a partner may send sixteen candidates besides its card and no more', () => {
  let { a } = swap(chromium, another(chromium))
  for (let i = 0; i < MAX_CANDIDATES; i += 1) [a] = going(hear(a, { k: 'ice', candidate }))
  assert.equal(hear(a, { k: 'ice', candidate }), 'broken')
})

test('a partner cannot change its certificate', () => {
  const changed = { ...readCard('chromium-video'), f: 'A'.repeat(43) }
  const { a } = swap(chromium, another(chromium))
  const { a: waiting } = swap(chromium, firefox)
  for (const [exchange, payload] of /** @type {const} */ ([
    [a, { k: 'card', card: changed }],
    [a, { k: 'answer', card: changed }],
    [waiting, { k: 'answer', card: changed }],
  ])) {
    assert.equal(hear(exchange, payload), 'identity-changed')
  }
})
