// The signaling job on socket.io, websocket transport only.  usage: node socketio.mjs PORT
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { Server } from 'socket.io'

let waiting = null

const http = createServer()
const io = new Server(http, {
  transports: ['websocket'],
  perMessageDeflate: false,
  serveClient: false,
  // No heartbeat within a run: it favours this server and lets the generator count bytes.
  pingInterval: 600_000,
})

// What socket.io's own advice on memory says: keep no reference to the handshake request.
io.engine.on('connection', (connection) => {
  connection.request = null
})

io.on('connection', (socket) => {
  socket.data.mid = null
  socket.data.partner = null
  socket.on('signal', (signal) => relay(socket, signal))
  socket.on('find', () => find(socket))
  socket.on('leave', () => leave(socket))
  socket.on('disconnect', () => leave(socket))
})

http.listen({ host: '127.0.0.1', port: Number(process.argv[2]), backlog: 4096 })

function relay(socket, signal) {
  const { mid, partner } = socket.data
  if (partner !== null && signal.mid === mid) partner.emit('signal', signal)
}

function find(socket) {
  if (waiting === null) {
    waiting = socket
    socket.emit('waiting')
    return
  }
  const partner = waiting
  waiting = null
  const mid = randomUUID()
  introduce(partner, socket, mid, 'a')
  introduce(socket, partner, mid, 'b')
}

function introduce(socket, partner, mid, role) {
  socket.data.partner = partner
  socket.data.mid = mid
  socket.emit('matched', { mid, role })
}

function leave(socket) {
  if (waiting === socket) waiting = null
  const { mid, partner } = socket.data
  if (partner === null) return
  socket.data.partner = partner.data.partner = null
  socket.data.mid = partner.data.mid = null
  partner.emit('ended', { mid })
}
