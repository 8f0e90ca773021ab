/* A handful of emoji: buttons to send one, and the flight of one that was sent. */

import { REACTIONS } from '../core/chat.js'
import { el } from './dom.js'

/** @import { State } from '../core/types.d.ts' */
/** @import { Context } from './types.d.ts' */

/** @param {Context} context @returns {HTMLElement} */
export function createReactionButtons({ t, dispatch }) {
  const buttons = REACTIONS.map((emoji) =>
    el(
      'button',
      {
        type: 'button',
        'aria-label': t(`react.${emoji}`),
        onclick: () => dispatch({ type: 'react', emoji }),
      },
      emoji,
    ),
  )
  return el('div', { class: 'react', role: 'group', 'aria-label': t('react.title') }, ...buttons)
}

export class ReactionFlight {
  /** @type {number | null} */
  #last = null
  element = el('div', { class: 'flight', 'aria-hidden': 'true' })

  /** @param {State} state */
  render({ reaction }) {
    if (!reaction || reaction.id === this.#last) return
    this.#last = reaction.id
    const emoji = el(
      'span',
      { class: reaction.from, onanimationend: () => emoji.remove() },
      reaction.emoji,
    )
    this.element.append(emoji)
  }
}
