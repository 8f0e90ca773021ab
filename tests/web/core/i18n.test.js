import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createTranslator } from '../../../src/chatzyo/web/js/core/i18n.js'

test('a key becomes its text', () => {
  assert.equal(createTranslator({ 'call.next': 'Next' }, 'en')('call.next'), 'Next')
})

test('placeholders are filled, numbers in the manner of the locale', () => {
  const t = createTranslator({ line: '{name}: {count}' }, 'de')
  assert.equal(t('line', { name: 'Ada', count: 12345 }), 'Ada: 12.345')
})

test('a placeholder without a value stays visible', () => {
  assert.equal(createTranslator({ line: 'Hi {name}' }, 'en')('line'), 'Hi {name}')
})

test('values are never taken for patterns', () => {
  const t = createTranslator({ line: 'Says {text}' }, 'en')
  assert.equal(t('line', { text: '$& {name} {text}' }), 'Says $& {name} {text}')
})

test('the plural arm follows the rules of the language', () => {
  const catalogue = { 'left.one': '{count} one', 'left.other': '{count} other' }
  const english = createTranslator(catalogue, 'en')
  const hindi = createTranslator(catalogue, 'hi')
  assert.equal(english('left', { count: 0 }), '0 other')
  assert.equal(english('left', { count: 1 }), '1 one')
  assert.equal(hindi('left', { count: 0 }), '0 one')
})

test('an arm the catalogue lacks is replaced by the general one', () => {
  assert.equal(
    createTranslator({ 'left.other': '{count} left' }, 'en')('left', { count: 1 }),
    '1 left',
  )
})

test('an unknown key shows itself', () => {
  assert.equal(createTranslator({}, 'en')('no.such.key'), 'no.such.key')
})
