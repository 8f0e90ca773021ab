/* Runs in every page before its own scripts: keeps what tests ask about and changes nothing else. */
{
  const probe = { connections: [], requested: [], streams: [] }
  Object.defineProperty(globalThis, 'probe', { value: probe })

  globalThis.RTCPeerConnection = class RTCPeerConnection extends globalThis.RTCPeerConnection {
    constructor(...configuration) {
      super(...configuration)
      probe.connections.push(this)
    }
  }

  // Absent on plain http, where the page must say so.
  const devices = globalThis.MediaDevices?.prototype
  const getUserMedia = devices?.getUserMedia
  if (getUserMedia) {
    devices.getUserMedia = async function (constraints) {
      probe.requested.push(constraints)
      const stream = await getUserMedia.call(this, constraints)
      probe.streams.push(stream)
      return stream
    }
  }

  globalThis.addEventListener('securitypolicyviolation', (violation) => {
    const { effectiveDirective, blockedURI, sourceFile, lineNumber, sample } = violation
    console.error('policy:', effectiveDirective, blockedURI, sourceFile, lineNumber, sample)
  })
}
