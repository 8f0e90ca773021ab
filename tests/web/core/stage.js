/* A visit on a stage: events in, effects out, and the clock in our hands. */

import assert from 'node:assert/strict'
import { PREPARE_AFTER_MS } from '../../../src/chatzyo/web/js/core/match.js'
import { arrive, handle } from '../../../src/chatzyo/web/js/core/session.js'

/** @import { Effect, Occurrence, Visit } from '../../../src/chatzyo/web/js/core/session-types.d.ts' */
/** @import { Mode, Wish } from '../../../src/chatzyo/web/js/core/types.d.ts' */

export const START = 1000

/** @param {Mode} mode @returns {Wish} */
export const wishFor = (mode) => ({ mode, hub: 'world', languages: ['ta'], interests: ['chess'] })

export class Stage {
  now = START
  /** @type {Visit} */
  visit
  /** Effects of the last event. @type {Effect[]} */
  effects

  /** @param {Parameters<typeof arrive>[1]} [address] */
  constructor(address) {
    ;[this.visit, this.effects] = arrive(START, address)
  }

  get state() {
    return this.visit.state
  }

  /** Types of the last effects; of messages to the service, theirs. */
  get done() {
    return this.effects.map((effect) => {
      if (effect.type === 'send') return `> ${effect.message.type}`
      return effect.type === 'find' || effect.type === 'join' ? `> ${effect.type}` : effect.type
    })
  }

  /** @param {Occurrence} occurrence @returns {this} */
  feed(occurrence) {
    const event = { ...occurrence, now: this.now, random: 0.5 }
    ;[this.visit, this.effects] = handle(this.visit, event)
    return this
  }

  /** What the service says. @param {any} message @returns {this} */
  hear(message) {
    return this.feed({ type: 'message', message })
  }

  /** @param {number} ms @returns {this} */
  wait(ms) {
    this.now += ms
    return this.feed({ type: 'tick' })
  }

  /** @returns {this} */
  greet() {
    return this.feed({ type: 'socketOpened' }).hear({ type: 'welcome', v: 1, online: 16 })
  }

  /** @param {Mode} [mode] @returns {this} */
  start(mode = 'video') {
    return this.feed({ type: 'start', wish: wishFor(mode) })
  }

  /** @param {string} mid @param {Mode} [mode] @returns {this} */
  match(mid, mode = 'video') {
    const common = { languages: ['ta'], interests: [] }
    return this.hear({ type: 'matched', mid, role: 'a', mode, ...common, key: 'K' })
  }

  /** @param {string} mid @param {object} message @returns {this} */
  say(mid, message) {
    return this.feed({ type: 'channelMessage', mid, text: JSON.stringify(message) })
  }

  /** One line of expectation: the phase and what was done. @param {string} phase @param {string[]} done @returns {this} */
  expect(phase, ...done) {
    assert.deepEqual([this.state.phase, ...this.done], [phase, ...done])
    return this
  }
}

export const LINK = 'https://chat.example/p#1.AAAAAAAAAAAAAAAAAAAAAA'

export const inLobby = () => new Stage().greet()
/** @param {Mode} [mode] */
export const searching = (mode) => inLobby().start(mode)
/** @param {Mode} [mode] */
export const connecting = (mode) => searching(mode).match('m1', mode)
/** @param {Mode} [mode] */
export const talking = (mode) =>
  connecting(mode).feed({ type: 'channelOpened', mid: 'm1' }).wait(PREPARE_AFTER_MS)

/** In front of a private room. */
export const invited = () => new Stage({ link: LINK }).greet()
/** @param {Mode} [mode] */
export const alone = (mode = 'video') => invited().feed({ type: 'join', mode })
/** @param {Mode} [mode] */
export const together = (mode) => alone(mode).match('m1').feed({ type: 'channelOpened', mid: 'm1' })
