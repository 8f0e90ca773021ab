/* A private link to hand on: as text, to another app, or as a picture for another camera. */

import { copy, isShareable, share } from '../io/share.js'
import { el, setText, show } from './dom.js'
import { drawQr } from './qr-picture.js'

/** @import { Context } from './types.d.ts' */

export class Invitation {
  #context
  /** A property and not an attribute: the secret is in no serialised page. */
  #field
  #copy
  #share
  #picture = el('div', { class: 'qr' })
  #details
  #shown = ''
  element

  /** @param {Context} context */
  constructor(context) {
    const { t } = context
    this.#context = context
    this.#field = el('input', {
      type: 'text',
      readonly: true,
      autocomplete: 'off',
      spellcheck: 'false',
      dir: 'ltr',
      'aria-label': t('private.link'),
      onfocus: () => this.#field.select(),
    })
    this.#copy = el(
      'button',
      { class: 'button', type: 'button', onclick: () => this.#handOver() },
      t('private.copy'),
    )
    this.#share = el(
      'button',
      { class: 'button', type: 'button', onclick: () => share(this.#shown) },
      t('private.share'),
    )
    this.#details = el('details', {}, el('summary', {}, t('private.qr')), this.#picture)
    const ways = el('div', { class: 'ways' }, this.#copy, this.#share)
    this.element = el('div', { class: 'card' }, this.#field, ways, this.#details)
    show(this.#share, isShareable())
  }

  /** @param {string | null} link @param {boolean} isWide the QR code is shown unasked */
  render(link, isWide) {
    const shown = link ?? ''
    if (shown === this.#shown) return
    this.#shown = shown
    this.#field.value = shown
    this.#details.open = isWide
    const picture = link === null ? null : drawQr(link, this.#context.t('private.qr.name'))
    this.#picture.replaceChildren(...(picture ? [picture] : []))
    setText(this.#copy, this.#context.t('private.copy'))
  }

  /** A browser may refuse the clipboard: then the link is there to be marked. */
  async #handOver() {
    const { t, say } = this.#context
    const isCopied = await copy(this.#shown)
    if (isCopied) setText(this.#copy, t('private.copied'))
    else this.#field.focus()
    say(t(isCopied ? 'private.copied' : 'private.mark'))
  }
}
