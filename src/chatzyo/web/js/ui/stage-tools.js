/* Buttons on the edge of the stage: full screen, picture in picture, devices. */

import { createDialog, el, show } from './dom.js'
import { icon } from './icons.js'
import { Pickers } from './pickers.js'

/** @import { Mode, State } from '../core/types.d.ts' */
/** @import { Icon } from './icons.js' */
/** @import { Context } from './types.d.ts' */

export class StageTools {
  #context
  #full
  #picture
  #settings
  #pickers
  #none
  #dialog
  element

  /** @param {Context} context @param {() => HTMLElement} screen what fills the screen
   * @param {HTMLVideoElement} video what floats */
  constructor(context, screen, video) {
    const { t } = context
    this.#context = context
    this.#pickers = new Pickers(context)
    this.#none = el('p', { class: 'hint' }, t('call.settings.none'))
    this.#dialog = createDialog(
      t('call.settings'),
      t('call.done'),
      this.#pickers.element,
      this.#none,
    )
    this.#full = tool('full', t('call.full'), () => toggleFullScreen(screen()))
    this.#picture = tool('picture', t('call.picture'), () => togglePicture(video))
    this.#settings = tool('settings', t('call.settings'), () => this.#dialog.showModal())
    this.element = el(
      'div',
      { class: 'stage-tools' },
      this.#full,
      this.#picture,
      this.#settings,
      this.#dialog,
    )
  }

  /** @param {State} state @param {Mode} mode @param {Mode} sent by the visitor @param {boolean} playing */
  render(state, mode, sent, playing) {
    show(this.element, mode !== 'text')
    show(this.#full, document.fullscreenEnabled === true && mode === 'video')
    show(this.#picture, document.pictureInPictureEnabled === true && mode === 'video' && playing)
    const something = this.#pickers.render(
      this.#context.devices.view(),
      sent === 'video' && state.self.camera,
    )
    show(this.#none, !something)
  }
}

/** @param {Icon} name @param {string} label @param {() => void} onclick */
function tool(name, label, onclick) {
  return el(
    'button',
    { class: 'round', type: 'button', 'aria-label': label, title: label, onclick },
    icon(name),
  )
}

/** @param {HTMLElement} element */
function toggleFullScreen(element) {
  return document.fullscreenElement ? document.exitFullscreen() : element.requestFullscreen()
}

/** @param {HTMLVideoElement} video */
function togglePicture(video) {
  return document.pictureInPictureElement
    ? document.exitPictureInPicture()
    : video.requestPictureInPicture()
}
