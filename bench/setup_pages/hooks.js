/**
 * Runs in every measured page before its own scripts: notes when each step of a call set-up happens,
 * and leads the media through the delaying relay of the benchmark. It knows none of the pages.
 */
{
  /** First time of each step, in milliseconds since 1970 so that two browsers can be compared. */
  const stamps = {}
  const connections = []
  const { relay } = globalThis.benchmark

  const stamp = (step, at = performance.now()) => {
    stamps[step] ??= performance.timeOrigin + at
  }

  globalThis.benchmark.stamps = stamps
  globalThis.benchmark.connections = connections

  addEventListener(
    'click',
    (event) => {
      if (event.target.closest('button')?.textContent === 'Start') stamp('click', event.timeStamp)
    },
    true,
  )

  // What the messages of the three services are called.
  const STEPS = {
    waiting: 'waiting',
    OPEN: 'waiting',
    matched: 'matched',
    signal: 'card',
    OFFER: 'card',
    ANSWER: 'card',
  }

  globalThis.WebSocket = class WebSocket extends globalThis.WebSocket {
    constructor(...options) {
      super(...options)
      this.addEventListener('message', ({ data }) => {
        const step = STEPS[JSON.parse(data).type]
        if (step) stamp(step)
      })
    }
  }

  /** A UDP candidate as the relay stands for it, each connection getting one; null for others. */
  const led = (connection, line) => {
    const fields = line.split(' ')
    if (fields[2].toLowerCase() !== 'udp' || connection.isLed) return null
    connection.isLed = true
    fields.splice(4, 2, relay.address, relay.port)
    return fields.join(' ')
  }

  const ledDescription = (connection, { type, sdp }) => {
    const lines = sdp.split('\r\n').flatMap((line) => {
      if (!line.startsWith('a=candidate:')) return [line]
      return led(connection, line) ?? []
    })
    return { type, sdp: lines.join('\r\n') }
  }

  globalThis.RTCPeerConnection = class RTCPeerConnection extends globalThis.RTCPeerConnection {
    isLed = false

    constructor(...configuration) {
      super(...configuration)
      connections.push(this)
      this.addEventListener('iceconnectionstatechange', () => {
        if (['connected', 'completed'].includes(this.iceConnectionState)) stamp('ice')
      })
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') stamp('dtls')
      })
    }

    async setRemoteDescription(description) {
      await super.setRemoteDescription(relay ? ledDescription(this, description) : description)
      stamp('applied')
    }

    async addIceCandidate(candidate) {
      if (!(relay && candidate?.candidate)) return super.addIceCandidate(candidate)
      const line = led(this, candidate.candidate)
      const { sdpMid, sdpMLineIndex } = candidate
      if (line) await super.addIceCandidate({ candidate: line, sdpMid, sdpMLineIndex })
    }
  }

  /** Times during which the page waited for cryptography, so that its share of the set-up is known. */
  const spans = []
  let waiting = 0

  const timed =
    (operation) =>
    async (...parameters) => {
      if (waiting === 0) spans.push([performance.timeOrigin + performance.now(), Infinity])
      waiting += 1
      try {
        return await operation(...parameters)
      } finally {
        waiting -= 1
        if (waiting === 0) spans.at(-1)[1] = performance.timeOrigin + performance.now()
      }
    }

  for (const name of [
    'importKey',
    'deriveBits',
    'digest',
    'sign',
    'verify',
    'encrypt',
    'decrypt',
  ]) {
    crypto.subtle[name] = timed(SubtleCrypto.prototype[name].bind(crypto.subtle))
  }

  /** Milliseconds of such times between the introduction and the use of the partner's description. */
  globalThis.benchmark.sealing = () =>
    spans
      .map(([from, to]) => Math.min(to, stamps.applied) - Math.max(from, stamps.matched))
      .filter((duration) => duration > 0)
      .reduce((sum, duration) => sum + duration, 0)

  const isReceived = (track) =>
    connections.some((connection) =>
      connection.getReceivers().some((receiver) => receiver.track === track),
    )

  const native = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject')
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
    ...native,
    set(stream) {
      native.set.call(this, stream)
      if (stream?.getVideoTracks().some(isReceived)) {
        this.requestVideoFrameCallback((now) => stamp('frame', now))
      }
    },
  })
}
