/* The words on the stage: searching, connecting, waiting for a picture, over. */

import { el, keyed, setText, show } from './dom.js'
import { languageName } from './languages.js'

/** @import { Translate } from '../core/i18n.js' */
/** @import { Mode, State } from '../core/types.d.ts' */

const MINUTE = 60

export class Situation {
  #t
  #motif = el('div', { class: 'motif', 'aria-hidden': 'true' }, el('i'), el('i'))
  #detail = el('p', { class: 'detail' })
  #facts = el('p', { class: 'facts' })
  #wish = el('ul', { class: 'chips' })
  title = el('h1', { tabindex: -1 })
  element

  /** @param {Translate} t */
  constructor(t) {
    this.#t = t
    this.#wish.ariaLabel = t('searching.wish')
    this.element = el(
      'div',
      { class: 'situation' },
      this.#motif,
      this.title,
      this.#detail,
      this.#facts,
      this.#wish,
    )
  }

  /** @param {State} state @param {Mode} mode @param {boolean} playing the stranger can be seen */
  render(state, mode, playing) {
    const { phase } = state
    const searching = phase === 'searching'
    setText(this.title, this.#t(this.#titleKey(state)))
    setText(this.#detail, this.#detailText(state, mode, playing))
    setText(this.#facts, searching ? this.#search(state) : '')
    show(this.#detail, this.#detail.textContent !== '')
    show(this.#facts, searching && state.waiting !== null)
    show(this.#motif, phase !== 'talking')
    const chips = searching ? wishWords(state) : commonWords(state)
    this.#wish.ariaLabel = this.#t(searching ? 'searching.wish' : 'talking.common')
    keyed(
      this.#wish,
      chips,
      (chip) => chip,
      (chip) => el('li', { class: 'chip' }, el('bdi', {}, chip)),
    )
    show(this.#wish, chips.length > 0)
  }

  /** @param {State} state */
  #titleKey({ phase, ended }) {
    return phase === 'ended' ? `ended.${ended ?? 'lost'}` : `${phase}.title`
  }

  /** @param {State} state @param {Mode} mode @param {boolean} playing */
  #detailText(state, mode, playing) {
    switch (state.phase) {
      case 'ended':
        return this.#t(`ended.${state.ended ?? 'lost'}.body`)
      case 'connecting':
        return this.#t('connecting.body')
      case 'talking':
        return mode === 'video' ? this.#pictureText(state, playing) : ''
      default:
        return this.#widenedText(state)
    }
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
