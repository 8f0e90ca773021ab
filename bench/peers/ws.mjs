// The signaling job on npm `ws`, as lean as an engineer would write it by hand: parse, look up the
// partner, forward the body as the bytes it came in.  usage: node ws.mjs PORT
import { randomUUID } from 'node:crypto'
import { WebSocketServer } from 'ws'

const AS_TEXT = { binary: false }

let waiting = null

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: Number(process.argv[2]),
  perMessageDeflate: false,
  backlog: 4096,
})

server.on('connection', (socket) => {
  socket.mid = null
  socket.partner = null
  socket.on('message', (data) => receive(socket, data))
  socket.on('close', () => leave(socket))
  socket.send('{"type":"welcome"}')
})

function receive(socket, data) {
  const message = JSON.parse(data)
  switch (message.type) {
    case 'signal':
      if (socket.partner !== null && message.mid === socket.mid) socket.partner.send(data, AS_TEXT)
      break
    case 'find':
      find(socket)
      break
    case 'leave':
      leave(socket)
      break
  }
}

function find(socket) {
  if (waiting === null) {
    waiting = socket
    socket.send('{"type":"waiting"}')
    return
  }
  const partner = waiting
  waiting = null
  const mid = randomUUID()
  introduce(partner, socket, mid, 'a')
  introduce(socket, partner, mid, 'b')
}

function introduce(socket, partner, mid, role) {
  socket.partner = partner
  socket.mid = mid
  socket.send(JSON.stringify({ type: 'matched', mid, role }))
}

function leave(socket) {
  if (waiting === socket) waiting = null
  if (socket.partner === null) return
  const { mid, partner } = socket
  socket.partner = partner.partner = null
  socket.mid = partner.mid = null
  partner.send(JSON.stringify({ type: 'ended', mid }))
}
