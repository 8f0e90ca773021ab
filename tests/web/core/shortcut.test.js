import assert from 'node:assert/strict'
import { test } from 'node:test'

import { shortcut } from '../../../src/chatzyo/web/js/core/shortcut.js'

/** @import { Place, Press } from '../../../src/chatzyo/web/js/core/shortcut.js' */

/** @param {string} key @param {Partial<Press>} [press] @param {Partial<Place>} [place] */
function press(key, press = {}, place = {}) {
  return shortcut(
    { key, repeat: false, isComposing: false, modified: false, command: false, ...press },
    {
      phase: 'talking',
      typing: false,
      dialog: false,
      fullScreen: false,
      sheet: false,
      room: false,
      pending: false,
      letters: true,
      ...place,
    },
  )
}

test('Escape means Next while there is someone to leave', () => {
  assert.equal(press('Escape'), 'nextSoon')
  assert.equal(press('Escape', {}, { phase: 'connecting' }), 'nextSoon')
  for (const phase of /** @type {const} */ (['lobby', 'searching', 'ended'])) {
    assert.equal(press('Escape', {}, { phase }), null)
  }
})

test('Escape works while typing, but not while an input method composes', () => {
  assert.equal(press('Escape', {}, { typing: true }), 'nextSoon')
  assert.equal(press('Escape', { isComposing: true }, { typing: true }), null)
})

test('Escape closes the sheet in a private call and means nothing else there', () => {
  assert.equal(press('Escape', {}, { room: true }), null)
  assert.equal(press('Escape', {}, { room: true, sheet: true }), 'closeSheet')
})

test('a held Escape arms Next once and never confirms it', () => {
  assert.equal(press('Escape', { repeat: true }), null)
})

test('Escape closes what lies over the call first', () => {
  assert.equal(press('Escape', {}, { sheet: true }), 'closeSheet')
  assert.equal(press('Escape', {}, { dialog: true }), null)
  assert.equal(press('Escape', {}, { fullScreen: true }), null)
  assert.equal(press('m', {}, { fullScreen: true }), 'microphone')
})

test('Control Z takes a pending Next back, even while typing', () => {
  const command = { modified: true, command: true }
  assert.equal(press('z', command, { pending: true, typing: true }), 'undoNext')
  assert.equal(press('z', command), null)
  assert.equal(press('z', { modified: true }, { pending: true }), null)
  assert.equal(press('x', command, { pending: true }), null)
})

test('single letters act in a call', () => {
  assert.equal(press('m'), 'microphone')
  assert.equal(press('V'), 'camera')
  assert.equal(press('t'), 'chat')
  assert.equal(press('s'), 'stop')
  assert.equal(press('?'), 'help')
  assert.equal(press('q'), null)
})

test('single letters are text while typing and nothing when switched off', () => {
  assert.equal(press('m', {}, { typing: true }), null)
  assert.equal(press('m', {}, { letters: false }), null)
})

test('in the lobby only help is a letter away', () => {
  assert.equal(press('?', {}, { phase: 'lobby' }), 'help')
  assert.equal(press('s', {}, { phase: 'lobby' }), null)
})
