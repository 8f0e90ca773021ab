import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeBase64url, encodeBase64url } from '../../../src/chatzyo/web/js/core/base64url.js'
import { concatenate } from '../../../src/chatzyo/web/js/core/bytes.js'
import { MAX_SIGNALS_PER_DIRECTION } from '../../../src/chatzyo/web/js/core/limits.js'
import { MAX_PLAIN_BYTES } from '../../../src/chatzyo/web/js/core/record.js'
import { createSecret, roomOfLink } from '../../../src/chatzyo/web/js/io/private-link.js'
import { createHandshake, Handshake, Session } from '../../../src/chatzyo/web/js/io/sealing.js'
import { generateKeyPair } from '../../../src/chatzyo/web/js/io/webcrypto.js'

/** @import { Bytes, Room } from '../../../src/chatzyo/web/js/core/sealing-types.d.ts' */

const LINK = await roomOfLink(createSecret())
const STRANGERS = { name: new Uint8Array(16), psk: null }
const ROOMS = /** @type {const} */ ([
  ['a link', LINK, { failure: 'link-mismatch' }],
  ['strangers', STRANGERS, { failure: 'sealed-broken' }],
])
const BROKEN = { failure: 'sealed-broken' }
const BYE = { k: 'bye' }

/** @param {unknown} outcome @returns {Session} */
function going(outcome) {
  assert.ok(outcome instanceof Session, JSON.stringify(outcome))
  return outcome
}

/** @param {Handshake} ours @param {Handshake} theirs @param {Room} room @returns {Promise<[Session, Session]>} */
async function accept(ours, theirs, room) {
  const hello = (await ours.hello(room)) ?? ''
  const atB = await theirs.accept({ role: 'b', room, key: ours.key, hello })
  return [going(await ours.accept({ role: 'a', room, key: theirs.key })), going(atB)]
}

/** An honest server introduces two people. @param {Room} room @returns {Promise<[Session, Session]>} */
async function meet(room) {
  const [a, b] = await accept(await createHandshake(), await createHandshake(), room)
  if (b.hello) assert.equal(await a.handleHello(b.hello), null)
  return [a, b]
}

/** @param {string} blob @param {(bytes: Bytes) => Bytes} change */
const changed = (blob, change) => encodeBase64url(change(decodeBase64url(blob) ?? assert.fail()))

/** @param {Bytes} bytes @param {number} at */
const flipped = (bytes, at) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))

for (const [name, room, wrongKey] of ROOMS) {
  test(`${name}: both hear each other`, async () => {
    const [a, b] = await meet(room)
    for (const n of [0, 1, 2]) {
      const [fromA, fromB] = [await a.seal({ k: 'card', n }), await b.seal({ k: 'ice', n })]
      assert.deepEqual([fromA.seq, fromB.seq], [n, n])
      assert.deepEqual(await b.open(n, fromA.blob), { payload: { k: 'card', n } })
      assert.deepEqual(await a.open(n, fromB.blob), { payload: { k: 'ice', n } })
    }
    assert.deepEqual(a.transcript, b.transcript)
  })

  test(`${name}: a key that is none is refused`, async () => {
    const ours = await createHandshake()
    const { point } = await generateKeyPair()
    const nonce = new Uint8Array(16)
    const points = [
      flipped(point, 64),
      concatenate(Uint8Array.of(2), point.slice(1, 33)),
      concatenate(Uint8Array.of(6), point.slice(1)),
      concatenate(Uint8Array.of(4), new Uint8Array(64)),
      point.slice(1),
    ]
    const keys = points.map((wrong) => encodeBase64url(concatenate(wrong, nonce)))
    for (const key of [...keys, '', 'no base64url!', `${(await createHandshake()).key}AA`]) {
      assert.deepEqual(await ours.accept({ role: 'a', room, key }), wrongKey, key)
    }
  })

  test(`${name}: our own key is refused, whatever is beside it`, async () => {
    const pair = await generateKeyPair()
    const ours = new Handshake(pair, new Uint8Array(16).fill(1))
    const other = new Handshake(pair, new Uint8Array(16).fill(2))
    for (const { key } of [ours, other]) {
      assert.deepEqual(await ours.accept({ role: 'a', room, key }), wrongKey)
    }
  })

  test(`${name}: a match that the server replays is refused`, async () => {
    const [ours, theirs] = [await createHandshake(), await createHandshake()]
    await accept(ours, theirs, room)
    assert.deepEqual(await ours.accept({ role: 'a', room, key: theirs.key }), BROKEN)
    const elsewhere = { ...room, name: new Uint8Array(16).fill(9) }
    going(await ours.accept({ role: 'a', room: elsewhere, key: theirs.key }))
  })
}

test('b refuses whoever does not prove to hold the link', async () => {
  const [ours, theirs, earlier] = await Promise.all([
    createHandshake(),
    createHandshake(),
    createHandshake(),
  ])
  const otherLink = await roomOfLink(createSecret())
  const hellos = [
    undefined,
    'no base64url!',
    (await ours.hello(LINK))?.slice(0, 40),
    await earlier.hello(LINK),
    await theirs.hello(LINK),
    await ours.hello(otherLink),
    await ours.hello({ ...LINK, name: new Uint8Array(16) }),
  ]
  for (const hello of hellos) {
    const match = { role: /** @type {const} */ ('b'), room: LINK, key: ours.key }
    const outcome = await theirs.accept(hello ? { ...match, hello } : match)
    assert.deepEqual(outcome, { failure: 'link-mismatch' }, hello ?? 'missing')
  }
})

test('a refuses whoever does not prove to hold the link', async () => {
  const [, earlier] = await meet(LINK)
  for (const hello of ['', 'no base64url!', earlier.hello ?? '']) {
    const [a, b] = await accept(await createHandshake(), await createHandshake(), LINK)
    assert.deepEqual(await a.handleHello(hello), { failure: 'link-mismatch' })
    const { seq, blob } = await b.seal(BYE)
    assert.deepEqual(await a.handleHello(b.hello ?? ''), { failure: 'link-mismatch' })
    assert.deepEqual(await a.open(seq, blob), { failure: 'link-mismatch' })
  }
})

test('a opens nothing before the hello', async () => {
  const [a, b] = await accept(await createHandshake(), await createHandshake(), LINK)
  const { seq, blob } = await b.seal(BYE)
  assert.deepEqual(await a.open(seq, blob), { failure: 'link-mismatch' })
})

test('the hello and the records of one flight are taken in the order they came', async () => {
  const [a, b] = await accept(await createHandshake(), await createHandshake(), LINK)
  const [first, second] = [await b.seal({ k: 'card' }), await b.seal({ k: 'ice' })]
  const outcomes = await Promise.all([
    a.handleHello(b.hello ?? ''),
    a.open(first.seq, first.blob),
    a.open(second.seq, second.blob),
  ])
  assert.deepEqual(outcomes, [null, { payload: { k: 'card' } }, { payload: { k: 'ice' } }])
})

test('a hello that nobody waits for ends the conversation', async () => {
  for (const [, room, wrongKey] of ROOMS) {
    const [a, b] = await meet(room)
    assert.deepEqual(await b.handleHello(encodeBase64url(new Uint8Array(32))), wrongKey)
    const { seq, blob } = await a.seal(BYE)
    assert.deepEqual(await b.open(seq, blob), wrongKey)
  }
})

test('two who are told the same role never understand each other', async () => {
  const [ours, theirs] = [await createHandshake(), await createHandshake()]
  const one = going(await ours.accept({ role: 'a', room: STRANGERS, key: theirs.key }))
  const other = going(await theirs.accept({ role: 'a', room: STRANGERS, key: ours.key }))
  const { seq, blob } = await other.seal(BYE)
  assert.deepEqual(await one.open(seq, blob), BROKEN)
})

test('a record sent again is dropped unopened', async () => {
  const [a, b] = await meet(STRANGERS)
  const [first, second] = [await a.seal(BYE), await a.seal(BYE)]
  await b.open(first.seq, first.blob)
  assert.deepEqual(await b.open(0, 'anything'), { duplicate: true })
  assert.deepEqual(await b.open(second.seq, second.blob), { payload: BYE })
})

test('a record that is changed, moved or sent back is refused', async () => {
  /** @type {((bytes: Bytes) => Bytes)[]} */
  const changes = [
    (bytes) => flipped(bytes, 0),
    (bytes) => flipped(bytes, bytes.length - 1),
    (bytes) => bytes.slice(0, -1),
    (bytes) => bytes.slice(-16),
    (bytes) => bytes.slice(0, 0),
    (bytes) => concatenate(bytes, new Uint8Array(1024)),
    (bytes) => concatenate(bytes, new Uint8Array(MAX_PLAIN_BYTES)),
  ]
  for (const change of changes) {
    const [a, b] = await meet(STRANGERS)
    const { seq, blob } = await a.seal(BYE)
    assert.deepEqual(await b.open(seq, changed(blob, change)), BROKEN)
    assert.deepEqual(await b.open(seq, blob), BROKEN, 'the first failure is final')
  }
  const [a, b] = await meet(STRANGERS)
  const [first, second] = [await a.seal(BYE), await a.seal(BYE)]
  assert.deepEqual(await a.open(first.seq, first.blob), BROKEN)
  assert.deepEqual(await b.open(first.seq, second.blob), BROKEN)
  for (const seq of [1, 2 ** 32, -1, 0.5, Number.NaN]) {
    const [from, to] = await meet(STRANGERS)
    assert.deepEqual(await to.open(seq, (await from.seal(BYE)).blob), BROKEN)
  }
})

test('what is sealed but no payload is refused', async () => {
  for (const payload of [{}, { k: 1 }, [], { k: 'card', m: [[[[[[[]]]]]]] }]) {
    const [a, b] = await meet(STRANGERS)
    const { seq, blob } = await a.seal(payload)
    assert.deepEqual(await b.open(seq, blob), BROKEN, JSON.stringify(payload))
  }
})

test('as many records pass as the server forwards', async () => {
  const [a, b] = await meet(STRANGERS)
  for (let n = 0; n < MAX_SIGNALS_PER_DIRECTION; n += 1) {
    const { seq, blob } = await a.seal(BYE)
    assert.deepEqual(await b.open(seq, blob), { payload: BYE })
  }
  await assert.rejects(a.seal(BYE), RangeError)
  assert.deepEqual(await b.open(MAX_SIGNALS_PER_DIRECTION, 'AAAA'), BROKEN)
})

test('the private half of a key cannot be taken out of the browser', async () => {
  const { privateKey } = await generateKeyPair()
  assert.equal(privateKey.extractable, false)
})
