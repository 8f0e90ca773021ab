import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CONNECT_LIMIT_MS,
  cardsExchanged,
  channelClosed,
  channelMessage,
  channelOpened,
  end,
  endCurrent,
  GOODBYE_GRACE_MS,
  handleConfirm,
  handleEnded,
  handleMatched,
  handleSignal,
  INTERRUPTION_LIMIT_MS,
  leave,
  PREPARE_AFTER_MS,
  pathChanged,
  prepareNext,
  recordOpened,
  SILENCE_LIMIT_MS,
} from '../../../src/chatzyo/web/js/core/match.js'
import { alone, connecting, inLobby, LINK, Stage, searching, talking, together } from './stage.js'

/** @import { EndReason } from '../../../src/chatzyo/web/js/core/types.d.ts' */
/** @import { Effect, Step } from '../../../src/chatzyo/web/js/core/session-types.d.ts' */

const now = 5000
const event = { mid: 'm1', now, random: 0.5 }
const matched = /** @type {const} */ ({ type: 'matched', mid: 'm1', role: 'b', mode: 'video' })
const common = { languages: ['ta'], interests: ['chess'] }
const key = 'K'

/** @type {Effect} */
const LEAVE = { type: 'send', message: { type: 'leave', mid: 'm1' } }
/** @type {Effect} */
const CLOSE = { type: 'closePeer' }
/** @type {Effect} */
const FORGET = { type: 'forgetKey' }

/** @param {Step} step @param {EndReason} reason */
function assertEnded([after], reason) {
  assert.deepEqual([after.state.phase, after.state.ended], ['ended', reason])
  const { connectBy, silentAt, prepareAt, lostAt, hasCards } = after
  assert.deepEqual([connectBy, silentAt, prepareAt, lostAt], [null, null, null, null])
  assert.equal(hasCards, false)
}

test('who searches is introduced and has fifteen seconds to connect', () => {
  const [after, effects] = handleMatched(searching().visit, { ...matched, ...common, key }, now)
  assert.deepEqual(effects, [
    { type: 'introduce', mid: 'm1', role: 'b', mode: 'video', key, mac: null, link: null },
  ])
  assert.deepEqual(after.state.match, { mid: 'm1', role: 'b', mode: 'video', ...common })
  assert.equal(after.state.phase, 'connecting')
  assert.deepEqual([after.serverMatch, after.hasCards], ['m1', false])
  assert.equal(after.connectBy, now + CONNECT_LIMIT_MS)
  assert.equal(after.silentAt, now + SILENCE_LIMIT_MS)
})

test('a match that crosses a cancel is left', () => {
  const { visit } = inLobby()
  assert.deepEqual(handleMatched(visit, { ...matched, ...common, key }, now), [
    visit,
    [LEAVE, FORGET],
  ])
})

test('a match of a mode no longer wanted is left and the search repeated', () => {
  const { visit } = searching('text')
  const [after, effects] = handleMatched(visit, { ...matched, ...common, key }, now)
  assert.equal(after, visit)
  assert.deepEqual(effects, [LEAVE, FORGET, { type: 'find', wish: visit.state.wish }])
})

test('who lost interest before the second partner came is in one match only', () => {
  const { visit } = talking()
  const [after, effects] = handleMatched(visit, { ...matched, ...common, key, mid: 'm2' }, now)
  assert.equal(after, visit)
  assert.deepEqual(effects, [{ type: 'send', message: { type: 'leave', mid: 'm2' } }, FORGET])
})

test('a partner who left is gone at once', () => {
  const ended = /** @type {const} */ ({ type: 'ended', mid: 'm1', reason: 'left' })
  for (const stage of [connecting(), talking()]) {
    const step = handleEnded(stage.visit, ended)
    assertEnded(step, 'left')
    assert.deepEqual(step[1], [CLOSE, { type: 'prepare', mode: 'video' }])
    assert.equal(step[0].serverMatch, null)
  }
})

test('the end of another match changes nothing', () => {
  const { visit } = talking()
  assert.deepEqual(handleEnded(visit, { type: 'ended', mid: 'm0', reason: 'left' }), [visit, []])
})

test('a partner without service stays while the path holds', () => {
  const lost = /** @type {const} */ ({ type: 'ended', mid: 'm1', reason: 'lost' })
  const { visit } = talking()
  const done = { ...visit, hasCards: true }
  assert.deepEqual(handleEnded(done, lost), [{ ...done, serverMatch: null }, []])
  assertEnded(handleEnded({ ...done, lostAt: now }, lost), 'lost')
  assertEnded(handleEnded(connecting().visit, lost), 'lost')
})

test('the service may confirm an end we know already', () => {
  const [ended] = end(talking().visit, 'left')
  assert.equal(ended.serverMatch, 'm1')
  const [after, effects] = handleEnded(ended, { type: 'ended', mid: 'm1', reason: 'left' })
  assert.deepEqual([after.serverMatch, effects], [null, []])
})

test('signals of the partner are passed on, and those of others are not', () => {
  const { visit } = connecting()
  const signal = { type: /** @type {const} */ ('signal'), mid: 'm1', seq: 0, blob: 'AAAA' }
  assert.deepEqual(handleSignal(visit, signal), [visit, [{ type: 'signal', signal }]])
  assert.deepEqual(handleSignal(visit, { ...signal, mid: 'm0' }), [visit, []])
  assert.deepEqual(handleSignal(new Stage().visit, signal)[1], [])
})

test('exchanged cards are remembered for that match', () => {
  const { visit } = connecting()
  assert.deepEqual(cardsExchanged(visit, event), [{ ...visit, hasCards: true }, []])
  assert.deepEqual(cardsExchanged(visit, { mid: 'm0' }), [visit, []])
})

test('an open channel begins the conversation, and the next one is prepared a little later', () => {
  const [after, effects] = channelOpened(connecting().visit, event)
  assert.deepEqual([after.state.phase, after.connectBy], ['talking', null])
  assert.deepEqual(effects, [
    { type: 'sendChannel', message: { k: 'devices', microphone: true, camera: true } },
  ])
  assert.equal(after.prepareAt, now + PREPARE_AFTER_MS)
  const [prepared, preparing] = prepareNext(after)
  assert.deepEqual(preparing, [{ type: 'prepare', mode: 'video' }])
  assert.deepEqual(prepared, { ...after, prepareAt: null })
  assert.deepEqual(prepareNext(searching().visit)[1], [])
  const { visit } = searching()
  assert.deepEqual(channelOpened(visit, event), [visit, []])
})

test('messages are heard while we talk with that partner', () => {
  const { visit } = talking()
  const message = {
    type: /** @type {const} */ ('channelMessage'),
    text: '{"k":"typing"}',
    ...event,
  }
  assert.equal(channelMessage(visit, message)[0].state.strangerTyping, true)
  assert.deepEqual(channelMessage(visit, { ...message, mid: 'm0' }), [visit, []])
  assertEnded(channelMessage(visit, { ...message, text: '{"k":"bye"}' }), 'left')
  assertEnded(channelMessage(visit, { ...message, text: 'x' }), 'broken')
})

test('a channel that closes without goodbye leaves the service a second to say why', () => {
  const closed = { type: /** @type {const} */ ('channelClosed'), ...event }
  const { visit } = talking()
  assert.equal(channelClosed(visit, closed)[0].lostAt, now + GOODBYE_GRACE_MS)
  assert.deepEqual(channelClosed(visit, { ...closed, mid: 'm0' }), [visit, []])
  const early = connecting().visit
  assert.deepEqual(channelClosed(early, closed), [early, []])
})

test('an interrupted path has five seconds to come back', () => {
  const { visit } = talking()
  const path = { type: /** @type {const} */ ('pathChanged'), ...event }
  const [interrupted] = pathChanged(visit, { ...path, path: 'interrupted' })
  assert.equal(interrupted.lostAt, now + INTERRUPTION_LIMIT_MS)
  const [still] = pathChanged(interrupted, { ...path, now: now + 1, path: 'interrupted' })
  assert.equal(still.lostAt, now + INTERRUPTION_LIMIT_MS)
  assert.equal(pathChanged(still, { ...path, path: 'up' })[0].lostAt, null)
  assert.deepEqual(pathChanged(visit, { ...path, mid: 'm0', path: 'failed' }), [visit, []])
})

test('a path that fails is lost, or never was', () => {
  const failed = {
    type: /** @type {const} */ ('pathChanged'),
    path: /** @type {const} */ ('failed'),
    ...event,
  }
  assertEnded(pathChanged(talking().visit, failed), 'lost')
  assertEnded(pathChanged(connecting().visit, failed), 'failed')
})

test('only the current connection can end the match', () => {
  const { visit } = connecting()
  assertEnded(endCurrent(visit, event, 'broken'), 'broken')
  assert.deepEqual(endCurrent(visit, { mid: 'm0' }, 'broken'), [visit, []])
})

test('the service is told of an end it cannot know', () => {
  for (const reason of /** @type {const} */ (['lost', 'failed', 'broken'])) {
    const step = end(talking().visit, reason)
    assertEnded(step, reason)
    assert.deepEqual(step[1], [CLOSE, LEAVE, { type: 'prepare', mode: 'video' }])
    assert.equal(step[0].serverMatch, null)
  }
})

test('an end keeps what was said, and nothing that is still under way', () => {
  const stage = talking().say('m1', { k: 'text', text: 'x' }).say('m1', { k: 'typing' })
  const [{ state, talk }] = end(stage.feed({ type: 'nextSoon' }).visit, 'lost')
  assert.deepEqual([state.chat.length, state.strangerTyping, state.nextAt], [1, false, null])
  assert.equal(talk.typingUntil, null)
})

test('whoever leaves says goodbye to the partner and to the service', () => {
  const bye = { type: 'sendChannel', message: { k: 'bye' } }
  assert.deepEqual(leave(talking().visit)[1], [bye, CLOSE, LEAVE])
  assert.deepEqual(leave(connecting().visit)[1], [CLOSE, LEAVE])
  assert.deepEqual(leave(searching().visit)[1], [])
  assert.deepEqual(leave({ ...talking().visit, serverMatch: null })[1], [bye, CLOSE])
})

test('a partner in a private room is introduced with its proof, and may be sent anything', () => {
  const { visit } = alone('text')
  const [after, effects] = handleMatched(visit, { ...matched, ...common, key, mac: 'M' }, now)
  const mode = 'video'
  assert.deepEqual(effects, [
    { type: 'introduce', mid: 'm1', role: 'b', mode, key, mac: 'M', link: LINK },
  ])
  assert.equal(after.state.room?.stage, 'together')
})

test('who went away from a private room is waited for, with all that was said', () => {
  for (const reason of /** @type {const} */ (['left', 'lost'])) {
    const stage = together().say('m1', { k: 'text', text: 'x' })
    const [after, effects] = end(stage.visit, reason)
    const { phase, room, ended, chat, security } = after.state
    assert.deepEqual([phase, room?.stage, ended, security], ['searching', 'apart', null, null])
    const join = { type: 'join', link: LINK }
    assert.deepEqual(effects, [CLOSE, LEAVE, { type: 'prepare', mode: 'video' }, join])
    assert.equal(after.serverMatch, null)
    const [again] = handleMatched(after, { ...matched, ...common, key }, now)
    assert.deepEqual(again.state.chat, chat)
    assert.equal(chat.length, 1)
  }
})

test('after a failure a private room is not entered again by itself', () => {
  for (const reason of /** @type {const} */ (['failed', 'link-mismatch', 'code-different'])) {
    const step = end(together().visit, reason)
    assertEnded(step, reason)
    assert.deepEqual([step[0].state.room?.stage, step[0].state.security], ['apart', null])
    assert.deepEqual(step[1], [CLOSE, LEAVE, { type: 'prepare', mode: 'video' }])
  }
})

test('a partner that has the keys is not silent', () => {
  const { visit } = connecting()
  assert.deepEqual(recordOpened(visit, event), [{ ...visit, silentAt: null }, []])
  assert.deepEqual(recordOpened(visit, { mid: 'm0' }), [visit, []])
})

test('the proof of a partner is passed on, and that of another is not', () => {
  const { visit } = connecting()
  const confirm = { type: /** @type {const} */ ('confirm'), mid: 'm1', mac: 'M' }
  assert.deepEqual(handleConfirm(visit, confirm), [visit, [{ type: 'confirm', confirm }]])
  assert.deepEqual(handleConfirm(visit, { ...confirm, mid: 'm0' }), [visit, []])
})
