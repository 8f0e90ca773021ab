/**
 * A call with PeerJS. Its server introduces nobody: the caller knows whom to call. Parameters: `id`,
 * `call` (whom, at the click; without it the page waits for a call) and `prepared` (camera open and
 * registered before the click).
 */

import { onStart, openDevices, parameters, service, show } from './page.js'

const partner = parameters.get('call')

async function prepare() {
  const stream = await openDevices()
  const peer = new globalThis.Peer(parameters.get('id'), {
    host: service.hostname,
    port: Number(service.port),
    path: '/',
    config: { iceServers: [] },
  })
  peer.on('call', (call) => {
    call.answer(stream)
    call.on('stream', show)
  })
  await new Promise((resolve) => peer.on('open', resolve))
  return { peer, stream }
}

const prepared = parameters.has('prepared') ? prepare() : null

onStart(async () => {
  const { peer, stream } = await (prepared ?? prepare())
  if (partner) peer.call(partner, stream).on('stream', show)
})
