/* The page's one live region: everything a screen reader should hear unasked goes through it. */

import { el } from './dom.js'

/* Reading lags behind; older sentences may go once this many newer ones are there. */
const KEPT = 5

export class Announcer {
  #region

  /** @param {HTMLElement} region */
  constructor(region) {
    this.#region = region
  }

  /** Each sentence is a new node, so that the same one is read again. @param {string} text */
  say(text) {
    this.#region.append(el('p', {}, text))
    while (this.#region.childElementCount > KEPT) this.#region.firstElementChild?.remove()
  }
}
