/* The spoken code: seven pictures with names, who reads which of them, and the two answers. */

import { symbols } from '../core/sas-emoji.js'
import { el, keyed, setText, show } from './dom.js'

/** @import { Mode, Security } from '../core/types.d.ts' */
/** @import { Context } from './types.d.ts' */

/** Role a reads so many, b the rest. */
const FIRST = 4

export class CodePanel {
  #t
  #title = el('h3')
  #how = el('p')
  #elsewhere
  #first = el('ol', { class: 'symbols' })
  #last = el('ol', { class: 'symbols', start: FIRST + 1 })
  #firstReader = el('h4')
  #lastReader = el('h4')
  #answers
  #outcome = el('p', { class: 'outcome', tabindex: -1 })
  element

  /** @param {Context} context */
  constructor({ t, dispatch }) {
    this.#t = t
    this.#elsewhere = el('p', { class: 'elsewhere' }, t('code.elsewhere'))
    /** @param {string} key @param {boolean} ok @param {string} style */
    const answer = (key, ok, style) => {
      const onclick = () => dispatch({ type: 'judgeCode', ok })
      return el('button', { class: style, type: 'button', onclick }, t(key))
    }
    this.#answers = el(
      'div',
      { class: 'answers' },
      answer('code.differ', false, 'button differ'),
      answer('code.match', true, 'button primary'),
    )
    this.element = el(
      'section',
      { class: 'code' },
      this.#title,
      this.#how,
      this.#elsewhere,
      this.#firstReader,
      this.#first,
      this.#lastReader,
      this.#last,
      this.#answers,
      this.#outcome,
    )
  }

  /** @param {Security} security @param {Mode} mode */
  render({ code, role, assurance, judged }, mode) {
    const t = this.#t
    const isVerified = assurance === 'code'
    show(this.element, code !== null)
    if (!code) return
    setText(this.#title, t(isVerified ? 'code.title.kept' : 'code.title'))
    setText(this.#how, t(isVerified ? 'code.kept' : `code.how.${role}`))
    show(this.#elsewhere, mode === 'text' && !isVerified)
    setText(this.#firstReader, t(role === 'a' ? 'code.you' : 'code.they'))
    setText(this.#lastReader, t(role === 'a' ? 'code.they' : 'code.you'))
    const seven = symbols(code)
    this.#fill(this.#first, seven.slice(0, FIRST))
    this.#fill(this.#last, seven.slice(FIRST))
    this.#conclude(isVerified ? t('code.verified') : judged && t('code.judged'))
  }

  /** @param {string | false} outcome instead of the answers, once there is one */
  #conclude(outcome) {
    const hadFocus = this.#answers.contains(document.activeElement)
    setText(this.#outcome, outcome || '')
    show(this.#answers, outcome === false)
    show(this.#outcome, outcome !== false)
    if (hadFocus && outcome) this.#outcome.focus()
  }

  /** @param {HTMLElement} list @param {{ emoji: string, name: string }[]} part */
  #fill(list, part) {
    const numbered = part.map((symbol, place) => ({ ...symbol, place }))
    keyed(
      list,
      numbered,
      ({ place, name }) => `${place} ${name}`,
      ({ emoji, name }) => this.#symbol(emoji, this.#t(name)),
    )
  }

  /** Named once: the word under the picture is for the eye. @param {string} emoji @param {string} name */
  #symbol(emoji, name) {
    const picture = el('span', { class: 'emoji', role: 'img', 'aria-label': name }, emoji)
    return el('li', {}, picture, el('span', { 'aria-hidden': 'true' }, name))
  }
}
