/* The visitor's own picture on the stage: rests in a corner, moved by dragging, a button or arrow keys. */

import { nearestCorner, nextCorner } from '../core/corner.js'
import { el, setAttribute, show } from './dom.js'
import { icon } from './icons.js'
import { Meter } from './meter.js'

/** @import { Corner } from '../core/corner.js' */
/** @import { Mode, State } from '../core/types.d.ts' */
/** @import { Context } from './types.d.ts' */

export class SelfView {
  /** @type {Corner} */
  #corner = 'top-end'
  /** @type {MediaStream | null} */
  #stream = null
  /** @type {{ x: number, y: number } | null} where the drag began */
  #grip = null
  #context
  #video
  #meter
  #off
  element

  /** @param {Context} context */
  constructor(context) {
    const { t } = context
    this.#context = context
    this.#video = el('video', { 'aria-label': t('call.you'), playsinline: true, autoplay: true })
    this.#video.muted = true
    this.#off = el('div', { class: 'self-off' }, icon('person'))
    const move = el(
      'button',
      {
        class: 'move',
        type: 'button',
        'aria-label': t('call.move'),
        title: t('call.move'),
        onclick: () => this.#rest(nextCorner(this.#corner)),
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.#handleKey(event),
      },
      icon('corner'),
    )
    this.element = el(
      'div',
      {
        class: 'self',
        onpointerdown: (/** @type {PointerEvent} */ event) => this.#grab(event),
        onpointermove: (/** @type {PointerEvent} */ event) => this.#drag(event),
        onpointerup: () => this.#drop(),
        onpointercancel: () => this.#drop(),
      },
      this.#video,
      this.#off,
      move,
    )
    this.#meter = new Meter(this.element)
    this.#rest(this.#corner)
  }

  /** @param {MediaStream | null} stream */
  setStream(stream) {
    this.#stream = stream
    this.#video.srcObject = stream
  }

  /** @param {State} state @param {Mode} mode */
  render(state, mode) {
    show(this.element, mode !== 'text')
    const picture = mode === 'video' && state.self.camera
    show(this.#video, picture)
    show(this.#off, !picture)
    this.#video.classList.toggle('mirrored', this.#context.devices.view().front)
    this.#meter.follow(mode === 'voice' && state.self.microphone ? this.#stream : null)
  }

  leave() {
    this.#meter.follow(null)
  }

  /** @param {Corner} corner */
  #rest(corner) {
    this.#corner = corner
    setAttribute(this.element, 'data-corner', corner)
    this.element.style.transform = ''
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest('button')))
      return
    this.#grip = { x: event.clientX, y: event.clientY }
    this.element.setPointerCapture(event.pointerId)
    this.element.classList.add('dragged')
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (!this.#grip) return
    const x = event.clientX - this.#grip.x
    const y = event.clientY - this.#grip.y
    this.element.style.transform = `translate(${x}px, ${y}px)`
  }

  #drop() {
    if (!this.#grip) return
    this.#grip = null
    this.element.classList.remove('dragged')
    const stage = this.element.offsetParent?.getBoundingClientRect()
    const own = this.element.getBoundingClientRect()
    if (!stage) return
    const x = (own.x + own.width / 2 - stage.x) / stage.width
    const y = (own.y + own.height / 2 - stage.y) / stage.height
    this.#rest(nearestCorner({ x, y }, getComputedStyle(this.element).direction === 'rtl'))
  }

  /** @param {KeyboardEvent} event */
  #handleKey(event) {
    const [block = 'top', inline = 'end'] = this.#corner.split('-')
    const rightToLeft = getComputedStyle(this.element).direction === 'rtl'
    const left = rightToLeft ? 'end' : 'start'
    const right = rightToLeft ? 'start' : 'end'
    /** @type {Record<string, string>} */
    const corners = {
      ArrowUp: `top-${inline}`,
      ArrowDown: `bottom-${inline}`,
      ArrowLeft: `${block}-${left}`,
      ArrowRight: `${block}-${right}`,
    }
    const corner = corners[event.key]
    if (!corner) return
    event.preventDefault()
    this.#rest(/** @type {Corner} */ (corner))
  }
}
