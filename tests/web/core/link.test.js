import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backoff } from '../../../src/chatzyo/web/js/core/backoff.js'
import {
  CLOSE_REPLACED,
  CLOSE_SERVICE_RESTART,
  CLOSE_VERSION,
} from '../../../src/chatzyo/web/js/core/limits.js'
import {
  CLOSE_TRY_LATER,
  disconnected,
  GREETING_LIMIT_MS,
  handleSocketOpened,
  openingLink,
  reopenWhenDue,
  reopenWhenIdle,
  restarting,
  welcomed,
} from '../../../src/chatzyo/web/js/core/link.js'
import { Stage } from './stage.js'

const { visit } = new Stage()
const now = 5000
const random = 0.5

test('a first socket is given ten seconds for the welcome', () => {
  assert.deepEqual(openingLink(now), {
    failures: 0,
    openAt: null,
    greetBy: now + GREETING_LIMIT_MS,
  })
})

test('an opened socket is greeted with our version', () => {
  const [, effects] = handleSocketOpened(visit)
  assert.deepEqual(effects, [{ type: 'send', message: { type: 'hello', v: 1 } }])
})

test('the welcome makes the service ready and forgets earlier failures', () => {
  const after = welcomed({ ...visit, link: { failures: 3, openAt: 1, greetBy: 2 } }, 32)
  assert.deepEqual(after.link, { failures: 0, openAt: null, greetBy: null })
  assert.deepEqual([after.state.service, after.state.online], ['ready', 32])
})

test('a lost socket is opened again, later with each failure', () => {
  const once = disconnected(visit, 1006, { now, random })
  assert.equal(once.state.service, 'reconnecting')
  assert.deepEqual(once.link, { failures: 1, openAt: now + backoff(0, random), greetBy: null })
  const twice = disconnected(once, 1006, { now, random })
  assert.equal(twice.link.openAt, now + backoff(1, random))
})

test('a full service is tried again as well', () => {
  const after = disconnected(visit, CLOSE_TRY_LATER, { now, random })
  assert.equal(after.state.service, 'full')
  assert.notEqual(after.link.openAt, null)
})

test('a service that no longer speaks our version is not tried again', () => {
  const after = disconnected(visit, CLOSE_VERSION, { now, random })
  assert.equal(after.state.service, 'outdated')
  assert.deepEqual([after.link.openAt, after.link.greetBy], [null, null])
})

test('an announced restart is waited for as long as the service says', () => {
  const told = restarting(visit, now + 700)
  assert.deepEqual([told.state.service, told.link.openAt], ['restarting', now + 700])
  const closed = disconnected(told, CLOSE_SERVICE_RESTART, { now, random })
  assert.equal(closed, told)
})

test('a restart that takes longer is waited for like any failure', () => {
  const [opening] = reopenWhenDue(restarting(visit, now), now)
  const after = disconnected(opening, 1006, { now, random })
  assert.equal(after.state.service, 'reconnecting')
  assert.equal(after.link.openAt, now + backoff(0, random))
})

test('the next socket is opened when its time has come, and not before', () => {
  const lost = disconnected(visit, 1006, { now, random })
  const at = now + backoff(0, random)
  assert.deepEqual(reopenWhenDue(lost, at - 1), [lost, []])
  const [opening, effects] = reopenWhenDue(lost, at)
  assert.deepEqual(effects, [{ type: 'openSocket' }])
  assert.deepEqual(opening.link, { failures: 1, openAt: null, greetBy: at + GREETING_LIMIT_MS })
  assert.deepEqual(reopenWhenDue(opening, at), [opening, []])
})

test('a socket whose seat was taken stays closed until somebody wants another', () => {
  const idle = disconnected(visit, CLOSE_REPLACED, { now, random })
  assert.equal(idle.state.service, 'connecting')
  assert.deepEqual(idle.link, { failures: 0, openAt: null, greetBy: null })
  assert.deepEqual(reopenWhenIdle(idle, now)[1], [{ type: 'openSocket' }])
})

test('a socket that is there or comes by itself is not opened twice', () => {
  const lost = disconnected(visit, 1006, { now, random })
  const opening = { ...visit, link: { failures: 0, openAt: now + 1, greetBy: null } }
  for (const at of [visit, lost, welcomed(visit, 0), opening]) {
    assert.deepEqual(reopenWhenIdle(at, now), [at, []])
  }
})
