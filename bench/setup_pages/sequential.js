/** The straightforward way: each step after the one before, all of them after the click. */

import { onStart, openDevices, service, show } from './page.js'

onStart(async () => {
  const stream = await openDevices()
  const socket = new WebSocket(`ws://${service.host}/`)
  socket.onopen = () => socket.send(JSON.stringify({ type: 'find' }))
  let call = null
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data)
    if (message.type === 'matched') {
      call = createCall(stream, (blob) =>
        socket.send(JSON.stringify({ type: 'signal', mid: message.mid, blob })),
      )
      // The newcomer calls: of the two possible orders the faster one.
      if (message.role === 'b') call.offer()
    }
    if (message.type === 'signal') call.handle(message.blob)
  }
})

/** Offer, answer and trickled candidates as in every tutorial. */
function createCall(stream, send) {
  const connection = new RTCPeerConnection()
  for (const track of stream.getTracks()) connection.addTrack(track, stream)
  connection.onicecandidate = ({ candidate }) => candidate && send({ candidate })
  connection.ontrack = ({ streams }) => show(streams[0])
  const describe = async () => {
    await connection.setLocalDescription()
    send({ description: connection.localDescription })
  }
  const handle = async ({ description, candidate }) => {
    if (candidate) return connection.addIceCandidate(candidate)
    await connection.setRemoteDescription(description)
    if (description.type === 'offer') await describe()
  }
  return { offer: describe, handle }
}
