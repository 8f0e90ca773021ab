/** What the two pages beside ours have in common: one button, one picture, one camera. */

const [remote, own] = document.getElementsByTagName('video')
const [start] = document.getElementsByTagName('button')

export const parameters = new URLSearchParams(location.search)

/** Host and port of the service, or of the proxy before it. */
export const service = new URL(`http://${parameters.get('service')}`)

/** The same picture and sound as the product asks for. */
const DEVICES = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 24, max: 30 } },
}

/** Opens camera and microphone, and shows the own picture as every video call does. */
export async function openDevices() {
  own.srcObject = await navigator.mediaDevices.getUserMedia(DEVICES)
  return own.srcObject
}

export const onStart = (begin) => start.addEventListener('click', begin)

export const show = (stream) => {
  remote.srcObject = stream
}
