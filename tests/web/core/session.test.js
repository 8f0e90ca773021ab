import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GREETING_LIMIT_MS } from '../../../src/chatzyo/web/js/core/link.js'
import {
  CONNECT_LIMIT_MS,
  GOODBYE_GRACE_MS,
  INTERRUPTION_LIMIT_MS,
  PREPARE_AFTER_MS,
  SILENCE_LIMIT_MS,
} from '../../../src/chatzyo/web/js/core/match.js'
import { UNDO_WINDOW_MS, wakeAt } from '../../../src/chatzyo/web/js/core/session.js'
import {
  alone,
  connecting,
  inLobby,
  invited,
  LINK,
  START,
  Stage,
  searching,
  talking,
  together,
  wishFor,
} from './stage.js'

/** @import { Occurrence } from '../../../src/chatzyo/web/js/core/session-types.d.ts' */

const blob = 'AAAA'
const mid = 'm1'

test('a visit begins with opening the socket', () => {
  const stage = new Stage().expect('lobby', 'openSocket')
  assert.equal(stage.state.service, 'connecting')
  assert.equal(wakeAt(stage.visit), START + GREETING_LIMIT_MS)
})

test('hello is answered by welcome', () => {
  const stage = new Stage().feed({ type: 'socketOpened' }).expect('lobby', '> hello')
  stage.hear({ type: 'welcome', v: 1, online: 16 }).expect('lobby')
  assert.deepEqual([stage.state.service, stage.state.online], ['ready', 16])
  assert.equal(wakeAt(stage.visit), null)
})

test('a connection is prepared when the page asks for it', () => {
  inLobby().feed({ type: 'prepare', mode: 'voice' }).expect('lobby', 'prepare')
})

test('two people meet, talk and part', () => {
  const stage = inLobby().start().expect('searching', 'prepare', '> find')
  stage.hear({ type: 'waiting', waiting: 8, estimate: 20, widened: 'nothing' }).expect('searching')
  assert.deepEqual(stage.state.waiting, { waiting: 8, estimate: 20, widened: 'nothing' })
  stage.match(mid).expect('connecting', 'introduce')
  stage.hear({ type: 'signal', mid, seq: 0, blob }).expect('connecting', 'signal')
  stage.feed({ type: 'cardsExchanged', mid }).expect('connecting')
  stage.feed({ type: 'channelOpened', mid }).expect('talking', 'sendChannel')
  stage.wait(PREPARE_AFTER_MS).expect('talking', 'prepare')
  stage.feed({ type: 'send', text: 'hello' }).expect('talking', 'sendChannel')
  stage.say(mid, { k: 'text', text: 'hi' }).expect('talking')
  assert.deepEqual(
    stage.state.chat.map(({ from, text }) => [from, text]),
    [
      ['me', 'hello'],
      ['stranger', 'hi'],
    ],
  )
  stage.say(mid, { k: 'bye' }).expect('ended', 'closePeer', 'prepare')
  assert.equal(stage.state.ended, 'left')
  stage.feed({ type: 'next' }).expect('searching', '> leave', 'prepare', '> find')
  assert.deepEqual(stage.state.chat, [])
})

test('start counts in the lobby only', () => {
  for (const stage of [searching(), connecting(), talking()]) {
    const before = stage.visit
    stage.start('text')
    assert.deepEqual([stage.visit, stage.effects], [before, []])
  }
})

test('a wish made before the service is ready is sent with the welcome', () => {
  const stage = new Stage().start().expect('searching', 'prepare')
  stage.greet().expect('searching', '> find')
})

test('a search goes on when the service is back', () => {
  const stage = searching().hear({
    type: 'waiting',
    waiting: 0,
    estimate: null,
    widened: 'nothing',
  })
  stage.feed({ type: 'socketClosed', code: 1006 }).expect('searching', 'forgetKey')
  assert.deepEqual([stage.state.service, stage.state.waiting], ['reconnecting', null])
  stage.now = wakeAt(stage.visit) ?? 0
  stage.feed({ type: 'tick' }).expect('searching', 'openSocket')
  stage.greet().expect('searching', '> find')
})

test('a refused wish leads back to the lobby, and other refusals to nothing', () => {
  searching().hear({ type: 'error', code: 'invalid-field', field: 'interests' }).expect('lobby')
  searching().hear({ type: 'error', code: 'in-match' }).expect('searching')
  talking().hear({ type: 'error', code: 'invalid-field' }).expect('talking')
})

test('news of a search that is over is not shown', () => {
  const stage = inLobby().hear({ type: 'waiting', waiting: 8, estimate: 1, widened: 'again' })
  assert.equal(stage.state.waiting, null)
})

test('a message this page does not know is passed over', () => {
  talking().hear({ type: 'fanfare' }).expect('talking')
})

test('stop leads to the lobby from everywhere', () => {
  inLobby().feed({ type: 'stop' }).expect('lobby')
  searching().feed({ type: 'stop' }).expect('lobby', '> cancel')
  new Stage().start().feed({ type: 'stop' }).expect('lobby')
  connecting().feed({ type: 'stop' }).expect('lobby', 'closePeer', '> leave')
  talking().feed({ type: 'stop' }).expect('lobby', 'sendChannel', 'closePeer', '> leave')
  talking().hear({ type: 'ended', mid, reason: 'left' }).feed({ type: 'stop' }).expect('lobby')
})

test('a match that crosses stop is left', () => {
  searching().feed({ type: 'stop' }).match(mid).expect('lobby', '> leave', 'forgetKey')
})

test('next leaves and searches in one go', () => {
  talking()
    .feed({ type: 'next' })
    .expect('searching', 'sendChannel', 'closePeer', '> leave', 'prepare', '> find')
  connecting()
    .feed({ type: 'next' })
    .expect('searching', 'closePeer', '> leave', 'prepare', '> find')
})

test('next means nothing before there is someone', () => {
  inLobby().feed({ type: 'next' }).expect('lobby')
  searching().feed({ type: 'next' }).expect('searching')
})

test('Escape leaves two seconds to change one’s mind', () => {
  const stage = talking().feed({ type: 'nextSoon' }).expect('talking')
  assert.equal(stage.state.nextAt, stage.now + UNDO_WINDOW_MS)
  assert.equal(wakeAt(stage.visit), stage.state.nextAt)
  stage.wait(UNDO_WINDOW_MS - 1).expect('talking')
  stage.wait(1).expect('searching', 'sendChannel', 'closePeer', '> leave', 'prepare', '> find')
})

test('undo keeps the partner', () => {
  const stage = talking().feed({ type: 'nextSoon' }).feed({ type: 'undoNext' })
  assert.equal(stage.state.nextAt, null)
  stage.wait(UNDO_WINDOW_MS).expect('talking')
})

test('Escape twice is next', () => {
  const stage = connecting().feed({ type: 'nextSoon' }).feed({ type: 'nextSoon' })
  assert.equal(stage.state.phase, 'searching')
  assert.equal(stage.state.nextAt, null)
})

test('Escape after the end is next, and in the lobby nothing', () => {
  const ended = talking().hear({ type: 'ended', mid, reason: 'left' })
  ended.feed({ type: 'nextSoon' }).expect('searching', 'prepare', '> find')
  inLobby().feed({ type: 'nextSoon' }).expect('lobby')
})

test('what is said before or after the conversation is not sent', () => {
  for (const stage of [inLobby(), searching(), connecting()]) {
    for (const action of /** @type {const} */ ([
      { type: 'send', text: 'x' },
      { type: 'typing' },
      { type: 'react', emoji: '👍' },
    ])) {
      const before = stage.visit
      stage.feed(action)
      assert.deepEqual([stage.visit, stage.effects], [before, []])
    }
  }
})

test('typing and reactions are told while we talk', () => {
  const stage = talking().feed({ type: 'typing' }).expect('talking', 'sendChannel')
  stage.feed({ type: 'react', emoji: '👍' }).expect('talking', 'sendChannel')
  assert.equal(stage.state.reaction?.from, 'me')
})

test('a typing notice runs out by itself', () => {
  const stage = talking().say(mid, { k: 'typing' })
  assert.equal(stage.state.strangerTyping, true)
  stage.now = wakeAt(stage.visit) ?? 0
  assert.equal(stage.feed({ type: 'tick' }).state.strangerTyping, false)
})

test('devices are switched at any time and told while we talk', () => {
  const stage = inLobby().feed({ type: 'setMicrophone', on: false }).expect('lobby', 'setDevice')
  stage.feed({ type: 'setCamera', on: false }).expect('lobby', 'setDevice')
  assert.deepEqual(stage.state.self, { microphone: false, camera: false })
  stage.start().match(mid).feed({ type: 'channelOpened', mid })
  assert.deepEqual(stage.effects[0], {
    type: 'sendChannel',
    message: { k: 'devices', microphone: false, camera: false },
  })
  stage.feed({ type: 'setCamera', on: true }).expect('talking', 'setDevice', 'sendChannel')
})

test('a pair that does not connect in time has failed', () => {
  const stage = connecting().feed({ type: 'recordOpened', mid })
  assert.equal(wakeAt(stage.visit), stage.now + CONNECT_LIMIT_MS)
  stage.wait(CONNECT_LIMIT_MS - 1).expect('connecting')
  stage.wait(1).expect('ended', 'closePeer', '> leave', 'prepare')
  assert.equal(stage.state.ended, 'failed')
})

test('a path that does not come back is lost', () => {
  const stage = talking().feed({ type: 'pathChanged', mid, path: 'interrupted' })
  stage.wait(INTERRUPTION_LIMIT_MS).expect('ended', 'closePeer', '> leave', 'prepare')
  assert.equal(stage.state.ended, 'lost')
})

test('a channel that closes without a word is a partner who left, if the service says so', () => {
  const stage = talking().feed({ type: 'channelClosed', mid })
  stage.hear({ type: 'ended', mid, reason: 'left' })
  assert.equal(stage.state.ended, 'left')
  const silent = talking().feed({ type: 'channelClosed', mid }).wait(GOODBYE_GRACE_MS)
  assert.equal(silent.state.ended, 'lost')
})

test('a call outlives the service', () => {
  const stage = talking().feed({ type: 'socketClosed', code: 1006 }).expect('talking')
  stage.say(mid, { k: 'text', text: 'still here' }).expect('talking')
  stage.now = wakeAt(stage.visit) ?? 0
  stage.feed({ type: 'tick' }).greet().expect('talking')
  stage.feed({ type: 'next' }).expect('searching', 'sendChannel', 'closePeer', 'prepare', '> find')
})

test('without exchanged cards a match does not outlive the service', () => {
  const stage = connecting().feed({ type: 'socketClosed', code: 1006 })
  assert.deepEqual([stage.state.phase, stage.state.ended], ['ended', 'lost'])
})

test('with exchanged cards a match may still connect', () => {
  const stage = connecting().feed({ type: 'cardsExchanged', mid })
  stage.feed({ type: 'socketClosed', code: 1006 })
  stage.expect('connecting').feed({ type: 'channelOpened', mid })
  assert.equal(stage.state.phase, 'talking')
})

test('a service that does not greet is given up and tried again', () => {
  const stage = new Stage().wait(GREETING_LIMIT_MS).expect('lobby', 'closeSocket')
  assert.equal(stage.state.service, 'reconnecting')
  assert.ok((wakeAt(stage.visit) ?? 0) > stage.now)
})

test('an announced restart is waited for, and the call goes on', () => {
  const stage = talking().hear({ type: 'restart', after_ms: 700 }).expect('talking')
  assert.equal(stage.state.service, 'restarting')
  stage.feed({ type: 'socketClosed', code: 1012 }).wait(699).expect('talking')
  stage.wait(1).expect('talking', 'openSocket')
})

test('a new network is used at once', () => {
  const stage = inLobby().feed({ type: 'networkChanged' }).expect('lobby', 'renew')
  stage.feed({ type: 'socketClosed', code: 1006 })
  stage.feed({ type: 'networkChanged' }).expect('lobby', 'renew', 'openSocket')
  const restarting = inLobby().hear({ type: 'restart', after_ms: 700 })
  restarting.feed({ type: 'networkChanged' }).expect('lobby', 'renew')
})

test('what a browser cannot or may not do ends the match', () => {
  for (const reason of /** @type {const} */ (['broken', 'failed', 'sealed-broken'])) {
    const failure = { type: /** @type {const} */ ('partnerFailed'), reason }
    const stage = connecting().feed({ ...failure, mid })
    assert.deepEqual([stage.state.phase, stage.state.ended], ['ended', reason])
    connecting()
      .feed({ ...failure, mid: 'm0' })
      .expect('connecting')
  }
})

test('events of an earlier match change nothing', () => {
  const stage = talking().feed({ type: 'next' }).match('m2')
  const before = stage.visit
  for (const late of /** @type {Occurrence[]} */ ([
    { type: 'cardsExchanged', mid },
    { type: 'channelOpened', mid },
    { type: 'channelMessage', mid, text: '{"k":"bye"}' },
    { type: 'channelClosed', mid },
    { type: 'pathChanged', mid, path: 'failed' },
    { type: 'recordOpened', mid },
    { type: 'codeReady', mid, code: [1] },
    { type: 'codeVerified', mid },
    { type: 'partnerFailed', mid, reason: 'broken' },
  ])) {
    stage.feed(late)
    assert.deepEqual([stage.visit, stage.effects], [before, []], late.type)
  }
  stage.hear({ type: 'signal', mid, seq: 0, blob }).expect('connecting')
  stage.hear({ type: 'ended', mid, reason: 'left' }).expect('connecting')
})

test('the wish is kept for the next time', () => {
  assert.deepEqual(talking('voice').feed({ type: 'stop' }).state.wish, wishFor('voice'))
})

test('a partner who does not show that it has the keys is silent', () => {
  const stage = connecting()
  assert.equal(wakeAt(stage.visit), stage.now + SILENCE_LIMIT_MS)
  stage.wait(SILENCE_LIMIT_MS - 1).expect('connecting')
  stage.wait(1).expect('ended', 'closePeer', '> leave', 'prepare')
  assert.equal(stage.state.ended, 'peer-silent')
})

test('a page that cannot make keys says so', () => {
  const stage = searching().feed({ type: 'keysUnavailable' })
  assert.deepEqual([stage.state.phase, stage.state.ended], ['ended', 'no-keys'])
  inLobby().feed({ type: 'keysUnavailable' }).expect('lobby')
})

test('an address with a bad link says so until something is started', () => {
  const stage = new Stage({ failure: 'link-malformed' })
  assert.deepEqual([stage.state.linkFailure, stage.state.room], ['link-malformed', null])
  assert.equal(stage.start().state.linkFailure, null)
})

test('two people with a link meet in its room', () => {
  const stage = invited().expect('lobby')
  assert.deepEqual(stage.state.room, { link: LINK, stage: 'choosing' })
  stage.feed({ type: 'prepare', mode: 'voice' })
  assert.deepEqual(stage.effects, [{ type: 'prepare', mode: 'video' }])
  stage.feed({ type: 'join', mode: 'voice' }).expect('searching', 'prepare', '> join')
  stage.hear({ type: 'alone' }).expect('searching')
  stage.match(mid).expect('connecting', 'introduce')
  stage.hear({ type: 'confirm', mid, mac: 'M' }).expect('connecting', 'confirm')
  stage.hear({ type: 'confirm', mid: 'm0', mac: 'M' }).expect('connecting')
  stage.feed({ type: 'channelOpened', mid }).expect('talking', 'sendChannel')
  assert.equal(stage.state.security?.assurance, 'link')
  stage.feed({ type: 'codeReady', mid, code: [1] }).feed({ type: 'judgeCode', ok: true })
  stage.expect('talking', 'judgeCode').feed({ type: 'codeVerified', mid })
  assert.equal(stage.state.security?.assurance, 'code')
  stage.feed({ type: 'stop' }).expect('lobby', 'sendChannel', 'closePeer', '> leave')
  assert.equal(stage.state.room, null)
})

test('in a private room nobody else is met', () => {
  for (const type of /** @type {const} */ (['next', 'nextSoon'])) {
    together().feed({ type }).expect('talking')
  }
})

test('a seat that is kept is given up by stop', () => {
  alone().feed({ type: 'stop' }).expect('lobby', '> cancel')
  together()
    .feed({ type: 'cardsExchanged', mid })
    .hear({ type: 'ended', mid, reason: 'lost' })
    .feed({ type: 'stop' })
    .expect('lobby', '> cancel', 'sendChannel', 'closePeer')
})

test('a room is entered again when the service is back', () => {
  const stage = alone().feed({ type: 'socketClosed', code: 1006 }).expect('searching', 'forgetKey')
  stage.greet().expect('searching', '> join')
})

test('a third visitor is told that the room is full', () => {
  const stage = alone().hear({ type: 'error', code: 'room-full' }).expect('ended')
  assert.deepEqual([stage.state.room?.stage, stage.state.ended], ['full', null])
})

test('a page whose seat was taken lets go until the visitor asks for it again', () => {
  const stage = together().feed({ type: 'socketClosed', code: 4008 }).expect('ended', 'closePeer')
  assert.equal(stage.state.room?.stage, 'replaced')
  assert.equal(wakeAt(stage.visit), null)
  stage.feed({ type: 'join', mode: 'video' }).expect('searching', 'prepare', 'openSocket')
  const left = together().feed({ type: 'socketClosed', code: 4008 })
  left.feed({ type: 'stop' }).expect('lobby', 'openSocket')
})

test('a page that goes away leaves strangers, and keeps its seat in a room', () => {
  talking().feed({ type: 'pageHidden' }).expect('lobby', 'sendChannel', 'closePeer', '> leave')
  together().feed({ type: 'pageHidden' }).expect('searching', 'sendChannel', 'closePeer')
})

test('a link is made in the lobby', () => {
  const stage = inLobby().feed({ type: 'createLink' }).expect('lobby', 'createLink')
  stage.feed({ type: 'linkCreated', link: LINK }).expect('lobby')
  assert.deepEqual(stage.state.room, { link: LINK, stage: 'choosing' })
  assert.equal(stage.feed({ type: 'stop' }).state.room, null)
})
