import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  backoff,
  FIRST_DELAY_MS,
  LONGEST_DELAY_MS,
} from '../../../src/chatzyo/web/js/core/backoff.js'

test('each failure doubles the delay', () => {
  assert.equal(backoff(0, 1), FIRST_DELAY_MS)
  assert.equal(backoff(1, 1), 2 * FIRST_DELAY_MS)
  assert.equal(backoff(4, 1), 16 * FIRST_DELAY_MS)
})

test('the delay stops growing', () => {
  assert.equal(backoff(6, 1), LONGEST_DELAY_MS)
  assert.equal(backoff(10_000, 1), LONGEST_DELAY_MS)
})

test('half of the delay is left to chance', () => {
  assert.equal(backoff(0, 0), FIRST_DELAY_MS / 2)
  assert.equal(backoff(0, 0.5), 0.75 * FIRST_DELAY_MS)
})
