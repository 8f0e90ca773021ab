/* The stranger: picture and sound. The element stays in the document in every mode, it carries the sound. */

import { el, show } from './dom.js'
import { icon } from './icons.js'
import { Meter } from './meter.js'

/** @import { Mode, State } from '../core/types.d.ts' */
/** @import { Context } from './types.d.ts' */

export class StrangerPicture {
  /** @type {MediaStream | null} */
  #stream = null
  #playing = false
  #onChange
  #meter
  video
  avatar
  hear

  /** @param {Context} context @param {() => void} onChange the picture started or stopped */
  constructor({ t, devices }, onChange) {
    this.#onChange = onChange
    this.video = el('video', {
      class: 'remote',
      'aria-label': t('call.stranger'),
      playsinline: true,
      autoplay: true,
      onplaying: () => this.#measure(),
      onresize: () => this.#measure(),
    })
    this.avatar = el('div', { class: 'avatar' }, icon('person'))
    this.#meter = new Meter(this.avatar)
    this.hear = el(
      'button',
      { class: 'button primary hear', type: 'button', hidden: true, onclick: () => this.play() },
      icon('sound'),
      t('call.hear'),
    )
    devices.playThrough(this.video)
  }

  /** There are moving pictures of the stranger. */
  get playing() {
    return this.#playing
  }

  /** @param {MediaStream | null} stream */
  setStream(stream) {
    this.#stream = stream
    this.#playing = false
    this.video.srcObject = stream
    if (stream) this.play()
    else show(this.hear, false)
  }

  /** Browsers may refuse sound on a page that has not been touched for long. */
  async play() {
    try {
      await this.video.play()
      show(this.hear, false)
    } catch (error) {
      show(this.hear, error instanceof DOMException && error.name === 'NotAllowedError')
    }
  }

  /** @param {State} state @param {Mode} mode */
  render(state, mode) {
    const talking = state.phase === 'talking'
    show(this.video, mode !== 'text')
    show(this.avatar, talking && (mode === 'voice' || (mode === 'video' && !state.stranger.camera)))
    this.#meter.follow(talking && mode === 'voice' ? this.#stream : null)
  }

  #measure() {
    const { videoWidth, videoHeight } = this.video
    this.#playing = videoWidth > 0
    this.video.classList.toggle('tall', videoHeight > videoWidth)
    this.#onChange()
  }
}
