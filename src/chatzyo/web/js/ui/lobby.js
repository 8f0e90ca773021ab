/* First screen. Its markup is in index.html, so that it reads before any script; this brings it to life. */

import { find, setText, show } from './dom.js'
import { icon } from './icons.js'
import { InvitationPlace } from './invitation-place.js'
import { Preview } from './preview.js'
import { Interests, Languages } from './wishes.js'

/** @import { Way } from '../core/guidance.js' */
/** @import { Mode, State } from '../core/types.d.ts' */
/** @import { Icon } from './icons.js' */
/** @import { Context, Screen } from './types.d.ts' */

/** @implements {Screen} */
export class Lobby {
  element
  #context
  #radios
  #preview
  #languages
  #interests
  #adult
  #adultError
  #start
  #texts
  #wishes
  #create
  #cancel
  #invitation
  /** Start was pressed and waits for the devices. */
  #starting = false
  /** @type {State | null} */
  #state = null

  /** @param {HTMLElement} element @param {Context} context */
  constructor(element, context) {
    const { t } = context
    this.element = element
    this.#context = context
    this.#radios = [...element.querySelectorAll('input[type=radio]')].filter(
      (radio) => radio instanceof HTMLInputElement,
    )
    for (const radio of this.#radios)
      radio.addEventListener('change', () => this.#choose(this.mode))
    for (const place of element.querySelectorAll('[data-icon]')) {
      place.replaceChildren(icon(/** @type {Icon} */ (place.getAttribute('data-icon'))))
    }
    this.#preview = new Preview(find(element, '#preview', HTMLElement), context, (way) =>
      this.#follow(way),
    )
    this.#languages = new Languages(find(element, '#languages', HTMLElement), t)
    this.#interests = new Interests(find(element, '#interests', HTMLElement), t)
    this.#adult = find(element, '#adult', HTMLInputElement)
    this.#adultError = find(element, '#adult-error', HTMLElement)
    this.#start = find(element, '#start', HTMLButtonElement)
    this.#texts = {
      title: find(element, '#lobby-title', HTMLElement),
      lead: find(element, '#lobby-lead', HTMLElement),
      failure: find(element, '#link-failure', HTMLElement),
    }
    this.#wishes = find(element, '.wishes', HTMLElement)
    this.#create = find(element, '#create-link', HTMLElement)
    this.#cancel = find(element, '#cancel', HTMLButtonElement)
    this.#invitation = new InvitationPlace(context)
    find(element, '.intro', HTMLElement).after(this.#invitation.element)
    this.#adult.checked = history.state?.adult === true
    this.#adult.addEventListener('change', () => this.#declare())
    this.#start.addEventListener('click', () => this.#begin())
    find(this.#create, 'button', HTMLButtonElement).addEventListener('click', () => this.#invite())
    this.#cancel.addEventListener('click', () => context.dispatch({ type: 'stop' }))
  }

  landing() {
    return this.#state?.room ? this.#texts.title : this.#start
  }

  /** @param {MediaStream | null} stream */
  setLocalStream(stream) {
    this.#preview.setStream(stream)
    if (this.#state) this.render(this.#state)
  }

  entered() {
    this.#starting = false
  }

  left() {
    this.#preview.leave()
  }

  /** @param {State} state */
  render(state) {
    this.#state = state
    if (!this.element.isConnected) return
    this.#preview.render(state, this.mode)
    this.#renderRoom(state)
  }

  /** @param {State} state */
  #renderRoom({ room, linkFailure }) {
    const { t } = this.#context
    const isHost = history.state?.host === true
    const who = isHost ? 'host' : 'guest'
    setText(this.#texts.title, t(room ? `private.title.${who}` : 'lobby.title'))
    setText(this.#texts.lead, t(room ? `private.lead.${who}` : 'lobby.lead'))
    setText(this.#texts.failure, linkFailure ? t(linkFailure) : '')
    setText(this.#start, t(room ? 'private.join' : 'lobby.start'))
    show(this.#texts.failure, linkFailure !== null)
    show(this.#wishes, !room)
    show(this.#create, !room)
    show(this.#cancel, room !== null)
    // There are two seats: who is invited has nobody to invite.
    this.#invitation.render(isHost ? (room?.link ?? null) : null, isHost)
  }

  /** Whoever made the link is no guest, after a reload neither. */
  #invite() {
    remember({ host: true })
    this.#context.dispatch({ type: 'createLink' })
  }

  /** @returns {Mode} */
  get mode() {
    const value = this.#radios.find((radio) => radio.checked)?.value
    return value === 'voice' || value === 'text' ? value : 'video'
  }

  /** @param {Mode} mode */
  #choose(mode) {
    for (const radio of this.#radios) radio.checked = radio.value === mode
    this.#starting = false
    this.#context.devices.choose(mode)
    if (mode === 'text') this.#context.dispatch({ type: 'prepare', mode })
    if (this.#state) this.render(this.#state)
  }

  /** The declaration lives as long as the tab: kept in its history entry, in no storage. */
  #declare() {
    remember({ adult: this.#adult.checked })
    if (this.#adult.checked) show(this.#adultError, false)
  }

  /** A way that was offered after Start goes on to the start; one offered in the preview does not.
   * @param {Way} way */
  #follow(way) {
    const starting = this.#starting
    if (way === 'voice' || way === 'text') this.#choose(way)
    if (starting) this.#begin()
    else if (way !== 'text') this.#context.devices.open(this.mode)
  }

  async #begin() {
    if (!this.#adult.checked) {
      show(this.#adultError, true)
      this.#adult.focus()
      return
    }
    if (!this.#state?.room && !this.#interests.commit()) return
    const mode = this.mode
    this.#starting = true
    const open = await this.#context.devices.open(mode)
    if (!this.#starting || mode !== this.mode) return
    if (!open) {
      this.#preview.focus()
      return
    }
    this.#starting = false
    if (this.#state?.room) return this.#context.dispatch({ type: 'join', mode })
    const { chosen: languages } = this.#languages
    const { chosen: interests } = this.#interests
    this.#context.dispatch({ type: 'start', wish: { mode, hub: 'world', languages, interests } })
  }
}

/** @param {{ adult: boolean } | { host: boolean }} what for as long as the tab lives */
function remember(what) {
  history.replaceState({ ...history.state, ...what }, '')
}

/** @param {ParentNode} root @param {Context['t']} t */
export function translate(root, t) {
  for (const place of root.querySelectorAll('[data-t]')) {
    place.replaceChildren(t(place.getAttribute('data-t') ?? ''))
  }
  for (const place of root.querySelectorAll('[data-t-label]')) {
    place.setAttribute('aria-label', t(place.getAttribute('data-t-label') ?? ''))
  }
}
