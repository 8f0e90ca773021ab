import assert from 'node:assert/strict'
import { test } from 'node:test'

import { nearestCorner, nextCorner } from '../../../src/chatzyo/web/js/core/corner.js'

test('four presses bring the picture around and back', () => {
  const first = nextCorner('top-start')
  const second = nextCorner(first)
  const third = nextCorner(second)
  assert.deepEqual([first, second, third], ['top-end', 'bottom-end', 'bottom-start'])
  assert.equal(nextCorner(third), 'top-start')
})

test('a dropped picture goes to the corner it is closest to', () => {
  assert.equal(nearestCorner({ x: 0.2, y: 0.1 }, false), 'top-start')
  assert.equal(nearestCorner({ x: 0.8, y: 0.9 }, false), 'bottom-end')
})

test('where text runs from the right, the start is on the right', () => {
  assert.equal(nearestCorner({ x: 0.2, y: 0.1 }, true), 'top-end')
  assert.equal(nearestCorner({ x: 0.8, y: 0.9 }, true), 'bottom-start')
})
