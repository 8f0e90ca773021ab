/* Where a private link is shown; what shows it is fetched when there is a link. */

import { el, show } from './dom.js'
import { fetchStyle } from './styles.js'

/** @import { Invitation } from './invitation.js' */
/** @import { Context } from './types.d.ts' */

export class InvitationPlace {
  #context
  /** @type {Invitation | null} null until it was fetched */
  #invitation = null
  #isFetching = false
  /** @type {string | null} */
  #link = null
  #isWide = false
  element = el('div', { class: 'invitation', hidden: true })

  /** @param {Context} context */
  constructor(context) {
    this.#context = context
  }

  /** @param {string | null} link @param {boolean} isWide the QR code is shown unasked */
  render(link, isWide) {
    show(this.element, link !== null)
    this.#link = link
    this.#isWide = isWide
    if (this.#invitation) this.#invitation.render(link, isWide)
    else if (link !== null) this.#fetch()
  }

  /** When that fails, the next rendering tries again. */
  async #fetch() {
    if (this.#isFetching) return
    this.#isFetching = true
    try {
      const fetched = [import('./invitation.js'), fetchStyle('private.css')]
      const [module] = /** @type {[typeof import('./invitation.js'), void]} */ (
        await Promise.all(fetched)
      )
      this.#invitation = new module.Invitation(this.#context)
      this.element.replaceChildren(this.#invitation.element)
      this.render(this.#link, this.#isWide)
    } catch {
      this.#isFetching = false
    }
  }
}
