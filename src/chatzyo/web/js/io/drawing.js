/**
 * When the page is drawn. While two people are being introduced, drawing would hold up their cards: what
 * happens within a moment that nobody notices is drawn at its end.
 */

/** A response within this time is felt as immediate. */
const UNNOTICED_MS = 100

export class Drawing {
  #draw
  /** @type {ReturnType<typeof setTimeout> | null} */
  #timer = null

  /** @param {() => void} draw */
  constructor(draw) {
    this.#draw = draw
  }

  /** Draws at once, with everything that was left for later. */
  now() {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#draw()
  }

  soon() {
    this.#timer ??= setTimeout(() => this.now(), UNNOTICED_MS)
  }
}
