import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  CLOSED,
  permission,
  REMEMBERED_WITHIN_MS,
  SLOW_AFTER_MS,
} from '../../../src/chatzyo/web/js/core/permission.js'

/** @import { Environment, Grant, Outcome, PermissionEvent, PermissionState } from '../../../src/chatzyo/web/js/core/permission-types.d.ts' */
/** @import { Mode } from '../../../src/chatzyo/web/js/core/types.d.ts' */

/** @type {Environment} */
const USUAL = { secure: true, supported: true, inApp: false }

/** @param {PermissionState} state @param {...PermissionEvent} events */
function after(state, ...events) {
  return events.reduce((before, event) => permission(before, event)[0], state)
}

/** @param {Mode} mode @param {Partial<Environment>} [environment] @returns {PermissionEvent} */
const chosen = (mode, environment) => ({
  type: 'chosen',
  mode,
  environment: { ...USUAL, ...environment },
})

/** @param {Mode} mode @param {Partial<Environment>} [environment] @returns {PermissionEvent} */
const wanted = (mode, environment) => ({
  type: 'wanted',
  mode,
  environment: { ...USUAL, ...environment },
  now: 0,
})

/** @param {Grant} camera @param {Grant} microphone @returns {PermissionEvent} */
const queried = (camera, microphone) => ({
  type: 'queried',
  request: 1,
  camera,
  microphone,
  now: 0,
})

/** @param {Grant} camera @param {Grant} microphone @returns {PermissionEvent} */
const permitted = (camera, microphone) => ({ type: 'permitted', camera, microphone, now: 0 })

/** @param {string} name @param {{ message?: string, now?: number, inApp?: boolean, request?: number }} [how]
 * @returns {PermissionEvent} */
const refused = (name, { message = '', now = 5000, inApp = false, request = 1 } = {}) => ({
  type: 'refused',
  request,
  name,
  message,
  inApp,
  now,
})

/** @param {Outcome} outcome @param {Mode} [mode] @returns {PermissionState} */
const helpAbout = (outcome, mode = 'video') => ({ step: 'help', mode, outcome, request: 1 })

/** @param {PermissionState} state */
const outcomeOf = (state) => (state.step === 'help' ? state.outcome : state.step)

test('choosing video only looks whether the browser would ask', () => {
  const [state, effects] = permission(CLOSED, chosen('video'))
  assert.equal(state.step, 'checking')
  assert.deepEqual(effects, [
    { type: 'release', mode: 'video' },
    { type: 'query', request: 1 },
  ])
})

test('choosing text asks for nothing and lets go of what was open', () => {
  const open = /** @type {PermissionState} */ ({ step: 'open', mode: 'video', request: 4 })
  const [state, effects] = permission(open, chosen('text'))
  assert.equal(state.step, 'idle')
  assert.deepEqual(effects, [{ type: 'release', mode: 'text' }])
})

test('starting with text asks for nothing either', () => {
  assert.equal(after(CLOSED, wanted('text')).step, 'idle')
})

test('a permission given at an earlier visit opens the devices without a question', () => {
  const [state, effects] = permission(after(CLOSED, chosen('video')), queried('granted', 'granted'))
  assert.equal(state.step, 'asking')
  assert.deepEqual(effects, [
    { type: 'release', mode: 'video' },
    { type: 'open', request: 2, mode: 'video', relaxed: false },
    { type: 'wait', request: 2, ms: SLOW_AFTER_MS },
  ])
})

test('voice opens when the microphone is granted, whatever the camera', () => {
  assert.equal(after(CLOSED, chosen('voice'), queried('denied', 'granted')).step, 'asking')
})

test('a browser that would ask is explained first', () => {
  assert.equal(after(CLOSED, chosen('video'), queried('prompt', 'granted')).step, 'priming')
  assert.equal(after(CLOSED, chosen('video'), queried('unknown', 'unknown')).step, 'priming')
})

test('a permission denied at an earlier visit is explained without asking', () => {
  assert.equal(outcomeOf(after(CLOSED, chosen('video'), queried('granted', 'denied'))), 'blocked')
})

test('an answer to an earlier look is ignored', () => {
  const state = after(CLOSED, chosen('video'), chosen('voice'))
  assert.equal(permission(state, queried('granted', 'granted'))[0], state)
})

test('an answer to the look is ignored once the devices are asked for', () => {
  const state = /** @type {PermissionState} */ ({ step: 'open', mode: 'voice', request: 1 })
  assert.equal(permission(state, queried('granted', 'granted'))[0], state)
})

test('pressing start asks at once, and the devices open', () => {
  const state = after(CLOSED, wanted('video'), { type: 'opened', request: 1 })
  assert.deepEqual(state, { step: 'open', mode: 'video', request: 1 })
})

test('a late answer to an earlier request changes nothing', () => {
  const state = after(CLOSED, wanted('video'), wanted('voice'))
  assert.equal(permission(state, { type: 'opened', request: 1 })[0], state)
  assert.equal(permission(state, refused('NotAllowedError'))[0], state)
})

test('an answer after the request was settled changes nothing', () => {
  const state = after(CLOSED, wanted('video'), { type: 'opened', request: 1 })
  assert.equal(permission(state, { type: 'waited', request: 1 })[0], state)
})

test('a question that stays open for long is pointed out', () => {
  const state = after(CLOSED, wanted('video'), { type: 'waited', request: 1 })
  assert.equal(state.step === 'asking' && state.slow, true)
})

for (const [environment, outcome] of /** @type {const} */ ([
  [{ secure: false, supported: false }, 'insecure'],
  [{ secure: false, supported: true }, 'insecure'],
  [{ supported: false, inApp: true }, 'webview'],
  [{ supported: false }, 'unsupported'],
])) {
  test(`a page that cannot ask says ${outcome}: ${JSON.stringify(environment)}`, () => {
    assert.equal(outcomeOf(after(CLOSED, chosen('voice', environment))), outcome)
    assert.equal(outcomeOf(after(CLOSED, wanted('voice', environment))), outcome)
  })
}

for (const [name, how, outcome] of /** @type {const} */ ([
  ['NotAllowedError', { now: REMEMBERED_WITHIN_MS - 1 }, 'blocked'],
  ['NotAllowedError', { now: REMEMBERED_WITHIN_MS }, 'refused'],
  ['SecurityError', { now: 0 }, 'blocked'],
  ['NotAllowedError', { message: 'Permission dismissed' }, 'dismissed'],
  ['NotAllowedError', { message: 'Permission denied by system' }, 'system'],
  ['NotAllowedError', { inApp: true }, 'webview'],
  ['NotFoundError', {}, 'missing'],
  ['NotReadableError', {}, 'busy'],
  ['AbortError', {}, 'busy'],
  ['TypeError', {}, 'failed'],
])) {
  test(`${name} ${JSON.stringify(how)} is explained as ${outcome}`, () => {
    assert.equal(outcomeOf(after(CLOSED, wanted('video'), refused(name, how))), outcome)
  })
}

test('wishes a camera cannot meet are dropped once, then there is no camera', () => {
  const state = after(CLOSED, wanted('video'), refused('OverconstrainedError'))
  assert.equal(state.step === 'asking' && state.relaxed, true)
  const final = after(state, refused('OverconstrainedError', { request: 2 }))
  assert.equal(outcomeOf(final), 'missing')
})

test('a permission granted in the browser settings opens the devices by itself', () => {
  for (const outcome of /** @type {const} */ (['blocked', 'refused', 'dismissed'])) {
    assert.equal(after(helpAbout(outcome), permitted('granted', 'granted')).step, 'asking')
  }
})

test('half a permission opens nothing for video, but is enough for voice', () => {
  const half = permitted('prompt', 'granted')
  assert.equal(outcomeOf(after(helpAbout('blocked'), half)), 'blocked')
  assert.equal(after(helpAbout('blocked', 'voice'), half).step, 'asking')
})

test('a changed permission matters only while help is shown', () => {
  assert.equal(after(CLOSED, permitted('granted', 'granted')), CLOSED)
})

test('plugging a device in tries again where one was missing or busy', () => {
  /** @type {PermissionEvent} */
  const plugged = { type: 'devicesChanged', now: 0 }
  assert.equal(after(helpAbout('missing'), plugged).step, 'asking')
  assert.equal(after(helpAbout('busy'), plugged).step, 'asking')
  assert.equal(outcomeOf(after(helpAbout('refused'), plugged)), 'refused')
  assert.equal(after(CLOSED, plugged), CLOSED)
})

test('coming back to the page tries again where the system or another program was in the way', () => {
  /** @type {PermissionEvent} */
  const returned = { type: 'returned', now: 0 }
  assert.equal(after(helpAbout('system'), returned).step, 'asking')
  assert.equal(after(helpAbout('busy'), returned).step, 'asking')
  assert.equal(outcomeOf(after(helpAbout('blocked'), returned)), 'blocked')
})
