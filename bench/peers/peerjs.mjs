// PeerJS's own server, without the logging of its command line.  usage: node peerjs.mjs PORT
import { PeerServer } from 'peer'

PeerServer({
  host: '127.0.0.1',
  port: Number(process.argv[2]),
  path: '/',
  concurrent_limit: 1_000_000,
  // The generator sends no heartbeats.
  alive_timeout: 600_000,
})
