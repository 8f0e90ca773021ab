import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wantedCodecs } from '../../../src/chatzyo/web/js/core/codec.js'

/** @param {string[]} wanted @param {string[]} unwanted entries are `mimeType parameters` */
function expect(wanted, unwanted) {
  const capabilities = [...unwanted, ...wanted].map((entry) => {
    const [mimeType = '', sdpFmtpLine] = entry.split(' ')
    return sdpFmtpLine ? { mimeType, sdpFmtpLine } : { mimeType }
  })
  assert.deepEqual(wantedCodecs(capabilities), capabilities.slice(unwanted.length))
}

test('voice is Opus', () => {
  expect(['audio/opus minptime=10;useinbandfec=1'], ['audio/red', 'audio/G722', 'audio/CN'])
})

test('of VP9 only the profile that cameras deliver is offered', () => {
  expect(
    ['video/VP9', 'video/VP9 profile-id=0', 'video/VP9 max-fs=12288;max-fr=60'],
    ['video/VP9 profile-id=2'],
  )
})

test('of H.264 only constrained baseline in its usual packing is offered', () => {
  const level = 'level-asymmetry-allowed=1'
  expect(
    [`video/H264 ${level};packetization-mode=1;profile-level-id=42E01F`],
    [
      `video/H264 ${level};packetization-mode=0;profile-level-id=42e01f`,
      `video/H264 ${level};packetization-mode=1;profile-level-id=4d001f`,
      'video/H264',
    ],
  )
})

test('the order of the browser is kept, with repair and without redundancy', () => {
  expect(['video/VP8', 'video/rtx', 'video/VP9'], ['video/red', 'video/ulpfec', 'video/AV1'])
})
