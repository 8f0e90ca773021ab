/* Two lines above everything: how the service is, and what happened to a device. */

import { find, setText, show } from './dom.js'

/** @import { State } from '../core/types.d.ts' */
/** @import { DeviceNotice } from '../io/devices-types.d.ts' */
/** @import { Translate } from '../core/i18n.js' */
/** @import { Context } from './types.d.ts' */

export class ServiceBanner {
  #t
  #root
  #text
  #reload
  #online

  /** @param {Translate} t */
  constructor(t) {
    this.#t = t
    this.#root = find(document, '#service', HTMLElement)
    this.#text = find(this.#root, 'p', HTMLParagraphElement)
    this.#reload = find(this.#root, 'button', HTMLButtonElement)
    this.#online = find(document, '#online', HTMLElement)
    this.#reload.addEventListener('click', () => location.reload())
  }

  /** @param {State} state */
  render({ service, online }) {
    const quiet = service === 'ready' || service === 'connecting'
    show(this.#root, !quiet)
    show(this.#reload, service === 'outdated')
    if (!quiet) setText(this.#text, this.#t(`service.${service}`))
    setText(
      this.#online,
      service === 'connecting' ? this.#t('service.connecting') : this.#people(online),
    )
  }

  /** @param {number | null} online */
  #people(online) {
    if (online === null) return ''
    return online ? this.#t('online.many', { count: online }) : this.#t('online.few')
  }
}

export class NoticeBanner {
  #t
  #say
  #root
  #text
  #shown = 0

  /** @param {Context} context */
  constructor({ t, say }) {
    this.#t = t
    this.#say = say
    this.#root = find(document, '#notice', HTMLElement)
    this.#text = find(this.#root, 'p', HTMLParagraphElement)
    const close = find(this.#root, 'button', HTMLButtonElement)
    close.addEventListener('click', () => show(this.#root, false))
  }

  /** @param {DeviceNotice | null} notice */
  render(notice) {
    if (!notice || notice.id === this.#shown) return
    this.#shown = notice.id
    const label = notice.label || this.#t(`device.${notice.source}`)
    const text = this.#t(`notice.${notice.event}.${notice.source}`, { label })
    setText(this.#text, text)
    show(this.#root, true)
    this.#say(text)
  }
}
