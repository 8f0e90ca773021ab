/* First screen. Its markup is in index.html, so that it reads before any script; this brings it to life. */

import { find, show } from './dom.js'
import { icon } from './icons.js'
import { Preview } from './preview.js'
import { Interests, Languages } from './wishes.js'

/** @import { Way } from '../core/guidance.js' */
/** @import { Mode, State } from '../core/types.d.ts' */
/** @import { Icon } from './icons.js' */
/** @import { Context, Screen } from './types.d.ts' */

/** @implements {Screen} */
export class Lobby {
  element
  #context
  #radios
  #preview
  #languages
  #interests
  #adult
  #adultError
  #start
  /** Start was pressed and waits for the devices. */
  #starting = false
  /** @type {State | null} */
  #state = null

  /** @param {HTMLElement} element @param {Context} context */
  constructor(element, context) {
    const { t } = context
    this.element = element
    this.#context = context
    this.#radios = [...element.querySelectorAll('input[type=radio]')].filter(
      (radio) => radio instanceof HTMLInputElement,
    )
    for (const radio of this.#radios)
      radio.addEventListener('change', () => this.#choose(this.#mode))
    for (const place of element.querySelectorAll('[data-icon]')) {
      place.replaceChildren(icon(/** @type {Icon} */ (place.getAttribute('data-icon'))))
    }
    this.#preview = new Preview(find(element, '#preview', HTMLElement), context, (way) =>
      this.#follow(way),
    )
    this.#languages = new Languages(find(element, '#languages', HTMLElement), t)
    this.#interests = new Interests(find(element, '#interests', HTMLElement), t)
    this.#adult = find(element, '#adult', HTMLInputElement)
    this.#adultError = find(element, '#adult-error', HTMLElement)
    this.#start = find(element, '#start', HTMLButtonElement)
    this.#adult.checked = history.state?.adult === true
    this.#adult.addEventListener('change', () => this.#declare())
    this.#start.addEventListener('click', () => this.#begin())
  }

  landing() {
    return this.#start
  }

  /** @param {MediaStream | null} stream */
  setLocalStream(stream) {
    this.#preview.setStream(stream)
    if (this.#state) this.render(this.#state)
  }

  entered() {
    this.#starting = false
  }

  left() {
    this.#preview.leave()
  }

  /** @param {State} state */
  render(state) {
    this.#state = state
    if (!this.element.isConnected) return
    this.#preview.render(state, this.#mode)
  }

  /** @returns {Mode} */
  get #mode() {
    const value = this.#radios.find((radio) => radio.checked)?.value
    return value === 'voice' || value === 'text' ? value : 'video'
  }

  /** @param {Mode} mode */
  #choose(mode) {
    for (const radio of this.#radios) radio.checked = radio.value === mode
    this.#starting = false
    this.#context.devices.choose(mode)
    if (mode === 'text') this.#context.dispatch({ type: 'prepare', mode })
    if (this.#state) this.render(this.#state)
  }

  /** The declaration lives as long as the tab: kept in its history entry, in no storage. */
  #declare() {
    history.replaceState({ ...history.state, adult: this.#adult.checked }, '')
    if (this.#adult.checked) show(this.#adultError, false)
  }

  /** A way that was offered after Start goes on to the start; one offered in the preview does not.
   * @param {Way} way */
  #follow(way) {
    const starting = this.#starting
    if (way === 'voice' || way === 'text') this.#choose(way)
    if (starting) this.#begin()
    else if (way !== 'text') this.#context.devices.open(this.#mode)
  }

  async #begin() {
    if (!this.#adult.checked) {
      show(this.#adultError, true)
      this.#adult.focus()
      return
    }
    if (!this.#interests.commit()) return
    const mode = this.#mode
    this.#starting = true
    const open = await this.#context.devices.open(mode)
    if (!this.#starting || mode !== this.#mode) return
    if (!open) {
      this.#preview.focus()
      return
    }
    this.#starting = false
    const { chosen: languages } = this.#languages
    const { chosen: interests } = this.#interests
    this.#context.dispatch({ type: 'start', wish: { mode, hub: 'world', languages, interests } })
  }
}

/** @param {ParentNode} root @param {Context['t']} t */
export function translate(root, t) {
  for (const place of root.querySelectorAll('[data-t]')) {
    place.replaceChildren(t(place.getAttribute('data-t') ?? ''))
  }
  for (const place of root.querySelectorAll('[data-t-label]')) {
    place.setAttribute('aria-label', t(place.getAttribute('data-t-label') ?? ''))
  }
}
