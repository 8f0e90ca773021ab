/* The visitor's own picture and sound before a call, or what to do when there is none. */

import { guidance } from '../core/guidance.js'
import { Advice } from './advice.js'
import { el, show } from './dom.js'
import { icon } from './icons.js'
import { Meter } from './meter.js'
import { Pickers } from './pickers.js'
import { sourceToggle } from './toggle.js'

/** @import { Way } from '../core/guidance.js' */
/** @import { Mode, State } from '../core/types.d.ts' */
/** @import { Context } from './types.d.ts' */

export class Preview {
  #context
  /** @type {MediaStream | null} */
  #stream = null
  #video = el('video', { playsinline: true, autoplay: true })
  #voice = el('div', { class: 'guidance' }, el('div', { class: 'symbol' }, icon('voice')))
  #advice
  #badge
  #off
  #bar
  #meter
  #pickers
  #toggles
  #tools

  /** @param {HTMLElement} root @param {Context} context
   * @param {(way: Way) => void} onWay a button of the advice was pressed */
  constructor(root, context, onWay) {
    const { t } = context
    this.#context = context
    this.#video.ariaLabel = t('call.you')
    this.#video.muted = true
    this.#advice = new Advice(context, onWay)
    this.#badge = el('p', { class: 'badge' }, t('preview.notYet'))
    this.#off = el('p', { class: 'guidance' }, t('preview.off'))
    this.#toggles = {
      microphone: sourceToggle(context, 'microphone'),
      camera: sourceToggle(context, 'camera'),
    }
    const { microphone, camera } = this.#toggles
    this.#tools = el('div', { class: 'preview-tools' }, microphone.element, camera.element)
    const level = createMeter(t('preview.level'))
    this.#meter = new Meter(level)
    this.#bar = el('div', { class: 'loudness' }, icon('voice'), level)
    this.#bar.append(el('p', { class: 'hint' }, t('preview.speak')))
    this.#pickers = new Pickers(context)
    const frame = el('div', { class: 'frame' }, this.#video, this.#voice, this.#advice.element)
    frame.append(this.#off, this.#badge, this.#tools)
    root.replaceChildren(frame, this.#bar, this.#pickers.element)
  }

  /** @param {MediaStream | null} stream */
  setStream(stream) {
    this.#stream = stream
  }

  /** Brings the advice before the visitor. */
  focus() {
    this.#advice.focus()
  }

  /** @param {State} state @param {Mode} mode */
  render(state, mode) {
    const view = this.#context.devices.view()
    const advice = guidance(view.permission, mode)
    const open = advice === null
    const picture = open && mode === 'video'
    this.#advice.render(advice, mode)
    show(this.#video, picture)
    show(this.#voice, open && mode === 'voice')
    show(this.#off, picture && !state.self.camera)
    this.#video.classList.toggle('mirrored', view.front)
    this.#renderSound(state, open, mode)
    show(this.#pickers.element, this.#pickers.render(view, picture) && open)
    this.#attach(picture ? this.#stream : null)
  }

  /** Stops drawing while another screen is shown. */
  leave() {
    this.#meter.follow(null)
    this.#attach(null)
  }

  /** @param {State} state @param {boolean} open @param {Mode} mode */
  #renderSound({ self }, open, mode) {
    show(this.#badge, open)
    show(this.#tools, open)
    show(this.#bar, open)
    show(this.#toggles.camera.element, mode === 'video')
    this.#toggles.microphone.render(self.microphone)
    this.#toggles.camera.render(self.camera)
    this.#meter.follow(open ? this.#stream : null)
  }

  /** @param {MediaStream | null} stream */
  #attach(stream) {
    if (this.#video.srcObject !== stream) this.#video.srcObject = stream
  }
}

/** @param {string} name */
function createMeter(name) {
  return el('div', {
    class: 'meter',
    role: 'meter',
    'aria-label': name,
    'aria-valuemin': 0,
    'aria-valuemax': 100,
    'aria-valuenow': 0,
  })
}
