import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  agree,
  parseDescription,
  withControlledRole,
  writeDescription,
} from '../../../src/chatzyo/web/js/core/sdp.js'
import { another, readDescription, readSdp } from './fixtures.js'

/** @import { Media, Stream } from '../../../src/chatzyo/web/js/core/card-types.d.ts' */

const chromium = readDescription('chromium-video')
const firefox = readDescription('firefox-video')

/** @param {Media[]} media @param {number} index @param {Partial<Stream>} change @returns {Media[]} */
const withStream = (media, index, change) =>
  media.map((section, i) =>
    i === index ? /** @type {Stream} */ ({ ...section, ...change }) : section,
  )

/** @param {Media[]} media @param {number} index @returns {Stream} */
const streamAt = (media, index) => /** @type {Stream} */ (media[index])

test("Chromium's offer is read into values", () => {
  assert.equal(chromium.ufrag, 'S82m')
  assert.equal(chromium.pwd, 'cUZhHuXuKNEyzUDvqUt7ThVa')
  assert.deepEqual([...chromium.fingerprint.slice(0, 3)], [0x52, 0xb6, 0x99])
  assert.deepEqual(
    chromium.candidates.map(({ address, port }) => [address, port]),
    [
      ['192.0.2.2', 33917],
      ['fd00::2', 47946],
    ],
  )
  assert.deepEqual(chromium.media[2], { kind: 'application', mid: '2', size: 262144 })
})

test('of a media section, formats, known extensions and sources are read', () => {
  const [opus, ...others] = streamAt(chromium.media, 0).codecs
  assert.deepEqual(opus, {
    pt: 111,
    name: 'opus',
    rate: 48000,
    channels: 2,
    format: 'minptime=10;useinbandfec=1',
    feedback: ['transport-cc'],
  })
  assert.deepEqual(others, [])
  const { kind, mid, codecs, extensions, ssrcs } = streamAt(chromium.media, 1)
  assert.deepEqual([kind, mid], ['video', '1'])
  assert.deepEqual(
    codecs.map(({ pt, name }) => [pt, name]),
    [
      [96, 'VP8'],
      [97, 'rtx'],
      [98, 'VP9'],
      [99, 'rtx'],
      [108, 'H264'],
      [109, 'rtx'],
    ],
  )
  assert.deepEqual(extensions, { time: 2, orientation: 13, congestion: 3, mid: 4 })
  assert.deepEqual(ssrcs, [4232581357, 860714997])
})

test("Firefox's offer is read, where the fingerprint stands before the sections", () => {
  assert.equal(firefox.fingerprint.length, 32)
  const { codecs, ssrcs } = streamAt(firefox.media, 1)
  assert.ok(codecs.some(({ name, pt }) => name === 'VP8' && pt === 120))
  assert.ok(codecs.every(({ name }) => ['VP8', 'VP9', 'rtx'].includes(name)))
  assert.equal(ssrcs.length, 2)
  assert.equal(streamAt(firefox.media, 0).ssrcs.length, 1)
})

test('a connection without media is read', () => {
  assert.deepEqual(
    readDescription('chromium-text').media.map(({ kind }) => kind),
    ['application'],
  )
})

test('a description without credentials, fingerprint or media is not one', () => {
  const sdp = readSdp('chromium-text')
  for (const part of ['a=ice-ufrag', 'a=ice-pwd', 'a=fingerprint', 'm=application']) {
    assert.equal(parseDescription(sdp.replaceAll(part, 'x=')), null, part)
  }
  assert.equal(parseDescription(''), null)
})

test('what a section leaves unsaid has the value of the standards', () => {
  const sdp = readSdp('chromium-text')
    .replace(/a=max-message-size.*\r\n/, '')
    .replace(/a=mid.*\r\n/, '')
  assert.deepEqual(parseDescription(sdp)?.media, [{ kind: 'application', mid: '', size: 65536 }])
})

test('a format without a name is left out', () => {
  const sdp = readSdp('chromium-video').replace('a=rtpmap:98 VP9/90000\r\n', '')
  const media = parseDescription(sdp)?.media ?? []
  assert.ok(streamAt(media, 1).codecs.every(({ pt }) => pt !== 98))
})

test('parameters are carried without the spaces some browsers write', () => {
  const sdp = readSdp('chromium-video').replace('minptime=10;use', 'minptime=10; use')
  const media = parseDescription(sdp)?.media ?? []
  assert.equal(streamAt(media, 0).codecs[0]?.format, 'minptime=10;useinbandfec=1')
})

test('a description written is read back with the same values', () => {
  for (const description of [chromium, firefox, readDescription('firefox-text')]) {
    assert.deepEqual(parseDescription(writeDescription(description, 'actpass')), description)
  }
})

test('a written description is complete and has no empty or foreign lines', () => {
  const sdp = writeDescription(chromium, 'passive')
  assert.ok(sdp.endsWith('\r\n'))
  const lines = sdp.trimEnd().split('\r\n')
  assert.ok(
    lines.every((line) => /^[a-z]=\S/.test(line)),
    sdp,
  )
  assert.equal(lines.filter((line) => line === 'a=setup:passive').length, 3)
  assert.equal(lines.filter((line) => line.startsWith('a=candidate:')).length, 2)
  assert.ok(lines.includes('a=group:BUNDLE 0 1 2'))
  assert.ok(lines.includes('a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid'))
  assert.ok(lines.includes('a=ssrc-group:FID 4232581357 860714997'))
  assert.ok(lines.includes('a=msid:stranger video'))
})

test('a codec that needs no feedback or parameters gets no lines for them', () => {
  const plain = { pt: 111, name: 'opus', rate: 48000, channels: 1, format: '', feedback: [] }
  const media = withStream(chromium.media, 0, { codecs: [plain], ssrcs: [] })
  const sdp = writeDescription({ ...chromium, media }, 'active')
  assert.ok(sdp.includes('a=rtpmap:111 opus/48000\r\n'))
  assert.ok(!/(?:fmtp|rtcp-fb):111/.test(sdp))
})

test('two of the same browser agree on everything', () => {
  assert.deepEqual(agree(chromium.media, another(chromium).media), chromium.media)
  assert.deepEqual(agree(firefox.media, firefox.media), firefox.media)
})

test('browsers that number their formats differently need an answer, whoever asks', () => {
  assert.equal(agree(chromium.media, firefox.media), null)
  assert.equal(agree(firefox.media, chromium.media), null)
})

test('different browsers agree when there is only a DataChannel', () => {
  const [own, other] = [
    readDescription('chromium-text').media,
    readDescription('firefox-text').media,
  ]
  assert.deepEqual(agree(own, other), other)
  assert.deepEqual(agree(other, own), own)
})

test('a browser that lacks a codec agrees on the others', () => {
  const codecs = streamAt(chromium.media, 1).codecs.filter(({ pt }) => pt < 108)
  const fewer = withStream(chromium.media, 1, { codecs })
  assert.deepEqual(agree(chromium.media, fewer), fewer)
  assert.deepEqual(agree(fewer, chromium.media), fewer)
})

test('wishes about reception do not stand in the way, and are the other side’s', () => {
  const codecs = streamAt(chromium.media, 0).codecs.map((codec) => ({
    ...codec,
    format: 'stereo=1',
  }))
  const other = withStream(chromium.media, 0, { codecs })
  assert.deepEqual(agree(chromium.media, other), other)
})

test('VP9 without a profile is VP9 of profile 0', () => {
  const codecs = streamAt(chromium.media, 1).codecs.map((codec) =>
    codec.name === 'VP9' ? { ...codec, format: '' } : codec,
  )
  const other = withStream(chromium.media, 1, { codecs })
  assert.deepEqual(agree(chromium.media, other), other)
})

test('H.264 of another profile is another codec', () => {
  const codecs = streamAt(chromium.media, 1).codecs.map((codec) =>
    codec.name === 'H264' ? { ...codec, format: codec.format.replace('42e01f', '64001f') } : codec,
  )
  const agreed = agree(chromium.media, withStream(chromium.media, 1, { codecs })) ?? []
  assert.ok(streamAt(agreed, 1).codecs.every(({ name }) => name !== 'H264'))
})

test('extensions only one side has are left out; the same name with two numbers needs an answer', () => {
  const without = withStream(chromium.media, 1, { extensions: { mid: 4, congestion: 3 } })
  const agreed = agree(chromium.media, without) ?? []
  assert.deepEqual(streamAt(agreed, 1).extensions, { mid: 4, congestion: 3 })
  assert.deepEqual(streamAt(agree(without, chromium.media) ?? [], 1).extensions, {
    mid: 4,
    congestion: 3,
  })
  const renumbered = withStream(chromium.media, 1, { extensions: { mid: 5 } })
  assert.equal(agree(chromium.media, renumbered), null)
})

test('repair of nothing is no agreement', () => {
  const codecs = streamAt(chromium.media, 1).codecs.filter(({ name }) => name === 'rtx')
  assert.equal(agree(chromium.media, withStream(chromium.media, 1, { codecs })), null)
})

test('other sections, names or kinds need an answer', () => {
  const { media } = chromium
  assert.equal(agree(media, media.slice(0, 2)), null)
  assert.equal(agree(media, withStream(media, 0, { mid: '9' })), null)
  assert.equal(agree(media, withStream(media, 0, { kind: 'video' })), null)
  const application = { kind: /** @type {const} */ ('application'), mid: '0', size: 1024 }
  assert.equal(agree(media, [application, ...media.slice(1)]), null)
  assert.equal(agree([application, ...media.slice(1)], media), null)
})

test('the mark of the controlled side stands once, before the sections', () => {
  const sdp = readSdp('chromium-video')
  const marked = withControlledRole(sdp)
  assert.equal(marked.split('a=ice-lite').length, 2)
  assert.ok(marked.indexOf('a=ice-lite') < marked.indexOf('m='))
  assert.equal(marked.replace('a=ice-lite\r\n', ''), sdp)
})
