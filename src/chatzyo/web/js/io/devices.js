/* Camera, microphone and speaker: runs the permission machine, keeps one warm stream across
   partners and survives devices that come and go. */

import { CLOSED, permission } from '../core/permission.js'
import { Capture, KIND_BY_SOURCE, kindsOf, SOURCE_BY_KIND } from './capture.js'

/** @import { Mode } from '../core/types.d.ts' */
/** @import { Environment, Grant, PermissionEffect, PermissionEvent, PermissionState } from '../core/permission-types.d.ts' */
/** @import { Device, DeviceChoice, DeviceNotice, Devices as Face, DevicesOptions, DevicesView, Kind, Source } from './devices-types.d.ts' */

/* Only the wording depends on this guess; what works is found out by trying. */
const IN_APP = /; wv\)|FBAN|FBAV|Instagram|Line\/|Snapchat/

/** @param {DevicesOptions} options @returns {Devices} */
export function createDevices(options) {
  return new Devices(options)
}

/** @implements {Face} */
class Devices {
  /** @type {PermissionState} */
  #permission = CLOSED
  /** @type {MediaStream | null} */
  #stream = null
  /** @type {Record<Device, DeviceChoice[]>} */
  #choices = { camera: [], microphone: [], speaker: [] }
  #speaker = ''
  /** @type {HTMLMediaElement | null} */
  #output = null
  /** @type {DeviceNotice | null} */
  #notice = null
  /** @type {((open: boolean) => void)[]} */
  #waiters = []
  /** @type {(() => void)[]} */
  #listeners = []
  #options
  #media
  #capture

  /** @param {DevicesOptions} options */
  constructor(options) {
    this.#options = options
    /** @type {MediaDevices | undefined} */
    this.#media = options.window.navigator.mediaDevices
    this.#capture = new Capture(this.#media, (kind) => this.#recover(kind))
    this.#media?.addEventListener('devicechange', () => this.#devicesChanged())
    options.window.addEventListener('focus', () =>
      this.#event({ type: 'returned', now: this.#now }),
    )
  }

  /** @returns {DevicesView} */
  view() {
    return {
      permission: this.#permission,
      choices: this.#choices,
      chosen: {
        camera: this.#capture.id('video'),
        microphone: this.#capture.id('audio'),
        speaker: this.#speaker,
      },
      front: this.#capture.front,
      canFlip: this.#choices.camera.length > 1,
      canAskSpeaker: this.#media !== undefined && 'selectAudioOutput' in this.#media,
      notice: this.#notice,
    }
  }

  /** @param {() => void} listener */
  subscribe(listener) {
    this.#listeners.push(listener)
  }

  /** @param {Mode} mode */
  choose(mode) {
    this.#event({ type: 'chosen', mode, environment: this.#environment() })
  }

  /** @param {Mode} mode @returns {Promise<boolean>} */
  open(mode) {
    const state = this.#permission
    const same = state.step !== 'idle' && state.mode === mode
    if (same && state.step === 'open') return Promise.resolve(true)
    return new Promise((resolve) => {
      this.#waiters.push((open) => resolve(open || mode === 'text'))
      if (same && state.step === 'asking') return
      this.#event({ type: 'wanted', mode, environment: this.#environment(), now: this.#now })
    })
  }

  /** @param {Device} device @param {string} id */
  async pick(device, id) {
    if (device === 'speaker') return this.#setSpeaker(id)
    const kind = KIND_BY_SOURCE[device]
    if (this.#capture.track(kind)) await this.#exchange(kind, { id })
  }

  async askSpeaker() {
    if (!this.#media || !('selectAudioOutput' in this.#media)) return
    const media = /** @type {{ selectAudioOutput(): Promise<MediaDeviceInfo> }} */ (
      /** @type {unknown} */ (this.#media)
    )
    const device = await media.selectAudioOutput().catch(() => null)
    if (!device) return
    await this.#refreshChoices()
    await this.#setSpeaker(device.deviceId)
  }

  async flip() {
    const track = this.#capture.track('video')
    if (!track) return
    if (track.getSettings().facingMode) {
      await this.#exchange('video', { facing: this.#capture.front ? 'environment' : 'user' })
      return
    }
    const ids = this.#choices.camera.map((choice) => choice.id)
    const id = ids[(ids.indexOf(this.#capture.id('video')) + 1) % ids.length]
    if (id) await this.#exchange('video', { id })
  }

  /** @param {HTMLMediaElement} element */
  playThrough(element) {
    this.#output = element
    if (this.#speaker) this.#setSpeaker(this.#speaker)
  }

  /** The microphone stays open, so that speaking again costs no question.
   * @param {boolean} on */
  setMicrophone(on) {
    this.#capture.setMicrophone(on)
    if (on && this.#uses('audio') && !this.#capture.track('audio')) this.#exchange('audio', {})
  }

  /** Off stops the track, so that the camera's light goes out. @param {boolean} on */
  async setCamera(on) {
    if (on === (this.#capture.track('video') !== null) || !this.#uses('video')) return
    if (on) {
      await this.#exchange('video', { id: this.#capture.id('video') })
      return
    }
    this.#capture.stop('video')
    this.#changed('video')
  }

  get #now() {
    return this.#options.clock.now()
  }

  /** @returns {Environment} */
  #environment() {
    const { isSecureContext: secure, navigator } = this.#options.window
    return { secure, supported: this.#media !== undefined, inApp: IN_APP.test(navigator.userAgent) }
  }

  /** @param {PermissionEvent} event */
  #event(event) {
    const before = this.#permission
    const [after, effects] = permission(before, event)
    this.#permission = after
    for (const effect of effects) this.#perform(effect)
    if (this.#permission !== before) this.#settle()
  }

  #settle() {
    const { step } = this.#permission
    if (step !== 'asking' && step !== 'checking') {
      for (const resolve of this.#waiters.splice(0)) resolve(step === 'open')
    }
    this.#tell()
  }

  #tell() {
    for (const listener of this.#listeners) listener()
  }

  /** @param {PermissionEffect} effect */
  #perform(effect) {
    switch (effect.type) {
      case 'query':
        return this.#query(effect.request)
      case 'open':
        return this.#ask(effect)
      case 'release':
        return this.#release(effect.mode)
      case 'wait':
        return setTimeout(() => this.#event({ type: 'waited', request: effect.request }), effect.ms)
    }
  }

  /** @param {Mode} mode */
  #release(mode) {
    const needed = kindsOf(mode)
    for (const kind of /** @type {const} */ (['audio', 'video'])) {
      if (!needed.includes(kind)) this.#capture.stop(kind)
    }
    if (needed.length > 0 || !this.#stream) return
    this.#stream = null
    this.#options.onStream(null)
  }

  /** @param {number} request */
  async #query(request) {
    const [camera, microphone] = await Promise.all([
      this.#grant('camera'),
      this.#grant('microphone'),
    ])
    this.#event({ type: 'queried', request, camera, microphone, now: this.#now })
  }

  /** A track that is open counts as granted: some browsers grant for the visit without saying so.
   * @param {Source} source @returns {Promise<Grant>} */
  async #grant(source) {
    if (this.#capture.track(KIND_BY_SOURCE[source])) return 'granted'
    const status = await this.#status(source)
    if (status) status.onchange = () => this.#permitted()
    return status?.state ?? 'unknown'
  }

  /** @param {Source} source @returns {Promise<PermissionStatus | null>} */
  async #status(source) {
    try {
      return await this.#options.window.navigator.permissions.query({ name: source })
    } catch {
      return null
    }
  }

  async #permitted() {
    const [camera, microphone] = await Promise.all([
      this.#grant('camera'),
      this.#grant('microphone'),
    ])
    this.#event({ type: 'permitted', camera, microphone, now: this.#now })
  }

  /** @param {Extract<PermissionEffect, {type: 'open'}>} effect */
  async #ask({ request, mode, relaxed }) {
    try {
      if (!(await this.#capture.open(mode, relaxed))) return
    } catch (error) {
      return this.#refused(request, error)
    }
    this.#renew()
    this.#event({ type: 'opened', request })
    // After that: Firefox lists devices only to a window in front, however long that takes.
    await this.#refreshChoices()
  }

  /** @param {number} request @param {unknown} error */
  #refused(request, error) {
    const { name, message } = error instanceof Error ? error : new Error('unknown')
    const { inApp } = this.#environment()
    this.#grant('camera')
    this.#grant('microphone')
    this.#event({ type: 'refused', request, name, message, inApp, now: this.#now })
  }

  /** A new set of kinds is a new stream, so that the listener can compare by identity. */
  #renew() {
    const tracks = [this.#capture.track('audio'), this.#capture.track('video')]
    this.#stream = new this.#options.window.MediaStream(tracks.filter((track) => track !== null))
    this.#options.onStream(this.#stream)
  }

  /** Another device of the kind; the default one where it does not open; none where that fails too.
   * @param {Kind} kind @param {{ id?: string, facing?: 'user' | 'environment' }} wish */
  async #exchange(kind, wish) {
    try {
      if (!(await this.#capture.replace(kind, wish))) return
      this.#changed(kind)
      await this.#refreshChoices()
    } catch {
      await this.#recover(kind)
    }
  }

  /** @param {Kind} kind */
  async #recover(kind) {
    const source = SOURCE_BY_KIND[kind]
    try {
      if (!(await this.#capture.replace(kind, {}))) return
      this.#note('switched', source, this.#capture.track(kind)?.label ?? '')
    } catch {
      this.#note('lost', source, '')
      this.#options.onLost(source)
    }
    this.#changed(kind)
    await this.#refreshChoices()
  }

  /** @param {'switched' | 'lost'} event @param {Source} source @param {string} label */
  #note(event, source, label) {
    this.#notice = { id: (this.#notice?.id ?? 0) + 1, event, source, label }
  }

  /** @param {Kind} kind */
  #changed(kind) {
    const track = this.#capture.track(kind)
    for (const old of this.#stream?.getTracks() ?? []) {
      if (old.kind === kind && old !== track) this.#stream?.removeTrack(old)
    }
    if (track) this.#stream?.addTrack(track)
    this.#options.onTrackReplaced(kind, track)
    this.#tell()
  }

  #devicesChanged() {
    this.#event({ type: 'devicesChanged', now: this.#now })
    this.#refreshChoices()
  }

  /** @param {Kind} kind */
  #uses(kind) {
    const state = this.#permission
    return state.step === 'open' && kindsOf(state.mode).includes(kind)
  }

  async #refreshChoices() {
    const found = (await this.#media?.enumerateDevices().catch(() => [])) ?? []
    this.#choices = {
      camera: choicesOf(found, 'videoinput'),
      microphone: choicesOf(found, 'audioinput'),
      speaker: 'setSinkId' in HTMLMediaElement.prototype ? choicesOf(found, 'audiooutput') : [],
    }
    const known = this.#choices.speaker.some((choice) => choice.id === this.#speaker)
    if (this.#speaker && !known) await this.#setSpeaker('')
    this.#tell()
  }

  /** @param {string} id */
  async #setSpeaker(id) {
    try {
      await this.#output?.setSinkId(id)
      this.#speaker = id
    } catch {
      this.#speaker = ''
    }
    this.#tell()
  }
}

/** @param {MediaDeviceInfo[]} found @param {MediaDeviceKind} kind @returns {DeviceChoice[]} */
function choicesOf(found, kind) {
  return found
    .filter((device) => device.kind === kind && device.deviceId !== '')
    .map((device) => ({ id: device.deviceId, label: device.label }))
}
