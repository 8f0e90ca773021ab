import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { symbols } from '../../../src/chatzyo/web/js/core/sas-emoji.js'

/** @type {Record<string, string>} */
const catalogue = JSON.parse(
  readFileSync(new URL('../../../src/chatzyo/web/locales/en.json', import.meta.url), 'utf8'),
)
const all = symbols(Array.from({ length: 64 }, (_, number) => number))

test('64 emoji can be told apart by sight and by name', () => {
  assert.equal(new Set(all.map(({ emoji }) => emoji)).size, 64)
  assert.equal(new Set(all.map(({ name }) => catalogue[name])).size, 64)
  for (const { emoji } of all) assert.match(emoji, /^\p{RGI_Emoji}$/v)
})

test('the order is that of the Matrix specification', () => {
  const code = symbols([0, 45, 60, 63])
  assert.deepEqual(
    code.map(({ emoji }) => emoji),
    ['🐶', '✂️', '⚓', '📌'],
  )
  assert.deepEqual(
    code.map(({ name }) => catalogue[name]),
    ['Dog', 'Scissors', 'Anchor', 'Pin'],
  )
})
