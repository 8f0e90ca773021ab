/* What stands where the own picture would be: what the browser will ask, or why there is none. */

import { el, keyed, setText, show } from './dom.js'
import { icon } from './icons.js'

/** @import { Guidance, Way } from '../core/guidance.js' */
/** @import { Mode } from '../core/types.d.ts' */
/** @import { Context } from './types.d.ts' */

/** Ways that lead where the visitor wanted to go; the others lead around. @type {Way[]} */
const STRAIGHT = ['open', 'retry', 'copy']

export class Advice {
  #context
  #onWay
  #shown = ''
  #symbol = el('div', { class: 'symbol' })
  #title = el('h2', { tabindex: -1 })
  #body = el('p')
  #ways = el('div', { class: 'ways' })
  element = el('div', { class: 'guidance' }, this.#symbol, this.#title, this.#body, this.#ways)

  /** @param {Context} context @param {(way: Way) => void} onWay */
  constructor(context, onWay) {
    this.#context = context
    this.#onWay = onWay
  }

  focus() {
    this.#title.focus()
  }

  /** @param {Guidance | null} guidance @param {Mode} mode */
  render(guidance, mode) {
    const hadFocus = this.element.contains(document.activeElement)
    show(this.element, guidance !== null)
    const shown = `${guidance?.title} ${mode}`
    if (shown === this.#shown) return
    this.#shown = shown
    if (guidance) this.#fill(guidance, mode, hadFocus)
  }

  /** @param {Guidance} guidance @param {Mode} mode @param {boolean} hadFocus */
  #fill({ title, body, ways }, mode, hadFocus) {
    const { t, say } = this.#context
    setText(this.#title, t(title))
    setText(this.#body, t(body))
    keyed(this.#symbol, [mode], String, () => el('span', {}, icon(mode)))
    this.#ways.replaceChildren(...ways.map((way) => this.#button(way, mode)))
    if (!title.startsWith('prime')) say(`${t(title)}. ${t(body)}`)
    if (hadFocus) this.#title.focus()
  }

  /** @param {Way} way @param {Mode} mode */
  #button(way, mode) {
    const text = this.#context.t(way === 'open' ? `act.open.${mode}` : `act.${way}`)
    const style = STRAIGHT.includes(way) ? 'button primary' : 'button'
    const onclick = () => (way === 'copy' ? this.#copy(button) : this.#onWay(way))
    const button = el('button', { class: style, type: 'button', onclick }, text)
    return button
  }

  /** Some built-in browsers refuse the clipboard too: then the address is there to be marked.
   * @param {HTMLElement} button */
  async #copy(button) {
    try {
      await navigator.clipboard.writeText(location.href)
      setText(button, this.#context.t('act.copied'))
      this.#context.say(this.#context.t('act.copied'))
    } catch {
      setText(this.#body, location.href)
    }
  }
}
