import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { Drawing } from '../../../src/chatzyo/web/js/io/drawing.js'

test('what happens within a moment is drawn once, at its end', () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  let drawn = 0
  const drawing = new Drawing(() => {
    drawn += 1
  })
  drawing.soon()
  mock.timers.tick(99)
  drawing.soon()
  assert.equal(drawn, 0)
  mock.timers.tick(1)
  assert.equal(drawn, 1)
  mock.timers.tick(1000)
  assert.equal(drawn, 1)
  mock.timers.reset()
})

test('what must be seen at once is drawn with what was left for later', () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  let drawn = 0
  const drawing = new Drawing(() => {
    drawn += 1
  })
  drawing.soon()
  drawing.now()
  mock.timers.tick(1000)
  assert.equal(drawn, 1)
  drawing.soon()
  mock.timers.tick(100)
  assert.equal(drawn, 2)
  mock.timers.reset()
})
