/* What protects the call: a lock that is always in view, and what it means in plain words. */

import { CodePanel } from './code-panel.js'
import { createDialog, el, setAttribute, setText, show } from './dom.js'
import { icon } from './icons.js'

/** @import { Assurance, Mode, State } from '../core/types.d.ts' */
/** @import { Icon } from './icons.js' */
/** @import { Context } from './types.d.ts' */

/** Drawn over the lock. @type {Record<Assurance, Icon[]>} */
const MARKS = { encrypted: [], link: ['chain'], code: ['tick'] }

/** What stays unsaid by each state. @type {Record<Assurance, string[]>} */
const LIMITS = {
  encrypted: ['person', 'middle'],
  link: ['holder', 'messenger'],
  code: ['person', 'imitation'],
}

/** True of every call. */
const COMMON_LIMITS = ['traffic', 'record', 'page']

export class Security {
  #t
  #lock = el('span', { class: 'lock' })
  #label = el('span')
  #state = el('h3')
  #words = el('p')
  #limits = el('ul', { class: 'limits' })
  #panel
  #dialog
  /** @type {Assurance | null} */
  #shown = null
  #mid = ''
  element

  /** @param {Context} context */
  constructor(context) {
    const { t } = context
    this.#t = t
    this.#panel = new CodePanel(context)
    const not = el('section', { class: 'not' }, el('h3', {}, t('security.not')), this.#limits)
    const state = el('section', { class: 'protection' }, this.#state, this.#words)
    const content = [state, this.#panel.element, not]
    this.#dialog = createDialog(t('security.title'), t('call.done'), ...content)
    this.#dialog.classList.add('security')
    const onclick = () => this.#dialog.showModal()
    const attributes = { class: 'assurance', type: 'button', 'aria-haspopup': 'dialog', onclick }
    const chip = el('button', attributes, this.#lock, this.#label)
    this.element = el('div', { class: 'assurance-place', hidden: true }, chip, this.#dialog)
  }

  /** @param {State} state @param {Mode} mode */
  render({ security, match, phase }, mode) {
    const isShown = security !== null && phase !== 'ended'
    show(this.element, isShown)
    const mid = match?.mid ?? ''
    if (!isShown || mid !== this.#mid) this.#dialog.close()
    this.#mid = mid
    if (!isShown) return
    this.#panel.render(security, mode)
    if (security.assurance !== this.#shown) this.#tell(security.assurance)
  }

  leave() {
    this.#dialog.close()
  }

  /** @param {Assurance} assurance */
  #tell(assurance) {
    const t = this.#t
    this.#shown = assurance
    setAttribute(this.element, 'data-assurance', assurance)
    this.#lock.replaceChildren(icon('lock', ...MARKS[assurance]))
    setText(this.#label, t(`security.${assurance}`))
    setText(this.#state, t(`security.${assurance}`))
    setText(this.#words, t(`security.${assurance}.body`))
    const limits = [...LIMITS[assurance], ...COMMON_LIMITS]
    this.#limits.replaceChildren(...limits.map((key) => el('li', {}, t(`security.not.${key}`))))
  }
}
