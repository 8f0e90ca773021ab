/* Where a private link is shown; what shows it is fetched when there is a link. */

import { el, show } from './dom.js'
import { fetchStyle } from './styles.js'

/** @import { Invitation } from './invitation.js' */
/** @import { Context } from './types.d.ts' */

/** @type {typeof import('./invitation.js') | null} */
let loaded = null

/** Who arrives with a link waits for this: what came in later would move what they are about to press. */
export async function fetchInvitation() {
  try {
    ;[loaded] = await Promise.all([import('./invitation.js'), fetchStyle('private.css')])
  } catch {
    // The next rendering tries again.
  }
}

export class InvitationPlace {
  #context
  /** @type {Invitation | null} null until it is shown */
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
    if (link !== null && !this.#invitation) this.#build()
    this.#invitation?.render(link, isWide)
  }

  #build() {
    if (loaded) {
      this.#invitation = new loaded.Invitation(this.#context)
      this.element.replaceChildren(this.#invitation.element)
    } else this.#fetch()
  }

  async #fetch() {
    if (this.#isFetching) return
    this.#isFetching = true
    await fetchInvitation()
    this.#isFetching = false
    if (loaded) this.render(this.#link, this.#isWide)
  }
}
