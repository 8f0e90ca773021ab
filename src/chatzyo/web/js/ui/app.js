/* The page as a function of the state: which screen, what is said, where the focus goes. */

import { announcements } from '../core/announce.js'
import { Announcer } from './announcer.js'
import { NoticeBanner, ServiceBanner } from './banners.js'
import { Call } from './call.js'
import { find, isReachable, setAttribute } from './dom.js'
import { Lobby, translate } from './lobby.js'
import { Shortcuts } from './shortcuts.js'

/** @import { Intent } from '../core/shortcut.js' */
/** @import { State } from '../core/types.d.ts' */
/** @import { Screen, Ui, UiOptions } from './types.d.ts' */

/** @param {UiOptions} options @returns {Ui} */
export function createUi(options) {
  return new App(options)
}

/** @implements {Ui} */
class App {
  /** @type {State | null} */
  #state = null
  #context
  #main
  #lobby
  #call
  /** @type {Screen} */
  #screen
  #announcer
  #service
  #notice
  #shortcuts

  /** @param {UiOptions} options */
  constructor(options) {
    const { t, devices } = options
    this.#announcer = new Announcer(find(document, '#status', HTMLElement))
    const context = { ...options, say: (/** @type {string} */ text) => this.#announcer.say(text) }
    this.#context = context
    translate(document, t)
    this.#main = find(document, '#main', HTMLElement)
    this.#lobby = new Lobby(find(this.#main, '#lobby', HTMLElement), context)
    this.#call = new Call(context)
    this.#screen = this.#lobby
    this.#service = new ServiceBanner(t)
    this.#notice = new NoticeBanner(context)
    this.#shortcuts = new Shortcuts(
      t,
      () => this.#where(),
      (intent) => this.#obey(intent),
    )
    const help = find(document, '#shortcuts', HTMLButtonElement)
    help.addEventListener('click', () => this.#shortcuts.open())
    devices.subscribe(() => this.#devicesChanged())
  }

  /** @param {State} state */
  render(state) {
    const before = this.#state
    const focused = document.activeElement
    this.#state = state
    this.#enter(state.phase === 'lobby' ? this.#lobby : this.#call)
    this.#screen.render(state)
    this.#service.render(state)
    document.title = this.#context.t(`title.${state.phase}`)
    if (!before) return
    this.#keepFocus(focused, before.phase !== state.phase)
    for (const { key, values } of announcements(before, state)) {
      this.#announcer.say(this.#context.t(key, values))
    }
  }

  /** @param {MediaStream | null} stream */
  setRemoteStream(stream) {
    this.#call.setRemoteStream(stream)
  }

  /** @param {MediaStream | null} stream */
  setLocalStream(stream) {
    this.#lobby.setLocalStream(stream)
    this.#call.setLocalStream(stream)
  }

  #devicesChanged() {
    const focused = document.activeElement
    if (this.#state) this.#screen.render(this.#state)
    this.#keepFocus(focused, false)
    this.#notice.render(this.#context.devices.view().notice)
  }

  /** @param {Screen} screen */
  #enter(screen) {
    if (screen === this.#screen) return
    this.#screen.left()
    this.#screen = screen
    this.#main.replaceChildren(screen.element)
    setAttribute(document.body, 'data-screen', screen === this.#call ? 'call' : 'lobby')
    screen.entered()
  }

  /** What had the focus may be gone or unusable now; what still works keeps it.
   * @param {Element | null} focused before the change @param {boolean} moved to another phase */
  #keepFocus(focused, moved) {
    const landing = this.#screen.landing()
    const lost = focused !== document.body && !isReachable(focused)
    const writes = moved && landing instanceof HTMLTextAreaElement
    if (!writes && !lost && !(moved && focused === document.body)) return
    if (writes || !isReachable(document.activeElement)) landing.focus()
  }

  #where() {
    const phase = this.#state?.phase ?? 'lobby'
    return { phase, sheet: this.#call.sheet, pending: this.#state?.nextAt != null }
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
        return this.#call.writeMessage()
      case 'closeSheet':
        return this.#call.setSheet(false)
      case 'help':
        return this.#shortcuts.open()
    }
  }
}
