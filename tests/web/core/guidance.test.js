import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { guidance } from '../../../src/chatzyo/web/js/core/guidance.js'

/** @import { Outcome, PermissionState } from '../../../src/chatzyo/web/js/core/permission-types.d.ts' */
/** @import { Mode } from '../../../src/chatzyo/web/js/core/types.d.ts' */

const catalogue = JSON.parse(
  readFileSync(new URL('../../../src/chatzyo/web/locales/en.json', import.meta.url), 'utf8'),
)

/** @type {PermissionState} */
const IDLE = { step: 'idle', request: 0 }

/** @type {Outcome[]} */
const OUTCOMES = [
  'refused',
  'blocked',
  'dismissed',
  'system',
  'missing',
  'busy',
  'insecure',
  'webview',
  'unsupported',
  'failed',
]

/** @param {boolean} slow @param {Mode} [mode] @returns {PermissionState} */
const asking = (slow, mode = 'video') => ({
  step: 'asking',
  mode,
  since: 0,
  relaxed: false,
  slow,
  request: 1,
})

test('before anything happened, the question is explained and offered', () => {
  assert.deepEqual(guidance(IDLE, 'video')?.ways, ['open'])
  assert.deepEqual(guidance({ step: 'priming', mode: 'voice', request: 1 }, 'voice')?.ways, [
    'open',
  ])
})

test('text needs no devices and says so', () => {
  const open = /** @type {PermissionState} */ ({ step: 'open', mode: 'video', request: 1 })
  assert.deepEqual(guidance(open, 'text'), {
    title: 'prime.text.title',
    body: 'prime.text.body',
    ways: [],
  })
})

test('what is known about another mode is not shown for this one', () => {
  const help = /** @type {PermissionState} */ ({
    step: 'help',
    mode: 'video',
    outcome: 'busy',
    request: 1,
  })
  assert.equal(guidance(help, 'voice')?.title, 'prime.voice.title')
})

test('open devices need no guidance', () => {
  assert.equal(guidance({ step: 'open', mode: 'video', request: 1 }, 'video'), null)
})

test('while the browser asks, the way around appears only after a long wait', () => {
  assert.deepEqual(guidance(asking(false), 'video')?.ways, [])
  assert.deepEqual(guidance(asking(true), 'video')?.ways, ['voice', 'text'])
  assert.deepEqual(guidance(asking(true, 'voice'), 'voice')?.ways, ['text'])
})

for (const mode of /** @type {const} */ (['video', 'voice'])) {
  for (const outcome of OUTCOMES) {
    test(`${outcome} in ${mode} mode has its own explanation and a way on`, () => {
      const advice = guidance({ step: 'help', mode, outcome, request: 1 }, mode)
      assert.ok(advice)
      assert.ok(catalogue[advice.title], advice.title)
      assert.ok(catalogue[advice.body], advice.body)
      // Without a secure context there are no keys, and without keys no text either.
      assert.equal(advice.ways.includes('text'), outcome !== 'insecure')
    })
  }
}

test('voice is offered instead of video unless the microphone cannot work either', () => {
  /** @param {Outcome} outcome */
  const ways = (outcome) =>
    guidance({ step: 'help', mode: 'video', outcome, request: 1 }, 'video')?.ways
  assert.deepEqual(ways('blocked'), ['retry', 'voice', 'text'])
  assert.deepEqual(ways('insecure'), [])
  assert.deepEqual(ways('unsupported'), ['text'])
  assert.deepEqual(ways('webview'), ['copy', 'text'])
})
