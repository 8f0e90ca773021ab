import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { announcements } from '../../../src/chatzyo/web/js/core/announce.js'

/** @import { State } from '../../../src/chatzyo/web/js/core/types.d.ts' */

const catalogue = JSON.parse(
  readFileSync(new URL('../../../src/chatzyo/web/locales/en.json', import.meta.url), 'utf8'),
)

/** @type {State} */
const LOBBY = {
  phase: 'lobby',
  service: 'ready',
  online: null,
  wish: null,
  waiting: null,
  match: null,
  ended: null,
  nextAt: null,
  chat: [],
  strangerTyping: false,
  stranger: { microphone: true, camera: true },
  self: { microphone: true, camera: true },
  room: null,
  security: null,
  linkFailure: null,
  reaction: null,
}

/** @type {State} */
const TALKING = { ...LOBBY, phase: 'talking' }

/** @param {State} before @param {Partial<State>} change */
function keys(before, change) {
  const said = announcements(before, { ...before, ...change }).map((sentence) => sentence.key)
  for (const key of said) assert.ok(catalogue[key], key)
  return said
}

test('nothing is said when nothing changed', () => {
  assert.deepEqual(keys(TALKING, {}), [])
})

test('every change of phase is said', () => {
  assert.deepEqual(keys(LOBBY, { phase: 'searching' }), ['say.searching'])
  assert.deepEqual(keys(LOBBY, { phase: 'connecting' }), ['say.connecting'])
  assert.deepEqual(keys(LOBBY, { phase: 'talking' }), ['say.talking'])
  assert.deepEqual(keys(TALKING, { phase: 'lobby' }), ['say.lobby'])
})

test('the end of a call is said with its reason', () => {
  for (const ended of /** @type {const} */ (['left', 'lost', 'failed', 'broken'])) {
    assert.deepEqual(keys(TALKING, { phase: 'ended', ended }), [`ended.${ended}`])
  }
  assert.deepEqual(keys(TALKING, { phase: 'ended', ended: null }), ['ended.lost'])
})

test('trouble with the service is said, the first connection is not', () => {
  assert.deepEqual(keys({ ...LOBBY, service: 'connecting' }, { service: 'ready' }), [])
  for (const service of /** @type {const} */ (['reconnecting', 'restarting', 'full', 'outdated'])) {
    assert.deepEqual(keys(LOBBY, { service }), [`service.${service}`])
  }
  assert.deepEqual(keys({ ...LOBBY, service: 'reconnecting' }, { service: 'ready' }), [
    'service.ready',
  ])
})

test('a coming Next is said, and so is that it was taken back', () => {
  assert.deepEqual(keys(TALKING, { nextAt: 1 }), ['say.nextSoon'])
  assert.deepEqual(keys({ ...TALKING, nextAt: 1 }, { nextAt: null }), ['say.undone'])
  assert.deepEqual(keys({ ...TALKING, nextAt: 1 }, { nextAt: null, phase: 'searching' }), [
    'say.searching',
  ])
})

test('a wider search is said once', () => {
  const searching = /** @type {State} */ ({ ...LOBBY, phase: 'searching' })
  const waiting = { waiting: 0, estimate: null, widened: /** @type {const} */ ('interests') }
  assert.deepEqual(keys(searching, { waiting: { ...waiting, widened: 'nothing' } }), [])
  assert.deepEqual(keys(searching, { waiting }), ['searching.widened.interests'])
  assert.deepEqual(keys({ ...searching, waiting }, { waiting: { ...waiting, estimate: 5 } }), [])
})

test('devices of the stranger are said when they change during the talk', () => {
  assert.deepEqual(keys(TALKING, { stranger: { microphone: false, camera: true } }), [
    'say.microphone.off',
  ])
  const both = { ...TALKING, stranger: { microphone: false, camera: false } }
  assert.deepEqual(keys(both, { stranger: { microphone: true, camera: true } }), [
    'say.microphone.on',
    'say.camera.on',
  ])
  assert.deepEqual(keys(LOBBY, { stranger: { microphone: false, camera: false } }), [])
})

test('new messages of the stranger are read out, own ones and old ones are not', () => {
  const old = { id: 1, from: /** @type {const} */ ('stranger'), text: 'old' }
  const before = { ...TALKING, chat: [old] }
  const after = {
    ...before,
    chat: [
      old,
      { id: 2, from: /** @type {const} */ ('me'), text: 'mine' },
      { id: 3, from: /** @type {const} */ ('stranger'), text: 'new' },
    ],
  }
  assert.deepEqual(announcements(before, after), [{ key: 'say.message', values: { text: 'new' } }])
})

test('a reaction of the stranger is said once, the own one is not', () => {
  const reaction = { id: 1, emoji: '👍', from: /** @type {const} */ ('stranger') }
  assert.deepEqual(keys(TALKING, { reaction }), ['say.reaction'])
  assert.deepEqual(keys({ ...TALKING, reaction }, { online: 8 }), [])
  assert.deepEqual(keys(TALKING, { reaction: { ...reaction, from: 'me' } }), [])
})

/** @param {'choosing' | 'alone' | 'together' | 'apart' | 'full' | 'replaced'} stage */
const room = (stage) => ({ link: 'https://chat.example/p#1.AAAAAAAAAAAAAAAAAAAAAA', stage })

/** @param {'encrypted' | 'link' | 'code'} assurance */
const security = (assurance) =>
  /** @type {const} */ ({ assurance, code: null, role: 'a', judged: false })

test('a call that was stopped for safety is told in full', () => {
  const change = /** @type {const} */ ({ phase: 'ended', ended: 'sealed-broken' })
  const sentences = ['ended.sealed-broken', 'ended.sealed-broken.body']
  assert.deepEqual(keys(TALKING, change), sentences)
  assert.deepEqual(keys({ ...TALKING, room: room('together') }, change), sentences)
})

test('a private link is said when it is there, and a link that cannot be used', () => {
  assert.deepEqual(keys(LOBBY, { room: room('choosing') }), ['say.link'])
  assert.deepEqual(keys({ ...LOBBY, room: room('choosing') }, { online: 8 }), [])
  assert.deepEqual(keys(LOBBY, { linkFailure: 'link-malformed' }), ['link-malformed'])
  assert.deepEqual(keys(LOBBY, { linkFailure: 'version' }), ['version'])
  assert.deepEqual(keys({ ...LOBBY, linkFailure: 'version' }, { online: 8 }), [])
})

test('in a private call waiting, arriving and going are said instead of the phases', () => {
  /** @type {State} */
  const alone = { ...LOBBY, phase: 'searching', room: room('alone') }
  assert.deepEqual(keys({ ...LOBBY, room: room('choosing') }, alone), [
    'room.alone',
    'room.alone.body',
  ])
  assert.deepEqual(keys(alone, { service: 'reconnecting' }), ['service.reconnecting'])
  assert.deepEqual(keys(alone, { phase: 'connecting', room: room('together') }), [
    'room.connecting',
  ])
  assert.deepEqual(keys(alone, { phase: 'talking', room: room('together') }), ['room.talking'])
  /** @type {State} */
  const talking = { ...TALKING, room: room('together') }
  assert.deepEqual(keys(talking, { phase: 'searching', room: room('apart') }), ['room.apart'])
})

test('a protection that was earned is said once', () => {
  const bare = { ...TALKING, security: security('encrypted') }
  assert.deepEqual(keys(TALKING, { security: security('encrypted') }), [])
  assert.deepEqual(keys(bare, { security: security('code') }), ['say.verified.code'])
  assert.deepEqual(keys(TALKING, { security: security('link') }), ['say.verified.link'])
  assert.deepEqual(keys({ ...TALKING, security: security('code') }, { online: 8 }), [])
})
