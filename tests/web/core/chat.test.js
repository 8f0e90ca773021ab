import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  encodeMessage,
  expireTyping,
  hear,
  MAX_LINES,
  MAX_MESSAGE_CHARS,
  MAX_TEXT_CHARS,
  MESSAGE_BURST,
  MESSAGES_PER_SECOND,
  newTalk,
  parseMessage,
  REACTIONS,
  react,
  say,
  TYPING_EVERY_MS,
  TYPING_EXPIRES_MS,
  tellTyping,
} from '../../../src/chatzyo/web/js/core/chat.js'
import { talking } from './stage.js'

/** @import { Visit } from '../../../src/chatzyo/web/js/core/session-types.d.ts' */

const { visit, now } = talking()

/** @param {Visit} at @param {unknown} message @param {number} [when] @returns {Visit} */
function heard(at, message, when = now) {
  const after = hear(at, JSON.stringify(message), when)
  assert.ok(typeof after === 'object', String(after))
  return after
}

test('what we say is shown and sent', () => {
  const [after, effects] = say(visit, 'hello')
  assert.deepEqual(after.state.chat, [{ id: visit.nextId, from: 'me', text: 'hello' }])
  assert.deepEqual(effects, [{ type: 'sendChannel', message: { k: 'text', text: 'hello' } }])
})

test('lines are numbered', () => {
  const [one] = say(visit, 'one')
  const two = heard(one, { k: 'text', text: 'two' })
  const [first, second] = two.state.chat
  assert.ok(first && second && second.id > first.id)
})

test('nothing but space is not said', () => {
  assert.deepEqual(say(visit, ' \n\t '), [visit, []])
})

test('text is normalised, trimmed, well formed and limited before it is sent', () => {
  /** @param {string} typed */
  const sent = (typed) => say(visit, typed)[0].state.chat[0]?.text
  assert.equal(sent(' e\u0301 '), '\u00e9')
  assert.equal(sent('a\ud800b'), 'a\ufffdb')
  assert.equal(sent('x'.repeat(MAX_TEXT_CHARS + 1)), 'x'.repeat(MAX_TEXT_CHARS))
  assert.equal(
    sent(`${'x'.repeat(MAX_TEXT_CHARS - 1)}😂`),
    `${'x'.repeat(MAX_TEXT_CHARS - 1)}\ufffd`,
  )
})

test('whatever we may send, the other side accepts', () => {
  for (const text of [
    '\u0000'.repeat(MAX_TEXT_CHARS),
    '😂'.repeat(MAX_TEXT_CHARS / 2),
    '\u2028"\\',
  ]) {
    const [, [effect]] = say(visit, text)
    assert.ok(effect?.type === 'sendChannel')
    assert.deepEqual(parseMessage(encodeMessage(effect.message)), effect.message)
  }
})

test('what the stranger says is shown as it is, markup and all', () => {
  const text = '<img src=x onerror=alert(1)> \u202e'
  const { chat } = heard(visit, { k: 'text', text }).state
  assert.deepEqual(
    chat.map((line) => [line.from, line.text]),
    [['stranger', text]],
  )
})

test('a text of two thousand characters is heard, a longer one is not ours', () => {
  const text = 'x'.repeat(MAX_TEXT_CHARS)
  assert.equal(heard(visit, { k: 'text', text }).state.chat[0]?.text, text)
  assert.equal(hear(visit, JSON.stringify({ k: 'text', text: `${text}x` }), now), 'broken')
})

test('characters count after normalisation', () => {
  const text = 'e\u0301'.repeat(MAX_TEXT_CHARS)
  assert.equal(heard(visit, { k: 'text', text }).state.chat[0]?.text.length, MAX_TEXT_CHARS)
  assert.equal(parseMessage(JSON.stringify({ k: 'text', text: `${text}x` })), null)
})

test('what our page never sends breaks the conversation', () => {
  for (const json of [
    '',
    'null',
    '[]',
    '{"k":"text"}',
    '{"k":"text","text":""}',
    '{"k":"text","text":"\\ud800"}',
    '{"k":"text","text":1}',
    '{"k":"text","text":"x","html":"x"}',
    '{"k":"typing","more":1}',
    '{"k":"reaction","emoji":"x"}',
    '{"k":"devices","microphone":1,"camera":true}',
    '{"k":"unknown"}',
    JSON.stringify({ k: 'text', text: 'x' }) + ' '.repeat(MAX_MESSAGE_CHARS),
  ]) {
    assert.equal(hear(visit, json, now), 'broken', json.slice(0, 60))
  }
})

test('only the newest lines are kept', () => {
  let at = visit
  for (let i = 0; i <= MAX_LINES; i += 1) [at] = say(at, `line ${i}`)
  assert.equal(at.state.chat.length, MAX_LINES)
  assert.equal(at.state.chat[0]?.text, 'line 1')
  assert.equal(at.state.chat.at(-1)?.text, `line ${MAX_LINES}`)
})

test('typing is told at most once in two seconds, and anew after a line', () => {
  const [first, effects] = tellTyping(visit, now)
  assert.deepEqual(effects, [{ type: 'sendChannel', message: { k: 'typing' } }])
  assert.deepEqual(tellTyping(first, now + TYPING_EVERY_MS - 1), [first, []])
  assert.equal(tellTyping(first, now + TYPING_EVERY_MS)[1].length, 1)
  const [said] = say(first, 'done')
  assert.equal(tellTyping(said, now + 1)[1].length, 1)
})

test('the typing notice ends with the line it announced', () => {
  const typing = heard(visit, { k: 'typing' })
  assert.equal(typing.state.strangerTyping, true)
  const done = heard(typing, { k: 'text', text: 'x' })
  assert.deepEqual([done.state.strangerTyping, done.talk.typingUntil], [false, null])
})

test('the typing notice expires after four seconds of silence', () => {
  const typing = heard(visit, { k: 'typing' })
  const at = now + TYPING_EXPIRES_MS
  assert.equal(expireTyping(typing, at - 1), typing)
  assert.equal(expireTyping(typing, at).state.strangerTyping, false)
  const again = heard(typing, { k: 'typing' }, now + 1000)
  assert.equal(expireTyping(again, at).state.strangerTyping, true)
  assert.equal(expireTyping(visit, at), visit)
})

test('a reaction is shown on both sides and is one of a few', () => {
  const [emoji = ''] = REACTIONS
  const [mine, effects] = react(visit, emoji)
  assert.deepEqual(mine.state.reaction, { id: visit.nextId, emoji, from: 'me' })
  assert.deepEqual(effects, [{ type: 'sendChannel', message: { k: 'reaction', emoji } }])
  const theirs = heard(mine, { k: 'reaction', emoji }).state.reaction
  assert.deepEqual(theirs, { id: visit.nextId + 1, emoji, from: 'stranger' })
  assert.deepEqual(react(visit, '<b>'), [visit, []])
})

test('the stranger says which devices are on', () => {
  const { stranger } = heard(visit, { k: 'devices', microphone: false, camera: true }).state
  assert.deepEqual(stranger, { microphone: false, camera: true })
})

test('a goodbye is a goodbye', () => {
  assert.equal(hear(visit, '{"k":"bye"}', now), 'left')
})

test('a stranger who sends too fast is not read until it is slower', () => {
  const text = { k: 'text', text: 'x' }
  let at = { ...visit, talk: newTalk(now) }
  for (let i = 0; i < MESSAGE_BURST + 5; i += 1) at = heard(at, text)
  assert.equal(at.state.chat.length, MESSAGE_BURST)
  const second = heard(at, text, now + 1000)
  assert.equal(second.state.chat.length, MESSAGE_BURST + 1)
  assert.equal(second.talk.allowance, MESSAGES_PER_SECOND - 1)
  assert.equal(heard(at, text, now + 3_600_000).talk.allowance, MESSAGE_BURST - 1)
})
