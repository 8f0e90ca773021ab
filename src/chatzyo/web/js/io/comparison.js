/** Runs the spoken code over the DataChannel of one match, by itself, as core/sas.js decides. */

import { beginSas, handleSas, SAS_LIMIT_MS } from '../core/sas.js'
import { isObject, parseJson } from '../core/shape.js'
import { computeSas, createSasNonce } from './spoken-code.js'

/** @import { Sas, SasEffect, SasEvent, SasFailure, SasMessage, SasStep } from '../core/sas-types.d.ts' */
/** @import { Binding, Role } from '../core/sealing-types.d.ts' */

/** A number of 32 bytes and its names; nothing of the code is longer. */
const MAX_MESSAGE_CHARS = 128

/**
 * @typedef {object} ComparisonEvents
 * @property {(message: SasMessage) => void} say
 * @property {(code: number[]) => void} onCode
 * @property {() => void} onVerified
 * @property {(failure: SasFailure) => void} onFailed
 */

export class Comparison {
  #binding
  #events
  /** @type {Sas} */
  #sas
  #timer

  /** @param {Role} role @param {Binding} binding @param {ComparisonEvents} events */
  constructor(role, binding, events) {
    this.#binding = binding
    this.#events = events
    const now = performance.now()
    const [sas, effects] = beginSas({ role, nonce: createSasNonce(), now })
    this.#sas = sas
    this.#timer = setTimeout(
      () => this.#handle({ type: 'tick', now: now + SAS_LIMIT_MS }),
      SAS_LIMIT_MS,
    )
    for (const effect of effects) this.#perform(effect)
  }

  /** @param {string} json @returns {boolean} whether it belonged here */
  hear(json) {
    const message = json.length <= MAX_MESSAGE_CHARS ? parseJson(json) : undefined
    const isOurs = isObject(message) && String(message['k']).startsWith('sas')
    if (isOurs) this.#handle({ type: 'heard', message })
    return isOurs
  }

  /** @param {boolean} ok */
  judge(ok) {
    this.#handle({ type: 'judged', ok })
  }

  close() {
    clearTimeout(this.#timer)
  }

  /** @param {SasEvent} event */
  #handle(event) {
    const before = this.#sas
    const [sas, effects] = /** @type {SasStep} */ (handleSas(before, event))
    this.#sas = sas
    for (const effect of effects) this.#perform(effect)
    if (sas.code && !before.code) this.#events.onCode(sas.code)
    if (sas.stage === 'verified' && before.stage !== 'verified') this.#events.onVerified()
  }

  /** @param {SasEffect} effect */
  #perform(effect) {
    switch (effect.type) {
      case 'say':
        return this.#events.say(effect.message)
      case 'end':
        return this.#events.onFailed(effect.failure)
      default:
        computeSas(this.#binding, effect).then((event) => this.#handle(event))
    }
  }
}
