import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  devicesOf,
  find,
  hasPartner,
  isCurrent,
  isTalking,
  NO_MATCH,
  prepare,
  tellDevices,
  then,
  withState,
} from '../../../src/chatzyo/web/js/core/visit.js'
import {
  connecting,
  inLobby,
  invited,
  LINK,
  Stage,
  searching,
  talking,
  together,
  wishFor,
} from './stage.js'

test('a change of the state leaves the visit it came from as it was', () => {
  const { visit } = new Stage()
  const after = withState(visit, { online: 8 })
  assert.deepEqual([visit.state.online, after.state.online], [null, 8])
})

test('steps join into one with all effects in order', () => {
  const { visit } = new Stage()
  const [after, effects] = then([visit, [{ type: 'openSocket' }]], (at) => [
    withState(at, { online: 8 }),
    [{ type: 'closePeer' }],
  ])
  assert.equal(after.state.online, 8)
  assert.deepEqual(effects, [{ type: 'openSocket' }, { type: 'closePeer' }])
})

test('a search is sent to a service that is ready', () => {
  const wish = wishFor('voice')
  assert.deepEqual(find(withState(inLobby().visit, { wish }))[1], [{ type: 'find', wish }])
})

test('in a private room only the other person is waited for', () => {
  const { visit } = invited()
  assert.deepEqual(find(visit)[1], [])
  const [, effects] = find(withState(visit, { wish: wishFor('voice') }))
  assert.deepEqual(effects, [{ type: 'join', link: LINK }])
})

test('a connection is prepared for the mode, and in a private room for any', () => {
  assert.deepEqual(prepare(inLobby().visit, 'text'), { type: 'prepare', mode: 'text' })
  assert.deepEqual(prepare(invited().visit, 'text'), { type: 'prepare', mode: 'video' })
})

test('in a private room the partner is told of what we chose to send', () => {
  const message = { k: 'devices', microphone: true, camera: false }
  assert.deepEqual(tellDevices(together('voice').visit), { type: 'sendChannel', message })
})

test('without service or wish nothing is sent', () => {
  assert.deepEqual(find(inLobby().visit)[1], [])
  assert.deepEqual(find(withState(new Stage().visit, { wish: wishFor('text') }))[1], [])
})

test('we talk once the channel is open', () => {
  assert.equal(isTalking(connecting().visit), false)
  assert.equal(isTalking(talking().visit), true)
})

test('there is a partner from the introduction until the end', () => {
  assert.equal(hasPartner(searching().visit), false)
  assert.equal(hasPartner(connecting().visit), true)
  assert.equal(hasPartner(talking().visit), true)
  assert.equal(hasPartner(talking().say('m1', { k: 'bye' }).visit), false)
})

test('an event is current when it belongs to the match under way', () => {
  assert.equal(isCurrent(searching().visit, { mid: 'm1' }), false)
  assert.equal(isCurrent(connecting().visit, { mid: 'm1' }), true)
  assert.equal(isCurrent(connecting().visit, { mid: 'm0' }), false)
  assert.equal(isCurrent(talking().say('m1', { k: 'bye' }).visit, { mid: 'm1' }), false)
})

test('the partner is told of devices that the mode has', () => {
  for (const [mode, microphone, camera] of /** @type {const} */ ([
    ['video', true, true],
    ['voice', true, false],
    ['text', false, false],
  ])) {
    const message = { k: 'devices', microphone, camera }
    assert.deepEqual(tellDevices(talking(mode).visit), { type: 'sendChannel', message })
    assert.deepEqual(devicesOf(mode), { microphone, camera })
  }
})

test('the partner is told of devices that are switched off', () => {
  const off = withState(talking().visit, { self: { microphone: false, camera: false } })
  const message = { k: 'devices', microphone: false, camera: false }
  assert.deepEqual(tellDevices(off), { type: 'sendChannel', message })
})

test('without a match nothing of one is shown', () => {
  assert.deepEqual([NO_MATCH.match, NO_MATCH.chat, NO_MATCH.nextAt], [null, [], null])
})
