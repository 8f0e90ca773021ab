/* Shows how loud a stream is by the custom property --level of an element. */

import { createLevel } from '../io/level.js'

/** @import { Level } from '../io/level.js' */

/* Screen readers need the value seldom, and eyes see no more than this. */
const FRAME_MS = 50

export class Meter {
  /** @type {MediaStream | null} */
  #stream = null
  /** @type {Level | null} */
  #level = null
  #shown = 0
  #element

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element
  }

  /** @param {MediaStream | null} stream */
  follow(stream) {
    if (stream === this.#stream) return
    this.#level?.close()
    this.#level = null
    this.#stream = stream
    if (stream) requestAnimationFrame((time) => this.#frame(time, stream))
    else this.#show(0)
  }

  /** A remote stream may get its sound later than its picture, so the level is made when it can be.
   * @param {number} time @param {MediaStream} stream */
  #frame(time, stream) {
    if (stream !== this.#stream) return
    if (!this.#level && stream.getAudioTracks().length > 0) this.#level = createLevel(stream)
    if (time - this.#shown >= FRAME_MS) {
      this.#shown = time
      this.#show(this.#level?.read() ?? 0)
    }
    requestAnimationFrame((next) => this.#frame(next, stream))
  }

  /** @param {number} value */
  #show(value) {
    this.#element.style.setProperty('--level', value.toFixed(2))
    if (this.#element.role === 'meter') {
      this.#element.setAttribute('aria-valuenow', String(Math.round(value * 10) * 10))
    }
  }
}
