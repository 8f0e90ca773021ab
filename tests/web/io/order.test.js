import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Inbox, Outbox } from '../../../src/chatzyo/web/js/io/order.js'

/** @returns {string[]} */
const nothing = () => []

test('what follows a message that is being made waits for it', async () => {
  const sent = nothing()
  const outbox = new Outbox((/** @type {string} */ message) => sent.push(message))
  /** @type {PromiseWithResolvers<string | null>} */
  const { promise, resolve } = Promise.withResolvers()
  outbox.post('hello')
  const reserved = outbox.reserve(promise)
  outbox.post('cancel')
  assert.deepEqual(sent, ['hello'])
  resolve('find')
  await reserved
  assert.deepEqual(sent, ['hello', 'find', 'cancel'])
})

test('a message that cannot be made holds nothing up', async () => {
  const sent = nothing()
  const outbox = new Outbox((/** @type {string} */ message) => sent.push(message))
  const reserved = outbox.reserve(Promise.resolve(null))
  outbox.post('cancel')
  await reserved
  assert.deepEqual(sent, ['cancel'])
})

test('what was meant for an earlier connection does not leave on the next', async () => {
  const sent = nothing()
  const outbox = new Outbox((/** @type {string} */ message) => sent.push(message))
  const reserved = outbox.reserve(Promise.resolve('find'))
  outbox.clear()
  outbox.post('hello')
  await reserved
  assert.deepEqual(sent, ['hello'])
})

test('what arrives while a message is opened is read after it', async () => {
  const read = nothing()
  /** @type {PromiseWithResolvers<void>} */
  const { promise, resolve } = Promise.withResolvers()
  /** @type {Promise<void> | undefined} */
  let held
  /** @type {Inbox<string>} */
  const inbox = new Inbox((item) => {
    read.push(item)
    if (item === 'signal') held = inbox.hold(promise)
  })
  for (const item of ['matched', 'signal', 'ended']) inbox.put(item)
  assert.deepEqual(read, ['matched', 'signal'])
  resolve()
  await held
  assert.deepEqual(read, ['matched', 'signal', 'ended'])
})
