/* Buttons of a call: an icon, a short word for the eye, a name that never changes for everyone else. */

import { el, setPressed } from './dom.js'
import { icon } from './icons.js'

/** @import { UserAction } from '../core/types.d.ts' */
/** @import { Icon } from './icons.js' */
/** @import { Context } from './types.d.ts' */

/** @param {string} name @param {SVGSVGElement} picture @param {string} word may be empty
 * @param {() => void} onclick @returns {HTMLButtonElement} */
export function control(name, picture, word, onclick) {
  const label = word ? el('span', { 'aria-hidden': 'true' }, word) : null
  const attributes = { class: 'control', type: 'button', 'aria-label': name, title: name, onclick }
  return el('button', attributes, picture, label)
}

/** A button that stays named "Mute microphone" or "Turn camera off"; `aria-pressed` tells the state.
 * @param {Context} context @param {'microphone' | 'camera'} source */
export function sourceToggle({ t, dispatch }, source) {
  const words = { microphone: 'call.mute', camera: 'call.camera' }[source]
  const picture = /** @type {Icon} */ ({ microphone: 'voice', camera: 'video' }[source])
  const type = /** @type {const} */ ({ microphone: 'setMicrophone', camera: 'setCamera' })[source]
  let on = true
  const element = control(t(words), icon(picture, 'slash'), t(`${words}.short`), () => {
    dispatch(/** @type {UserAction} */ ({ type, on: !on }))
  })
  return {
    element,
    /** @param {boolean} isOn */
    render(isOn) {
      on = isOn
      setPressed(element, !on)
    },
  }
}
