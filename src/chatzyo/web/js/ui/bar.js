/* The controls of a call. */

import { el, setAttribute, setText, show } from './dom.js'
import { icon } from './icons.js'
import { control, sourceToggle } from './toggle.js'

/** @import { Scene } from '../core/scene.js' */
/** @import { Mode, State } from '../core/types.d.ts' */
/** @import { Context } from './types.d.ts' */

export class Bar {
  #context
  #microphone
  #camera
  #flip
  #tools
  #count = el('span', { class: 'count', 'aria-hidden': 'true' })
  /** Stranger's messages when the chat was last in view. */
  #read = 0
  chat
  next
  again
  stop
  element

  /** @param {Context} context @param {() => void} onChat */
  constructor(context, onChat) {
    const { t, dispatch, devices } = context
    this.#context = context
    this.#microphone = sourceToggle(context, 'microphone')
    this.#camera = sourceToggle(context, 'camera')
    this.#flip = control(t('call.flip'), icon('flip'), t('call.flip.short'), () => devices.flip())
    this.chat = control(t('call.chat'), icon('text'), t('call.chat'), onChat)
    this.chat.classList.add('sheet-only')
    this.chat.append(this.#count)
    this.next = el(
      'button',
      { class: 'button primary next', type: 'button', onclick: () => dispatch({ type: 'next' }) },
      t('call.next'),
      icon('next'),
    )
    const join = () => dispatch({ type: 'join', mode: context.mode() })
    this.again = el(
      'button',
      { class: 'button primary next', type: 'button', onclick: join },
      t('call.again'),
    )
    this.stop = el(
      'button',
      { class: 'button stop', type: 'button', onclick: () => dispatch({ type: 'stop' }) },
      icon('stop'),
      t('call.stop'),
    )
    this.#tools = el(
      'div',
      { class: 'tools' },
      this.#microphone.element,
      this.#camera.element,
      this.#flip,
      this.chat,
    )
    const moves = el('div', { class: 'moves' }, this.stop, this.next, this.again)
    this.element = el(
      'div',
      { class: 'bar', role: 'group', 'aria-label': t('call.controls') },
      this.#tools,
      moves,
    )
  }

  /** @param {State} state @param {Scene} scene @param {Mode} mode @param {Mode} sent by the visitor
   * @param {boolean} chatInView */
  render(state, { way }, mode, sent, chatInView) {
    const { phase, self, chat } = state
    this.#microphone.render(self.microphone)
    this.#camera.render(self.camera)
    show(this.#tools, mode !== 'text')
    show(this.#microphone.element, sent !== 'text')
    show(this.#camera.element, sent === 'video')
    show(this.#flip, sent === 'video' && self.camera && this.#context.devices.view().canFlip)
    show(this.chat, mode !== 'text' && (phase !== 'searching' || chat.length > 0))
    show(this.next, way === 'next')
    show(this.again, way === 'again')
    this.#renderUnread(state, chatInView)
  }

  /** @param {State} state @param {boolean} chatInView */
  #renderUnread({ chat }, chatInView) {
    const { t } = this.#context
    const received = chat.filter((line) => line.from === 'stranger').length
    if (chatInView || received < this.#read) this.#read = received
    const unread = received - this.#read
    setText(this.#count, String(unread))
    show(this.#count, unread > 0)
    const name = unread > 0 ? t('call.chat.unread', { count: unread }) : t('call.chat')
    setAttribute(this.chat, 'aria-label', name)
    setAttribute(this.chat, 'aria-expanded', String(chatInView))
  }
}
