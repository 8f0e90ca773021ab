import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeBase64url } from '../../../src/chatzyo/web/js/core/base64url.js'
import {
  beginSas,
  codeNumbers,
  handleSas,
  SAS_LIMIT_MS,
} from '../../../src/chatzyo/web/js/core/sas.js'

/** @import { Role } from '../../../src/chatzyo/web/js/core/sealing-types.d.ts' */
/** @import { Sas, SasEffect, SasEvent } from '../../../src/chatzyo/web/js/core/sas-types.d.ts' */

/** @param {number} byte */
const filled = (byte) => new Uint8Array(32).fill(byte)
/** @param {number} byte */
const spelt = (byte) => encodeBase64url(filled(byte))

const NONCE = { a: filled(0xa), b: filled(0xb) }
const COMMITMENT = filled(0xc)
const CODE = [1, 2, 3, 4, 5, 6, 7]
const BROKEN = [{ type: 'end', failure: 'code-broken' }]
const DIFFERENT = [{ type: 'end', failure: 'code-different' }]

const STEPS = {
  commitment: { k: 'sas1', c: spelt(0xc) },
  answer: { k: 'sas2', r: spelt(0xb) },
  reveal: { k: 'sas3', r: spelt(0xa) },
  match: { k: 'sas4', ok: true },
}

/** @type {SasEvent} */
const COMMITTED = { type: 'committed', commitment: COMMITMENT }
/** @type {SasEvent} */
const DERIVED = { type: 'derived', commitment: COMMITMENT, code: CODE }
/** @type {SasEvent} */
const YES = { type: 'judged', ok: true }
/** @param {unknown} message @returns {SasEvent} */
const heard = (message) => ({ type: 'heard', message })

/** How each side comes to each stage. @type {Record<string, SasEvent[]>} */
const WAYS = {
  'a binding': [],
  'a answer': [COMMITTED],
  'a deriving': [COMMITTED, heard(STEPS.answer)],
  'a comparison': [COMMITTED, heard(STEPS.answer), DERIVED],
  'a verified': [COMMITTED, heard(STEPS.answer), DERIVED, YES, heard(STEPS.match)],
  'b commitment': [],
  'b reveal': [heard(STEPS.commitment)],
  'b deriving': [heard(STEPS.commitment), heard(STEPS.reveal)],
  'b comparison': [heard(STEPS.commitment), heard(STEPS.reveal), DERIVED],
  'b verified': [heard(STEPS.commitment), heard(STEPS.reveal), DERIVED, heard(STEPS.match), YES],
}

/** @param {string} way such as `a binding` @returns {Sas} */
function at(way) {
  const [role, stage] = way.split(' ')
  const side = /** @type {Role} */ (role)
  const [start] = beginSas({ role: side, nonce: NONCE[side], now: 100 })
  const sas = (WAYS[way] ?? []).reduce((state, event) => handleSas(state, event)[0], start)
  assert.equal(sas.stage, stage)
  return sas
}

/** @param {Sas} sas @param {SasEvent} event @returns {SasEffect[]} */
const effects = (sas, event) => handleSas(sas, event)[1]

test('a is bound before it says anything', () => {
  const [sas, first] = beginSas({ role: 'a', nonce: NONCE.a, now: 100 })
  assert.deepEqual(first, [{ type: 'commit', nonce: NONCE.a }])
  assert.deepEqual(effects(sas, COMMITTED), [{ type: 'say', message: STEPS.commitment }])
})

test('b says nothing before a is bound', () => {
  const [sas, first] = beginSas({ role: 'b', nonce: NONCE.b, now: 100 })
  assert.deepEqual(first, [])
  assert.deepEqual(effects(sas, heard(STEPS.commitment)), [{ type: 'say', message: STEPS.answer }])
})

test('a reveals its number once it has that of b', () => {
  assert.deepEqual(effects(at('a answer'), heard(STEPS.answer)), [
    { type: 'say', message: STEPS.reveal },
    { type: 'derive', nonceA: NONCE.a, nonceB: NONCE.b, commitment: COMMITMENT },
  ])
})

test('b derives the code from what it was shown and what a was bound to', () => {
  assert.deepEqual(effects(at('b reveal'), heard(STEPS.reveal)), [
    { type: 'derive', nonceA: NONCE.a, nonceB: NONCE.b, commitment: COMMITMENT },
  ])
})

test('both show the code', () => {
  for (const role of ['a', 'b']) {
    assert.equal(at(`${role} deriving`).code, null)
    assert.deepEqual(at(`${role} comparison`).code, CODE)
  }
})

test('a reveal of a number that a was not bound to ends the call', () => {
  const [sas, ends] = handleSas(at('b deriving'), { ...DERIVED, commitment: filled(9) })
  assert.deepEqual(ends, BROKEN)
  assert.deepEqual([sas.stage, sas.failure, sas.code], ['failed', 'code-broken', null])
})

test('the badge appears when both said yes, in either order', () => {
  const [ours] = handleSas(at('a comparison'), YES)
  assert.equal(ours.stage, 'comparison')
  assert.equal(handleSas(ours, heard(STEPS.match))[0].stage, 'verified')
  const [theirs] = handleSas(at('b comparison'), heard(STEPS.match))
  assert.equal(theirs.stage, 'comparison')
  const [both, said] = handleSas(theirs, YES)
  assert.deepEqual([both.stage, said], ['verified', [{ type: 'say', message: STEPS.match }]])
})

test('a yes that comes while our code is being computed counts once it is there', () => {
  const [early, none] = handleSas(at('a deriving'), heard(STEPS.match))
  assert.deepEqual([early.stage, none], ['deriving', []])
  const [shown] = handleSas(early, DERIVED)
  assert.equal(handleSas(shown, YES)[0].stage, 'verified')
})

test('one no ends the call, ours after it is said', () => {
  const no = { k: 'sas4', ok: false }
  assert.deepEqual(effects(at('b comparison'), heard(no)), DIFFERENT)
  assert.deepEqual(effects(at('a comparison'), { type: 'judged', ok: false }), [
    { type: 'say', message: no },
    ...DIFFERENT,
  ])
})

test('only the first press counts, and only beside a code', () => {
  const [said] = handleSas(at('a comparison'), YES)
  for (const sas of [said, at('a answer'), at('b deriving'), at('b verified')]) {
    assert.deepEqual(handleSas(sas, { type: 'judged', ok: false }), [sas, []])
  }
})

/** @type {Record<string, string>} what may come at which stage */
const DUE = {
  'a answer': 'answer',
  'a deriving': 'match',
  'a comparison': 'match',
  'b commitment': 'commitment',
  'b reveal': 'reveal',
  'b deriving': 'match',
  'b comparison': 'match',
}

test('every step out of order ends the call', () => {
  for (const way of Object.keys(WAYS)) {
    for (const [name, step] of Object.entries(STEPS)) {
      if (name === DUE[way]) continue
      const [sas, ends] = handleSas(at(way), heard(step))
      assert.deepEqual([sas.stage, ends], ['failed', BROKEN], `${way}: ${name}`)
    }
  }
})

test('saying it twice ends the call', () => {
  for (const way of ['a deriving', 'a comparison', 'b deriving', 'b comparison']) {
    const [once] = handleSas(at(way), heard(STEPS.match))
    assert.deepEqual(effects(once, heard(STEPS.match)), BROKEN, way)
  }
})

test('a malformed step ends the call', () => {
  const { commitment, answer, reveal, match } = STEPS
  /** @type {[string, unknown][]} */
  const wrong = [
    ['b commitment', null],
    ['b commitment', 'sas1'],
    ['b commitment', { k: 'sas1' }],
    ['b commitment', { ...commitment, c: 1 }],
    ['b commitment', { ...commitment, c: 'AAAA' }],
    ['b commitment', { ...commitment, c: `${commitment.c}A` }],
    // The last character carries bits that do not exist.
    ['b commitment', { ...commitment, c: `${commitment.c.slice(0, -1)}x` }],
    ['b commitment', { ...commitment, more: 1 }],
    ['a answer', { ...answer, r: 'AAAA' }],
    ['b reveal', { ...reveal, r: 'AAAA' }],
    ['a comparison', { ...match, ok: 1 }],
    ['a comparison', { ...match, more: 1 }],
  ]
  for (const [way, message] of wrong) {
    assert.deepEqual(effects(at(way), heard(message)), BROKEN, JSON.stringify(message))
  }
})

test('a partner that keeps us waiting ends the call', () => {
  const waiting = ['a binding', 'a answer', 'a deriving', 'b commitment', 'b reveal', 'b deriving']
  for (const way of waiting) {
    const sas = at(way)
    const due = 100 + SAS_LIMIT_MS
    assert.deepEqual(handleSas(sas, { type: 'tick', now: due - 1 }), [sas, []])
    assert.deepEqual(effects(sas, { type: 'tick', now: due }), BROKEN, way)
  }
})

test('people may take their time to compare', () => {
  const sas = at('a comparison')
  assert.deepEqual(handleSas(sas, { type: 'tick', now: 1e9 }), [sas, []])
})

test('the first failure is the last word', () => {
  const [failed] = handleSas(at('b reveal'), heard(STEPS.commitment))
  for (const event of [COMMITTED, DERIVED, YES, heard(STEPS.reveal)]) {
    assert.deepEqual(handleSas(failed, event), [failed, []])
  }
})

test('the code is the first 42 bits, six by six', () => {
  const bytes = Uint8Array.from(Buffer.from('b7cab1af19da', 'hex'))
  assert.deepEqual(codeNumbers(bytes), [45, 60, 42, 49, 43, 49, 39])
  assert.deepEqual(codeNumbers(new Uint8Array(6).fill(255)), Array(7).fill(63))
  assert.deepEqual(codeNumbers(Uint8Array.of(0, 0, 0, 0, 0, 0x3f)), Array(7).fill(0))
})
