/* Keyboard shortcuts: listens, asks the core what a key means, and lists them on request. */

import { shortcut } from '../core/shortcut.js'
import { createDialog, el } from './dom.js'

/** @import { Intent, Place } from '../core/shortcut.js' */
/** @import { Translate } from '../core/i18n.js' */

/** Key caps, and the key of their explanation. */
const ROWS = [
  ['Esc', 'shortcuts.next'],
  ['Ctrl Z', 'shortcuts.undo'],
  ['Enter', 'shortcuts.send'],
  ['Shift Enter', 'shortcuts.line'],
]
const LETTER_ROWS = [
  ['M', 'shortcuts.mute'],
  ['V', 'shortcuts.camera'],
  ['T', 'shortcuts.chat'],
  ['S', 'shortcuts.stop'],
  ['?', 'shortcuts.help'],
]

/** @typedef {Pick<Place, 'phase' | 'sheet' | 'room' | 'pending'>} Where */

export class Shortcuts {
  #letters
  #dialog
  #where
  #onIntent

  /** @param {Translate} t @param {() => Where} where @param {(intent: Intent) => void} onIntent */
  constructor(t, where, onIntent) {
    this.#where = where
    this.#onIntent = onIntent
    this.#letters = el('input', { type: 'checkbox', checked: true })
    const tick = el(
      'label',
      { class: 'tick' },
      this.#letters,
      el('span', {}, t('shortcuts.letters')),
    )
    this.#dialog = createDialog(
      t('shortcuts.title'),
      t('call.done'),
      list(t, ROWS),
      tick,
      list(t, LETTER_ROWS),
    )
    document.body.append(this.#dialog)
    document.addEventListener('keydown', (event) => this.#handleKey(event))
  }

  open() {
    if (!this.#dialog.open) this.#dialog.showModal()
  }

  /** @param {KeyboardEvent} event */
  #handleKey(event) {
    const intent = shortcut(
      {
        key: event.key,
        repeat: event.repeat,
        isComposing: event.isComposing,
        modified: event.altKey || event.ctrlKey || event.metaKey,
        command: event.ctrlKey || event.metaKey,
      },
      { ...this.#where(), ...this.#page(event.target) },
    )
    if (!intent) return
    event.preventDefault()
    this.#onIntent(intent)
  }

  /** @param {EventTarget | null} target */
  #page(target) {
    return {
      typing:
        target instanceof Element &&
        target.matches('textarea, select, input:not([type=radio], [type=checkbox])'),
      dialog: document.querySelector('dialog[open]') !== null,
      fullScreen: document.fullscreenElement !== null,
      letters: this.#letters.checked,
    }
  }
}

/** @param {Translate} t @param {string[][]} rows */
function list(t, rows) {
  const items = rows.flatMap(([keys = '', text = '']) => [
    el('dt', {}, ...keys.split(' ').map((key) => el('kbd', {}, key))),
    el('dd', {}, t(text)),
  ])
  return el('dl', { class: 'keys' }, ...items)
}
