/* The camera and microphone tracks in use: asked for, replaced, stopped. Knows no permission flow. */

/** @import { Mode } from '../core/types.d.ts' */
/** @import { Kind, Source } from './devices-types.d.ts' */

/* Small on purpose: it is what a video call between strangers needs and what a weak uplink carries. */
const PICTURE = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 24, max: 30 },
}
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }

/** @type {Record<Kind, Source>} */
export const SOURCE_BY_KIND = { audio: 'microphone', video: 'camera' }

/** @type {Record<Source, Kind>} */
export const KIND_BY_SOURCE = { camera: 'video', microphone: 'audio' }

/** @param {Mode} mode @returns {Kind[]} */
export function kindsOf(mode) {
  if (mode === 'text') return []
  return mode === 'video' ? ['audio', 'video'] : ['audio']
}

export class Capture {
  /** @type {Record<Kind, MediaStreamTrack | null>} */
  #tracks = { audio: null, video: null }
  /** Counts requests per kind: a track that arrives after a newer request is stopped. */
  #turns = { audio: 0, video: 0 }
  #microphoneOn = true
  /** @type {Record<Kind, string>} */
  #ids = { audio: '', video: '' }
  /** @type {'user' | 'environment'} */
  #facing = 'user'
  #media
  #onEnded

  /** @param {MediaDevices | undefined} media absent outside secure contexts
   * @param {(kind: Kind) => void} onEnded a track ended by itself */
  constructor(media, onEnded) {
    this.#media = media
    this.#onEnded = onEnded
  }

  /** @param {Kind} kind */
  track(kind) {
    return this.#tracks[kind]
  }

  /** @param {Kind} kind @returns {string} id of the device in use */
  id(kind) {
    return this.#tracks[kind]?.getSettings().deviceId ?? this.#ids[kind]
  }

  get front() {
    return (this.#tracks.video?.getSettings().facingMode ?? this.#facing) !== 'environment'
  }

  /** Gets what the mode needs and is not open yet, in one question to the visitor.
   * @param {Mode} mode @param {boolean} relaxed take any device
   * @returns {Promise<boolean>} false when a newer request overtook this one */
  async open(mode, relaxed) {
    const missing = kindsOf(mode).filter((kind) => !this.#tracks[kind])
    return missing.length === 0 || (await this.#request(missing, relaxed))
  }

  /** Another device of this kind. The old track is stopped first: phones open one camera at a time.
   * @param {Kind} kind @param {{ id?: string, facing?: 'user' | 'environment' }} wish
   * @returns {Promise<boolean>} */
  async replace(kind, { id = '', facing = 'user' }) {
    this.stop(kind)
    this.#ids[kind] = id
    if (kind === 'video') this.#facing = facing
    return await this.#request([kind], false)
  }

  /** @param {Kind} kind */
  stop(kind) {
    this.#turns[kind] += 1
    this.#tracks[kind]?.stop()
    this.#tracks[kind] = null
  }

  /** @param {boolean} on */
  setMicrophone(on) {
    this.#microphoneOn = on
    if (this.#tracks.audio) this.#tracks.audio.enabled = on
  }

  /** @param {Kind[]} kinds @param {boolean} relaxed */
  async #request(kinds, relaxed) {
    const turns = kinds.map((kind) => ++this.#turns[kind])
    const tracks = await this.#capture(kinds, relaxed)
    const overtaken = kinds.some((kind, index) => this.#turns[kind] !== turns[index])
    for (const track of tracks) {
      if (overtaken) track.stop()
      else this.#adopt(track)
    }
    return !overtaken
  }

  /** @param {Kind[]} kinds @param {boolean} relaxed @returns {Promise<MediaStreamTrack[]>} */
  async #capture(kinds, relaxed) {
    if (!this.#media) throw new DOMException('no media devices', 'NotSupportedError')
    const stream = await this.#media.getUserMedia({
      audio: kinds.includes('audio') && (relaxed || { ...SOUND, ...exactly(this.#ids.audio) }),
      video: kinds.includes('video') && (relaxed || this.#picture()),
    })
    return stream.getTracks()
  }

  /** @returns {MediaTrackConstraints} */
  #picture() {
    const id = this.#ids.video
    return { ...PICTURE, ...(id ? exactly(id) : { facingMode: { ideal: this.#facing } }) }
  }

  /** @param {MediaStreamTrack} track */
  #adopt(track) {
    const kind = track.kind === 'audio' ? 'audio' : 'video'
    if (kind === 'audio') track.enabled = this.#microphoneOn
    this.#tracks[kind] = track
    track.addEventListener('ended', () => {
      if (this.#tracks[kind] === track) this.#onEnded(kind)
    })
  }
}

/** @param {string} id @returns {MediaTrackConstraints} */
function exactly(id) {
  return id ? { deviceId: { exact: id } } : {}
}
