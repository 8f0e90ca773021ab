import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  codeReady,
  codeVerified,
  judgeCode,
  protect,
} from '../../../src/chatzyo/web/js/core/assurance.js'
import { connecting, talking, together } from './stage.js'

/** @import { Visit } from '../../../src/chatzyo/web/js/core/session-types.d.ts' */

const code = [0, 63, 1, 2, 3, 4, 5]
const event = { mid: 'm1', now: 0, random: 0 }
const ready = { ...event, type: /** @type {const} */ ('codeReady'), code }

/** @param {Visit} visit */
const withCode = (visit) => codeReady(visit, ready)[0]

test('strangers are encrypted, and who has the link is known by it', () => {
  const security = { assurance: 'encrypted', code: null, role: 'b', judged: false }
  const { state } = protect(connecting().visit, 'b')
  assert.deepEqual([state.phase, state.security], ['talking', security])
  assert.equal(protect(together().visit, 'a').state.security?.assurance, 'link')
})

test('the code is shown as soon as it is there', () => {
  assert.deepEqual(withCode(talking().visit).state.security?.code, code)
  const { visit } = talking()
  assert.deepEqual(codeReady(visit, { ...ready, mid: 'm0' }), [visit, []])
})

test('both people’s yes is the highest assurance', () => {
  assert.equal(codeVerified(talking().visit, event)[0].state.security?.assurance, 'code')
  const { visit } = talking()
  assert.deepEqual(codeVerified(visit, { mid: 'm0' }), [visit, []])
})

test('a code that is there before the conversation is not shown', () => {
  assert.equal(withCode(connecting().visit).state.security, null)
})

test('a code is judged once, and only when it is there', () => {
  const { visit } = talking()
  assert.deepEqual(judgeCode(visit, { ok: true }), [visit, []])
  assert.deepEqual(judgeCode(connecting().visit, { ok: true })[1], [])
  const [judged, effects] = judgeCode(withCode(visit), { ok: false })
  assert.deepEqual(effects, [{ type: 'judgeCode', ok: false }])
  assert.equal(judged.state.security?.judged, true)
  assert.deepEqual(judgeCode(judged, { ok: true }), [judged, []])
})
