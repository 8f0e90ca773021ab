import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leave } from '../../../src/chatzyo/web/js/core/match.js'
import {
  awaitReturn,
  createLink,
  hide,
  join,
  linkCreated,
  replaced,
  roomFull,
} from '../../../src/chatzyo/web/js/core/private-room.js'
import {
  alone,
  inLobby,
  invited,
  LINK,
  Stage,
  searching,
  talking,
  together,
  wishFor,
} from './stage.js'

/** @import { Step } from '../../../src/chatzyo/web/js/core/session-types.d.ts' */

const now = 5000
const voice = { mode: /** @type {const} */ ('voice'), now }
const PREPARE = { type: 'prepare', mode: 'video' }
const JOIN = { type: 'join', link: LINK }
const CLOSE = { type: 'closePeer' }
const BYE = { type: 'sendChannel', message: { k: 'bye' } }

/** @param {Step} step */
const shown = ([{ state }]) => [state.phase, state.room?.stage, state.match]

test('a link is made and shown in the lobby only', () => {
  assert.deepEqual(createLink(inLobby().visit)[1], [{ type: 'createLink' }])
  assert.deepEqual(createLink(talking().visit)[1], [])
  const { room } = linkCreated(inLobby().visit, { link: LINK })[0].state
  assert.deepEqual(room, { link: LINK, stage: 'choosing' })
  assert.equal(linkCreated(searching().visit, { link: LINK })[0].state.room, null)
})

test('a room is entered with the devices one likes', () => {
  const step = join(invited().visit, voice)
  assert.deepEqual(shown(step), ['searching', 'alone', null])
  assert.deepEqual(step[1], [PREPARE, JOIN])
  const nothing = { hub: 'world', languages: [], interests: [] }
  assert.deepEqual(step[0].state.wish, { ...nothing, mode: 'voice' })
})

test('a wish made before is kept for later', () => {
  const { visit } = searching('video').feed({ type: 'stop' })
  const [, effects] = linkCreated(visit, { link: LINK })
  assert.deepEqual(effects, [])
  const [chosen] = linkCreated(visit, { link: LINK })
  assert.deepEqual(join(chosen, voice)[0].state.wish, wishFor('voice'))
})

test('a room is entered once, and never without a link', () => {
  for (const { visit } of [inLobby(), alone(), together()]) {
    assert.deepEqual(join(visit, voice), [visit, []])
  }
})

test('a room is entered when the service is there', () => {
  const { visit } = new Stage({ link: LINK })
  assert.deepEqual(join(visit, voice)[1], [PREPARE])
})

test('who went away is waited for in the room', () => {
  assert.deepEqual(shown(awaitReturn(together().visit)), ['searching', 'apart', null])
  const { visit } = talking()
  assert.deepEqual(awaitReturn(visit), [visit, []])
})

test('a room is full for who asks to enter it, and can be tried again', () => {
  const step = roomFull(alone().visit)
  assert.deepEqual(shown(step), ['ended', 'full', null])
  assert.deepEqual(join(step[0], voice)[1], [PREPARE, JOIN])
  const { visit } = together()
  assert.deepEqual(roomFull(visit), [visit, []])
  const among = searching().visit
  assert.deepEqual(roomFull(among), [among, []])
})

test('who lost the seat to another page has nothing of the call any more', () => {
  const step = replaced(together().visit)
  assert.deepEqual(shown(step), ['ended', 'replaced', null])
  assert.deepEqual(step[1], [CLOSE])
  assert.deepEqual(replaced(alone().visit)[1], [])
})

test('a page that is loaded again says goodbye but keeps its seat', () => {
  const step = hide(together().visit, leave)
  assert.deepEqual(shown(step), ['searching', 'apart', null])
  assert.deepEqual(step[1], [BYE, CLOSE])
  assert.deepEqual(hide(alone().visit, leave)[1], [])
})

test('a page outside of the room has nothing to keep', () => {
  const [full] = roomFull(alone().visit)
  for (const visit of [invited().visit, talking().visit, full]) {
    assert.deepEqual(hide(visit, leave), [visit, []])
  }
})
