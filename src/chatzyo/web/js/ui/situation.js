/* The words on the stage: searching, connecting, waiting for somebody or for a picture, over. */

import { el, keyed, setText, show } from './dom.js'
import { icon } from './icons.js'
import { InvitationPlace } from './invitation-place.js'
import { languageName } from './languages.js'

/** @import { Scene } from '../core/scene.js' */
/** @import { Mode, State } from '../core/types.d.ts' */
/** @import { Context } from './types.d.ts' */

const MINUTE = 60

export class Situation {
  #t
  #motif = el('div', { class: 'motif', 'aria-hidden': 'true' }, el('i'), el('i'))
  #warning = el('div', { class: 'warning', 'aria-hidden': 'true' }, icon('warning'))
  #detail = el('p', { class: 'detail' })
  #facts = el('p', { class: 'facts' })
  #wish = el('ul', { class: 'chips' })
  #invitation
  title = el('h1', { tabindex: -1 })
  element

  /** @param {Context} context */
  constructor(context) {
    this.#t = context.t
    this.#wish.ariaLabel = context.t('searching.wish')
    this.#invitation = new InvitationPlace(context)
    this.element = el(
      'div',
      { class: 'situation' },
      this.#motif,
      this.#warning,
      this.title,
      this.#detail,
      this.#facts,
      this.#wish,
      this.#invitation.element,
    )
  }

  /** @param {State} state @param {Scene} scene @param {Mode} mode
   * @param {boolean} playing the stranger can be seen */
  render(state, scene, mode, playing) {
    const { phase } = state
    const searching = phase === 'searching' && state.room === null
    setText(this.title, this.#t(scene.title))
    setText(this.#detail, this.#detailText(state, scene, mode, playing))
    setText(this.#facts, searching ? this.#search(state) : '')
    show(this.#detail, this.#detail.textContent !== '')
    show(this.#facts, searching && state.waiting !== null)
    show(this.#motif, phase !== 'talking' && !scene.isGrave)
    show(this.#warning, scene.isGrave)
    this.#invitation.render(scene.invites ? (state.room?.link ?? null) : null, false)
    this.#renderChips(searching ? wishWords(state) : commonWords(state), searching)
  }

  /** Keeps no link in a page that shows another screen. */
  leave() {
    this.#invitation.render(null, false)
  }

  /** @param {string[]} chips @param {boolean} searching */
  #renderChips(chips, searching) {
    this.#wish.ariaLabel = this.#t(searching ? 'searching.wish' : 'talking.common')
    keyed(
      this.#wish,
      chips,
      (chip) => chip,
      (chip) => el('li', { class: 'chip' }, el('bdi', {}, chip)),
    )
    show(this.#wish, chips.length > 0)
  }

  /** @param {State} state @param {Scene} scene @param {Mode} mode @param {boolean} playing */
  #detailText(state, { body }, mode, playing) {
    if (body) return this.#t(body)
    if (state.phase === 'talking') return mode === 'video' ? this.#pictureText(state, playing) : ''
    return this.#widenedText(state)
  }

  /** @param {State} state @param {boolean} playing */
  #pictureText({ stranger }, playing) {
    if (!stranger.camera) return this.#t('talking.off')
    return playing ? '' : this.#t('talking.waiting')
  }

  /** @param {State} state */
  #widenedText({ waiting }) {
    const widened = waiting?.widened ?? 'nothing'
    return widened === 'nothing' ? '' : this.#t(`searching.widened.${widened}`)
  }

  /** @param {State} state */
  #search({ waiting }) {
    if (!waiting) return ''
    const t = this.#t
    const people = waiting.waiting
      ? t('searching.many', { count: waiting.waiting })
      : t('searching.few')
    return `${people} · ${this.#estimate(waiting.estimate)}`
  }

  /** @param {number | null} seconds */
  #estimate(seconds) {
    const t = this.#t
    if (seconds === null) return t('searching.unknown')
    if (seconds === 0) return t('searching.now')
    if (seconds < MINUTE) return t('searching.seconds', { count: seconds })
    return t('searching.minutes', { count: Math.round(seconds / MINUTE) })
  }
}

/** @param {State} state */
function wishWords({ wish }) {
  return wish ? words(wish) : []
}

/** @param {State} state */
function commonWords({ match, phase }) {
  return match && phase !== 'ended' ? words(match) : []
}

/** @param {{ languages: string[], interests: string[] }} shared */
function words({ languages, interests }) {
  return [...new Set([...languages.map(languageName), ...interests])]
}
