import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  dictionary,
  flag,
  integer,
  isObject,
  list,
  object,
  oneOf,
  parseJson,
  text,
} from '../../../src/chatzyo/web/js/core/shape.js'

/** @param {(value: unknown) => boolean} check @param {unknown[]} good @param {unknown[]} bad */
function expect(check, good, bad) {
  for (const value of good) assert.equal(check(value), true, String(value))
  for (const value of bad) assert.equal(check(value), false, String(value))
}

test('an integer is a whole number within its limits', () => {
  expect(integer(1, 3), [1, 3], [0, 4, 1.5, Number.NaN, Infinity, '2', null, undefined, [2]])
})

test('a text is a string that matches', () => {
  expect(text(/^a+$/), ['a', 'aa'], ['', 'b', 'a\nb', 1, null, ['a']])
})

test('a value of a set is one of its members, without conversion', () => {
  expect(oneOf(['1', 2]), ['1', 2], [1, '2', null, undefined])
})

test('a flag is true or false and nothing like it', () => {
  expect(flag(), [true, false], [0, 1, 'true', null, undefined])
})

test('a list holds a permitted number of items that all pass', () => {
  expect(list(integer(0, 9), 1, 2), [[1], [1, 2]], [[], [1, 2, 3], ['1'], { 0: 1, length: 1 }])
})

test('an object has exactly the known fields', () => {
  const check = object({ a: flag(), b: flag() })
  expect(
    check,
    [{ a: true, b: false }],
    [
      { a: true },
      { a: true, b: 1 },
      { a: true, b: true, c: true },
      { a: true, c: true },
      [],
      null,
      'x',
    ],
  )
})

test('a field inherited from a prototype does not count', () => {
  const value = Object.assign(Object.create({ a: true }), { b: true })
  expect(object({ a: flag() }), [], [value])
})

test('a dictionary has a limited number of known names', () => {
  const check = dictionary(oneOf(['a', 'b', 'c']), integer(0, 1), 2)
  expect(check, [{}, { a: 1 }, { a: 1, b: 0 }], [{ a: 1, b: 1, c: 1 }, { d: 1 }, { a: 2 }, null])
})

test('lists and null are not objects', () => {
  expect(isObject, [{}, { a: 1 }], [[], null, undefined, 'x', 1])
})

test('text that is not JSON has no value', () => {
  assert.deepEqual(parseJson('{"a":1}'), { a: 1 })
  for (const json of ['', '{', 'NaN', "{'a':1}"]) assert.equal(parseJson(json), undefined)
})
