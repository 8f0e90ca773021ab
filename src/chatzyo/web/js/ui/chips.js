/* A list of short words that can be removed one by one. */

import { el, keyed } from './dom.js'

/** @import { Translate } from '../core/i18n.js' */

/** @typedef {{ id: string, label: string }} Chip */

export class Chips {
  #list
  #t
  #onRemove
  #fallback

  /** @param {HTMLElement} list @param {Translate} t @param {(id: string) => void} onRemove
   * @param {HTMLElement} fallback takes the focus when the last chip is gone */
  constructor(list, t, onRemove, fallback) {
    this.#list = list
    this.#t = t
    this.#onRemove = onRemove
    this.#fallback = fallback
  }

  /** @param {readonly Chip[]} chips */
  render(chips) {
    keyed(
      this.#list,
      chips,
      (chip) => chip.id,
      (chip) => this.#create(chip),
    )
    this.#list.hidden = chips.length === 0
  }

  /** @param {Chip} chip */
  #create({ id, label }) {
    const remove = el(
      'button',
      {
        type: 'button',
        'aria-label': this.#t('lobby.remove', { name: label }),
        onclick: () => this.#remove(item, id),
      },
      '×',
    )
    const item = el('li', { class: 'chip' }, el('bdi', {}, label), remove)
    return item
  }

  /** @param {HTMLElement} item @param {string} id */
  #remove(item, id) {
    const neighbour = item.nextElementSibling ?? item.previousElementSibling
    const target = neighbour?.querySelector('button') ?? this.#fallback
    this.#onRemove(id)
    target.focus()
  }
}
