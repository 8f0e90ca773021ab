/* After Escape: a bar that runs out, and Undo. */

import { el, setText, show } from './dom.js'

/** @import { State } from '../core/types.d.ts' */
/** @import { Context } from './types.d.ts' */

const SECOND = 1000

export class UndoBar {
  /** @type {number | null} */
  #at = null
  /** What had the focus when the bar appeared. @type {Element | null} */
  #origin = null
  #context
  #text = el('p')
  #bar = el('div', { class: 'undo-bar' })
  element

  /** @param {Context} context */
  constructor(context) {
    const { t, dispatch } = context
    this.#context = context
    const onclick = () => dispatch({ type: 'undoNext' })
    const button = el('button', { class: 'button', type: 'button', onclick }, t('undo.undo'))
    this.element = el('div', { class: 'undo', hidden: true }, this.#text, button, this.#bar)
  }

  /** @param {State} state */
  render({ nextAt }) {
    if (nextAt === this.#at) return
    this.#at = nextAt
    this.#passFocus(nextAt !== null)
    show(this.element, nextAt !== null)
    if (nextAt === null) return
    const left = Math.max(0, nextAt - this.#context.clock.now())
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.#bar.animate([{ transform: 'scaleX(1)' }, { transform: 'scaleX(0)' }], {
        duration: left,
      })
    }
    this.#count(nextAt)
  }

  /** Whoever was writing goes on writing after Undo. @param {boolean} appears */
  #passFocus(appears) {
    if (appears) this.#origin = document.activeElement
    else if (this.element.contains(document.activeElement) && this.#origin instanceof HTMLElement) {
      this.#origin.focus()
    }
  }

  /** @param {number} nextAt */
  #count(nextAt) {
    if (nextAt !== this.#at) return
    const left = Math.max(0, nextAt - this.#context.clock.now())
    setText(this.#text, this.#context.t('undo.text', { count: Math.ceil(left / SECOND) }))
    setTimeout(() => this.#count(nextAt), left % SECOND || SECOND)
  }
}
