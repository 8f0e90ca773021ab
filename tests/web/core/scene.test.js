import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { scene, shownMode, windowTitle } from '../../../src/chatzyo/web/js/core/scene.js'

/** @import { EndReason, Phase, Room, State } from '../../../src/chatzyo/web/js/core/types.d.ts' */

/** @type {Record<string, string>} */
const catalogue = JSON.parse(
  readFileSync(new URL('../../../src/chatzyo/web/locales/en.json', import.meta.url), 'utf8'),
)

/** @param {Phase} phase @param {Room['stage'] | null} stage @param {EndReason | null} ended
 * @returns {State} */
function state(phase, stage = null, ended = null) {
  return {
    phase,
    service: 'ready',
    online: null,
    wish: null,
    waiting: null,
    match: null,
    ended,
    nextAt: null,
    chat: [],
    strangerTyping: false,
    stranger: { microphone: true, camera: true },
    self: { microphone: true, camera: true },
    room: stage && { link: 'https://chat.example/p#1.AAAAAAAAAAAAAAAAAAAAAA', stage },
    security: null,
    linkFailure: null,
    reaction: null,
  }
}

/** @type {EndReason[]} */
const ORDINARY = ['left', 'lost', 'failed', 'broken']

/** @type {EndReason[]} */
const GRAVE = [
  'link-mismatch',
  'sealed-broken',
  'peer-silent',
  'identity-changed',
  'code-broken',
  'code-different',
]

/** @type {Room['stage'][]} */
const STAGES = ['alone', 'together', 'apart', 'full', 'replaced']

/** @type {Phase[]} */
const AWAY = ['searching', 'connecting', 'talking', 'ended']

test('every scene has its texts', () => {
  const reasons = [null, ...ORDINARY, ...GRAVE]
  const states = AWAY.flatMap((phase) =>
    [null, ...STAGES].flatMap((stage) => reasons.map((reason) => state(phase, stage, reason))),
  )
  const keys = states.flatMap((each) => [scene(each).title, scene(each).body, windowTitle(each)])
  for (const key of new Set(keys)) assert.ok(key === null || catalogue[key], `${key}`)
})

test('among strangers Next is offered from the first sign of somebody on', () => {
  assert.equal(scene(state('searching')).way, null)
  for (const phase of /** @type {const} */ (['connecting', 'talking', 'ended'])) {
    assert.equal(scene(state(phase)).way, 'next')
  }
})

test('a private call never offers Next', () => {
  for (const phase of AWAY) {
    for (const stage of STAGES) assert.notEqual(scene(state(phase, stage)).way, 'next')
  }
})

test('a call that was stopped for safety says so, whatever the room is like', () => {
  for (const reason of GRAVE) {
    const among = { title: `ended.${reason}`, body: `ended.${reason}.body`, isGrave: true }
    assert.deepEqual(scene(state('ended', null, reason)), { ...among, way: 'next', invites: false })
    for (const stage of STAGES) {
      const told = { ...among, way: 'again', invites: false }
      assert.deepEqual(scene(state('ended', stage, reason)), told)
    }
  }
})

test('what ended a call is not told of the next one', () => {
  assert.equal(scene(state('talking', null, 'code-broken')).isGrave, false)
})

test('who waits alone is given the link, and who was left waits without a button', () => {
  assert.deepEqual(scene(state('searching', 'alone')), {
    title: 'room.alone',
    body: 'room.alone.body',
    way: null,
    isGrave: false,
    invites: true,
  })
  const apart = scene(state('searching', 'apart'))
  assert.deepEqual([apart.title, apart.way, apart.invites], ['room.apart', null, false])
})

test('who found the room full or was replaced may try again', () => {
  assert.deepEqual(scene(state('ended', 'full')).way, 'again')
  assert.deepEqual(scene(state('ended', 'replaced')).way, 'again')
})

test('a private call that could not connect may be tried again', () => {
  const { title, body, way } = scene(state('ended', 'apart', 'failed'))
  assert.deepEqual([title, body, way], ['room.failed', 'room.again', 'again'])
})

test('an end without a reason is told as a lost connection', () => {
  assert.equal(scene(state('ended')).title, 'ended.lost')
})

test('the window is named after the phase, and after the private call while nobody is there', () => {
  assert.equal(windowTitle(state('searching')), 'title.searching')
  assert.equal(windowTitle(state('lobby', 'choosing')), 'title.room')
  assert.equal(windowTitle(state('searching', 'apart')), 'title.room')
  assert.equal(windowTitle(state('talking', 'together')), 'title.talking')
  assert.equal(windowTitle(state('ended', 'apart', 'code-different')), 'title.ended')
})

test('strangers both have the mode of their match', () => {
  const match = { mid: 'm', role: /** @type {const} */ ('a'), languages: [], interests: [] }
  assert.equal(shownMode(state('searching'), 'voice'), 'voice')
  const talking = state('talking')
  assert.equal(shownMode({ ...talking, match: { ...match, mode: 'text' } }, 'voice'), 'text')
})

test('in a private call there is room for whatever either sends', () => {
  const together = state('talking', 'together')
  const voice = { ...together, stranger: { microphone: true, camera: false } }
  const text = { ...together, stranger: { microphone: false, camera: false } }
  assert.equal(shownMode(state('searching', 'alone'), 'text'), 'text')
  assert.equal(shownMode(text, 'video'), 'video')
  assert.equal(shownMode(together, 'text'), 'video')
  assert.equal(shownMode(voice, 'text'), 'voice')
  assert.equal(shownMode(text, 'voice'), 'voice')
  assert.equal(shownMode(text, 'text'), 'text')
})
