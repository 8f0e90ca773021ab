/* Optional languages and interests of the lobby. */

import { MAX_INTERESTS, MAX_LANGUAGES } from '../core/limits.js'
import { isInterest, normaliseInterest, suggestLanguages } from '../core/wish.js'
import { Chips } from './chips.js'
import { el, find, setAttribute, setText } from './dom.js'
import { languageChoices, languageName } from './languages.js'

/** @import { Translate } from '../core/i18n.js' */

export class Languages {
  /** @type {string[]} */
  chosen
  #chips
  #select
  #button

  /** @param {HTMLElement} root @param {Translate} t */
  constructor(root, t) {
    this.chosen = suggestLanguages(navigator.languages)
    this.#select = find(root, 'select', HTMLSelectElement)
    this.#button = find(root, 'button', HTMLButtonElement)
    this.#select.append(
      el('option', { value: '' }, t('lobby.languages.add')),
      ...languageChoices().map(({ id, label }) => el('option', { value: id, lang: id }, label)),
    )
    const list = find(root, '.chips', HTMLUListElement)
    this.#chips = new Chips(list, t, (code) => this.#remove(code), this.#select)
    this.#button.addEventListener('click', () => this.#add(this.#select.value))
    this.#render()
  }

  /** @param {string} code */
  #add(code) {
    this.#select.value = ''
    if (code === '' || this.chosen.includes(code)) return
    this.chosen = [...this.chosen, code].slice(-MAX_LANGUAGES)
    this.#render()
  }

  /** @param {string} code */
  #remove(code) {
    this.chosen = this.chosen.filter((other) => other !== code)
    this.#render()
  }

  #render() {
    this.#chips.render(this.chosen.map((id) => ({ id, label: languageName(id) })))
  }
}

export class Interests {
  /** @type {string[]} */
  chosen = []
  #chips
  #input
  #hint
  #t

  /** @param {HTMLElement} root @param {Translate} t */
  constructor(root, t) {
    this.#t = t
    this.#input = find(root, 'input', HTMLInputElement)
    this.#hint = find(root, '.hint', HTMLParagraphElement)
    const list = find(root, '.chips', HTMLUListElement)
    this.#chips = new Chips(list, t, (tag) => this.#remove(tag), this.#input)
    this.#input.addEventListener('keydown', (event) => this.#handleKey(event))
    this.#input.addEventListener('input', () => this.#say('lobby.interests.hint', false))
    find(root, 'button', HTMLButtonElement).addEventListener('click', () => this.commit())
    this.#chips.render([])
  }

  /** Takes what is still in the field. @returns {boolean} false when it cannot be taken */
  commit() {
    const tags = this.#input.value.split(',').map(normaliseInterest).filter(Boolean)
    const all = [...new Set([...this.chosen, ...tags])]
    if (!tags.every(isInterest)) return this.#say('lobby.interests.invalid', true)
    if (all.length > MAX_INTERESTS) return this.#say('lobby.interests.full', true)
    this.chosen = all
    this.#input.value = ''
    this.#render()
    return this.#say('lobby.interests.hint', false)
  }

  focus() {
    this.#input.focus()
  }

  /** @param {KeyboardEvent} event */
  #handleKey(event) {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== ',')) return
    event.preventDefault()
    this.commit()
  }

  /** @param {string} tag */
  #remove(tag) {
    this.chosen = this.chosen.filter((other) => other !== tag)
    this.#render()
  }

  #render() {
    this.#chips.render(this.chosen.map((tag) => ({ id: tag, label: tag })))
  }

  /** @param {string} key @param {boolean} invalid */
  #say(key, invalid) {
    setText(this.#hint, this.#t(key))
    this.#hint.classList.toggle('error', invalid)
    setAttribute(this.#input, 'aria-invalid', invalid ? 'true' : null)
    if (invalid) this.#input.focus()
    return !invalid
  }
}
