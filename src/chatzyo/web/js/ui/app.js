/* The page as a function of the state: which screen, what is said, where the focus goes. */

import { Announcer } from './announcer.js'
import { NoticeBanner, ServiceBanner } from './banners.js'
import { find, isReachable, setAttribute } from './dom.js'
import { Lobby, translate } from './lobby.js'
import { fetchSecond, onFirstSign } from './second.js'

/** @import { State } from '../core/types.d.ts' */
/** @import { Call } from './call.js' */
/** @import { Second } from './second.js' */
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
  /** What has been announced so far. @type {State | null} */
  #told = null
  /** @type {Call | null} null until it was fetched */
  #call = null
  /** @type {Second | null} */
  #second = null
  /** @type {Promise<Call | null> | null} */
  #fetching = null
  /** @type {{ local: MediaStream | null, remote: MediaStream | null }} */
  #streams = { local: null, remote: null }
  /** @type {Screen} */
  #screen
  #announcer
  #service
  #notice

  /** @param {UiOptions} options */
  constructor(options) {
    const { t, devices } = options
    this.#announcer = new Announcer(find(document, '#status', HTMLElement))
    const context = {
      ...options,
      say: (/** @type {string} */ text) => this.#announcer.say(text),
      mode: () => this.#lobby.mode,
    }
    this.#context = context
    translate(document, t)
    this.#main = find(document, '#main', HTMLElement)
    this.#lobby = new Lobby(find(this.#main, '#lobby', HTMLElement), context)
    this.#screen = this.#lobby
    this.#service = new ServiceBanner(t)
    this.#notice = new NoticeBanner(context)
    const help = find(document, '#shortcuts', HTMLButtonElement)
    help.addEventListener('click', async () => (await this.#fetchCall())?.showShortcuts())
    devices.subscribe(() => this.#devicesChanged())
    onFirstSign(() => this.#fetchCall())
  }

  /** @param {State} state */
  render(state) {
    const before = this.#state
    const focused = document.activeElement
    this.#state = state
    if (state.phase === 'lobby') this.#enter(this.#lobby)
    else if (this.#call) this.#enter(this.#call)
    else this.#fetchCall()
    this.#screen.render(state)
    this.#service.render(state)
    if (before) this.#keepFocus(focused, before.phase !== state.phase)
    this.#tell(state)
  }

  /** Says what has changed since the last time; before a visitor shows up there is nobody to tell.
   * @param {State} state */
  #tell(state) {
    // Of what is there from the start, only a link that cannot be used needs to be said.
    this.#told ??= { ...state, linkFailure: null }
    if (state.linkFailure) this.#fetchCall()
    if (!this.#second) return
    const { t } = this.#context
    document.title = t(this.#second.windowTitle(state))
    for (const { key, values } of this.#second.announcements(this.#told, state)) {
      this.#announcer.say(t(key, values))
    }
    this.#told = state
  }

  /** @param {MediaStream | null} stream */
  setRemoteStream(stream) {
    this.#streams.remote = stream
    this.#call?.setRemoteStream(stream)
  }

  /** @param {MediaStream | null} stream */
  setLocalStream(stream) {
    this.#streams.local = stream
    this.#lobby.setLocalStream(stream)
    this.#call?.setLocalStream(stream)
  }

  /** @returns {Promise<Call | null>} null when it could not be fetched; the next call tries again */
  #fetchCall() {
    this.#fetching ??= fetchSecond().then(
      (second) => this.#adopt(second),
      () => {
        this.#fetching = null
        return null
      },
    )
    return this.#fetching
  }

  /** @param {Second} second */
  #adopt(second) {
    const call = new second.Call(this.#context)
    this.#second = second
    this.#call = call
    call.setLocalStream(this.#streams.local)
    call.setRemoteStream(this.#streams.remote)
    if (this.#state) this.render(this.#state)
    return call
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
    setAttribute(document.body, 'data-screen', screen === this.#lobby ? 'lobby' : 'call')
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
}
