/* Text between the two: beside the picture, as a sheet on a phone, or the whole screen in text mode. */

import { MAX_TEXT_CHARS } from '../core/chat.js'
import { el, keyed, setText, show } from './dom.js'
import { icon } from './icons.js'
import { createReactionButtons } from './reactions.js'

/** @import { ChatLine, State } from '../core/types.d.ts' */
/** @import { Context } from './types.d.ts' */

/* Within this distance of the end, the reader follows the conversation. */
const NEAR_END_PX = 80

/* What a bubble shows without scrolling, on the narrowest screen. */
const LONG_CHARS = 200
const LONG_LINES = 8

export class Chat {
  #context
  #log
  #typing
  #empty
  #send
  #form
  #react
  /** @type {string | null} the match the draft was written for */
  #mid = null
  /** @type {readonly ChatLine[]} */
  #lines = []
  message
  element

  /** @param {Context} context @param {() => void} onClose the sheet's closing button */
  constructor(context, onClose) {
    const { t } = context
    this.#context = context
    this.#log = el('div', {
      class: 'log',
      role: 'log',
      'aria-live': 'off',
      'aria-label': t('chat.messages'),
      tabindex: 0,
    })
    this.#typing = el('p', { class: 'typing' }, el('i'), el('i'), el('i'), t('chat.typing'))
    this.#empty = el('p', { class: 'hint empty' })
    this.message = this.#field()
    this.#send = el(
      'button',
      { class: 'send', type: 'submit', 'aria-label': t('chat.send'), title: t('chat.send') },
      icon('send'),
    )
    this.#react = createReactionButtons(context)
    this.#form = el(
      'form',
      { class: 'composer', onsubmit: (/** @type {Event} */ event) => this.#submit(event) },
      this.message,
      this.#send,
    )
    const close = el(
      'button',
      {
        class: 'round sheet-only',
        type: 'button',
        'aria-label': t('chat.close'),
        onclick: onClose,
      },
      icon('close'),
    )
    const head = el('header', {}, el('h2', {}, t('chat.title')), close)
    this.element = el(
      'section',
      { class: 'chat', 'aria-label': t('chat.title') },
      head,
      this.#log,
      this.#empty,
      this.#typing,
      this.#react,
      this.#form,
    )
  }

  /** @param {State} state */
  render(state) {
    const talking = state.phase === 'talking'
    this.#renderLines(state.chat)
    show(this.#empty, state.chat.length === 0)
    setText(this.#empty, this.#context.t(emptyKey(state.phase)))
    this.#typing.classList.toggle('on', talking && state.strangerTyping)
    this.#typing.ariaHidden = String(!(talking && state.strangerTyping))
    show(this.#react, talking)
    this.message.disabled = !talking
    this.#send.disabled = !talking
    this.#forget(state.match?.mid ?? this.#mid)
  }

  /** The visitor turns to the chat. */
  enter() {
    this.#log.scrollTop = this.#log.scrollHeight
    this.message.focus()
  }

  /** A draft for one stranger must not reach the next. @param {string | null} mid */
  #forget(mid) {
    if (mid === this.#mid) return
    this.#mid = mid
    this.message.value = ''
  }

  #field() {
    const { t, dispatch } = this.#context
    return el('textarea', {
      rows: 1,
      maxlength: MAX_TEXT_CHARS,
      dir: 'auto',
      'aria-label': t('chat.message'),
      placeholder: t('chat.placeholder'),
      enterkeyhint: 'send',
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#handleKey(event),
      oninput: () => this.message.value && dispatch({ type: 'typing' }),
    })
  }

  /** @param {KeyboardEvent} event */
  #handleKey(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    this.#form.requestSubmit()
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault()
    const text = this.message.value.trim()
    if (!text) return
    this.#context.dispatch({ type: 'send', text })
    this.message.value = ''
    this.message.focus()
  }

  /** @param {readonly ChatLine[]} lines */
  #renderLines(lines) {
    if (lines === this.#lines) return
    this.#lines = lines
    const { scrollHeight, scrollTop, clientHeight } = this.#log
    const last = lines.at(-1)
    const follow = scrollHeight - scrollTop - clientHeight < NEAR_END_PX || last?.from === 'me'
    keyed(
      this.#log,
      lines,
      (line) => String(line.id),
      (line) => this.#line(line),
    )
    if (follow) this.#log.scrollTop = this.#log.scrollHeight
  }

  /** A long line scrolls in itself, so the keyboard must reach it. @param {ChatLine} line */
  #line({ from, text }) {
    const words = el('p', { dir: 'auto' }, text)
    const speaker = el('span', { class: 'unseen' }, this.#context.t(`chat.from.${from}`))
    const attributes = { class: `line ${from}`, tabindex: isLong(text) ? 0 : null }
    return el('div', attributes, speaker, words)
  }
}

/** @param {State['phase']} phase */
function emptyKey(phase) {
  if (phase === 'talking') return 'chat.empty'
  return phase === 'ended' ? 'chat.over' : 'chat.wait'
}

/** @param {string} text */
function isLong(text) {
  return text.length > LONG_CHARS || text.split('\n').length > LONG_LINES
}
