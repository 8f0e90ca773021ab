/* The visitor's own picture and sound before a call, or what to do when there is none. */

import { guidance } from '../core/guidance.js'
import { el, keyed, setText, show } from './dom.js'
import { icon } from './icons.js'
import { Meter } from './meter.js'
import { Pickers } from './pickers.js'
import { sourceToggle } from './toggle.js'

/** @import { Guidance, Way } from '../core/guidance.js' */
/** @import { Mode, State } from '../core/types.d.ts' */
/** @import { Context } from './types.d.ts' */

export class Preview {
  #context
  #onWay
  /** @type {MediaStream | null} */
  #stream = null
  #video = el('video', { muted: true, playsinline: true, autoplay: true })
  #title = el('h2', { tabindex: -1 })
  #body = el('p')
  #ways = el('div', { class: 'ways' })
  #symbol = el('div', { class: 'symbol' })
  #guidance
  #badge
  #off
  #voice = el('div', { class: 'guidance' }, el('div', { class: 'symbol' }, icon('voice')))
  #bar
  #level
  #meter
  #pickers
  #toggles
  #tools

  /** @param {HTMLElement} root @param {Context} context
   * @param {(way: Way) => void} onWay a button of the guidance was pressed */
  constructor(root, context, onWay) {
    const { t } = context
    this.#context = context
    this.#onWay = onWay
    this.#video.ariaLabel = t('call.you')
    this.#video.muted = true
    this.#guidance = el(
      'div',
      { class: 'guidance' },
      this.#symbol,
      this.#title,
      this.#body,
      this.#ways,
    )
    this.#badge = el('p', { class: 'badge' }, t('preview.notYet'))
    this.#off = el('p', { class: 'guidance' }, t('preview.off'))
    this.#toggles = {
      microphone: sourceToggle(context, 'microphone'),
      camera: sourceToggle(context, 'camera'),
    }
    const { microphone, camera } = this.#toggles
    this.#tools = el('div', { class: 'preview-tools' }, microphone.element, camera.element)
    this.#level = el('div', {
      class: 'meter',
      role: 'meter',
      'aria-label': t('preview.level'),
      'aria-valuemin': 0,
      'aria-valuemax': 100,
      'aria-valuenow': 0,
    })
    this.#meter = new Meter(this.#level)
    const speak = el('p', { class: 'hint' }, t('preview.speak'))
    this.#bar = el('div', { class: 'loudness' }, icon('voice'), this.#level, speak)
    this.#pickers = new Pickers(context)
    const frame = el(
      'div',
      { class: 'frame' },
      this.#video,
      this.#voice,
      this.#guidance,
      this.#off,
      this.#badge,
      this.#tools,
    )
    root.replaceChildren(frame, this.#bar, this.#pickers.element)
  }

  /** @param {MediaStream | null} stream */
  setStream(stream) {
    this.#stream = stream
  }

  /** @param {State} state @param {Mode} mode */
  render(state, mode) {
    const view = this.#context.devices.view()
    const advice = guidance(view.permission, mode)
    const open = advice === null
    const picture = open && mode === 'video'
    this.#advise(advice, mode)
    show(this.#video, picture)
    show(this.#voice, open && mode === 'voice')
    show(this.#off, picture && !state.self.camera)
    this.#video.classList.toggle('mirrored', view.front)
    this.#renderSound(state, open, mode)
    show(this.#pickers.element, this.#pickers.render(view, picture) && open)
    this.#attach(picture)
  }

  /** Stops drawing while another screen is shown. */
  leave() {
    this.#meter.follow(null)
    this.#video.srcObject = null
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

  /** @param {boolean} picture */
  #attach(picture) {
    const wanted = picture ? this.#stream : null
    if (this.#video.srcObject !== wanted) this.#video.srcObject = wanted
  }

  /** @param {Guidance | null} advice @param {Mode} mode */
  #advise(advice, mode) {
    const hadFocus = this.#guidance.contains(document.activeElement)
    show(this.#guidance, advice !== null)
    if (!advice) return
    const { t } = this.#context
    const values = { address: location.href }
    setText(this.#title, t(advice.title))
    setText(this.#body, t(advice.body, values))
    keyed(this.#symbol, [mode], String, () => el('span', {}, icon(mode)))
    keyed(
      this.#ways,
      advice.ways,
      (way) => `${way}.${mode}`,
      (way) => this.#button(way, mode),
    )
    if (hadFocus && !this.#guidance.contains(document.activeElement)) this.#title.focus()
  }

  /** @param {Way} way @param {Mode} mode */
  #button(way, mode) {
    const { t } = this.#context
    const key = way === 'open' ? `act.open.${mode}` : `act.${way}`
    const main = way === 'open' || way === 'retry' || way === 'copy'
    const style = main ? 'button primary' : 'button'
    const button = el(
      'button',
      { class: style, type: 'button', onclick: () => this.#go(way, button) },
      t(key),
    )
    return button
  }

  /** @param {Way} way @param {HTMLElement} button */
  async #go(way, button) {
    if (way !== 'copy') return this.#onWay(way)
    try {
      await navigator.clipboard.writeText(location.href)
      setText(button, this.#context.t('act.copied'))
    } catch {
      setText(this.#body, location.href)
    }
  }
}
