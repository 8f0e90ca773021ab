import assert from 'node:assert/strict'
import { test } from 'node:test'

import { MAX_INTEREST_CHARS } from '../../../src/chatzyo/web/js/core/limits.js'
import {
  isInterest,
  normaliseInterest,
  suggestLanguages,
} from '../../../src/chatzyo/web/js/core/wish.js'

for (const tag of [
  'chess',
  'street food',
  "rock'n roll",
  'jean-luc',
  'தமிழ் பாடல்கள்',
  'क्\u200dष',
  '囲碁',
  'été',
]) {
  test(`"${tag}" is an interest`, () => assert.ok(isInterest(tag)))
}

for (const tag of [
  '',
  ' chess',
  'chess ',
  'a--b',
  'www.example.com',
  'a/b',
  'x@y',
  '#chess',
  'a_b',
  'a\u202eb',
  'a\u200bb',
  'a\u00a0b',
  '\ufeffa',
  'a\ud800',
]) {
  test(`${JSON.stringify(tag)} is no interest`, () => assert.ok(!isInterest(tag)))
}

test('an interest has at most 24 characters, counted as people count them', () => {
  assert.ok(isInterest('a'.repeat(MAX_INTEREST_CHARS)))
  assert.ok(!isInterest('a'.repeat(MAX_INTEREST_CHARS + 1)))
  assert.ok(isInterest('𒀀'.repeat(MAX_INTEREST_CHARS)))
})

test('the same interest typed differently is the same', () => {
  assert.equal(normaliseInterest('  Street \t Food '), 'street food')
  assert.equal(normaliseInterest('e\u0301te\u0301'), 'été')
})

test('the languages of the browser are suggested without regions, each once', () => {
  assert.deepEqual(suggestLanguages(['en-US', 'en', 'ta-IN', 'FIL', 'x-private', 'abcd', '']), [
    'en',
    'ta',
    'fil',
  ])
})

test('no more languages are suggested than a wish may hold', () => {
  assert.equal(suggestLanguages(['en', 'ta', 'hi', 'ml', 'te', 'kn']).length, 5)
})
