/* Second screen: from searching to the end of a call. One stage whose content changes, so that the
   controls stay where they are from one person to the next. */

import { scene, shownMode } from '../core/scene.js'
import { createAwake } from '../io/awake.js'
import { Bar } from './bar.js'
import { Chat } from './chat.js'
import { el, setAttribute, show } from './dom.js'
import { icon } from './icons.js'
import { StrangerPicture } from './picture.js'
import { ReactionFlight } from './reactions.js'
import { Security } from './security.js'
import { SelfView } from './selfview.js'
import { Shortcuts } from './shortcuts.js'
import { Situation } from './situation.js'
import { StageTools } from './stage-tools.js'
import { UndoBar } from './undo.js'

/** @import { Intent } from '../core/shortcut.js' */
/** @import { Mode, State } from '../core/types.d.ts' */
/** @import { Context, Screen } from './types.d.ts' */

/** @implements {Screen} */
export class Call {
  /** @type {State | null} */
  #state = null
  /** @type {Mode} */
  #mode = 'video'
  #context
  #shortcuts
  #stranger
  #self
  #situation
  #tools
  #security
  #bar
  #chat
  #undo
  #flight = new ReactionFlight()
  #muted
  #awake = createAwake()
  #sheet = false
  element

  /** @param {Context} context */
  constructor(context) {
    const { t } = context
    this.#context = context
    this.#shortcuts = new Shortcuts(
      t,
      () => this.#where(),
      (intent) => this.#obey(intent),
    )
    this.#stranger = new StrangerPicture(context, () => this.#again())
    this.#self = new SelfView(context)
    this.#situation = new Situation(context)
    this.#tools = new StageTools(context, () => this.element, this.#stranger.video)
    this.#security = new Security(context)
    const edge = el('div', { class: 'edge' }, this.#security.element, this.#tools.element)
    this.#bar = new Bar(context, () => this.#setSheet(!this.#sheet))
    this.#chat = new Chat(context, () => this.#setSheet(false))
    this.#undo = new UndoBar(context)
    this.#muted = el('p', { class: 'badge muted' }, icon('voice', 'slash'), t('call.muted'))
    const stage = el(
      'div',
      { class: 'stage' },
      this.#stranger.video,
      this.#stranger.avatar,
      this.#situation.element,
      this.#stranger.hear,
      this.#muted,
      edge,
      this.#self.element,
    )
    this.element = el(
      'section',
      { class: 'call' },
      stage,
      this.#undo.element,
      this.#bar.element,
      this.#chat.element,
      this.#flight.element,
    )
  }

  landing() {
    const text = this.#mode === 'text' && this.#state?.phase === 'talking'
    return text ? this.#chat.message : this.#situation.title
  }

  entered() {
    this.#stranger.play()
  }

  left() {
    this.#self.leave()
    this.#security.leave()
    this.#situation.leave()
    this.#awake.keep(false)
    this.#sheet = false
    this.#state = null
    if (document.fullscreenElement) document.exitFullscreen()
  }

  /** @param {MediaStream | null} stream */
  setRemoteStream(stream) {
    this.#stranger.setStream(stream)
    this.#again()
  }

  /** @param {MediaStream | null} stream */
  setLocalStream(stream) {
    this.#self.setStream(stream)
    this.#again()
  }

  /** Opens or closes the chat where it is a sheet, and takes the focus along. @param {boolean} open */
  #setSheet(open) {
    this.#sheet = open
    this.#again()
    if (open) this.#chat.enter()
    else this.#bar.chat.focus()
  }

  /** T and the like: wherever the message box is. */
  #write() {
    if (this.#bar.chat.getClientRects().length > 0) this.#setSheet(true)
    else this.#chat.enter()
  }

  /** @param {State} state */
  render(state) {
    this.#state = state
    const sent = state.wish?.mode ?? this.#context.mode()
    this.#mode = shownMode(state, sent)
    const now = scene(state)
    const playing = this.#mode === 'video' && this.#stranger.playing && state.phase === 'talking'
    this.#frame(state, now.isGrave, playing)
    this.#stranger.render(state, this.#mode)
    this.#self.render(state, sent)
    this.#situation.render(state, now, this.#mode, playing)
    this.#security.render(state, sent)
    this.#tools.render(state, this.#mode, sent, playing)
    this.#chat.render(state)
    this.#bar.render(state, now, this.#mode, sent, this.#sheet || this.#chatBeside)
    this.#undo.render(state)
    this.#flight.render(state)
    this.#awake.keep(state.phase === 'talking' && this.#mode === 'video')
    show(
      this.#muted,
      state.phase === 'talking' && this.#mode !== 'text' && !state.stranger.microphone,
    )
  }

  /** What the style sheets go by. @param {State} state @param {boolean} isGrave @param {boolean} playing */
  #frame({ phase, room, chat, stranger }, isGrave, playing) {
    // In a private call what was said stays to be read.
    if (phase === 'searching' && chat.length === 0) this.#sheet = false
    setAttribute(this.element, 'data-phase', room?.stage === 'apart' ? 'ended' : phase)
    setAttribute(this.element, 'data-mode', this.#mode)
    setAttribute(this.element, 'data-picture', playing && stranger.camera ? 'on' : 'off')
    setAttribute(this.element, 'data-grave', isGrave)
    setAttribute(this.element, 'data-sheet', this.#sheet ? 'open' : 'closed')
  }

  /** The chat is in view without being a sheet. */
  get #chatBeside() {
    return this.#bar.chat.getClientRects().length === 0
  }

  showShortcuts() {
    this.#shortcuts.open()
  }

  #where() {
    const { phase = 'lobby', room = null, nextAt = null } = this.#state ?? {}
    return { phase, sheet: this.#sheet, room: room !== null, pending: nextAt !== null }
  }

  /** @param {Intent} intent */
  #obey(intent) {
    const { dispatch } = this.#context
    const self = this.#state?.self
    switch (intent) {
      case 'nextSoon':
      case 'undoNext':
      case 'stop':
        return dispatch({ type: intent })
      case 'microphone':
        return dispatch({ type: 'setMicrophone', on: !self?.microphone })
      case 'camera':
        return dispatch({ type: 'setCamera', on: !self?.camera })
      case 'chat':
        return this.#write()
      case 'closeSheet':
        return this.#setSheet(false)
      case 'help':
        return this.#shortcuts.open()
    }
  }

  #again() {
    if (this.#state && this.element.isConnected) this.render(this.#state)
  }
}
