/* Fetches the second screen, its styles included, before it is needed and after the first can be used. */

import { fetchStyle } from './styles.js'

/** @import { Call } from './call.js' */

const STYLES = ['call.css', 'stage.css', 'chat.css', 'security.css', 'phone.css']

/** Whoever is about to press Start does one of these before. */
const SIGNS_OF_LIFE = ['pointermove', 'pointerdown', 'keydown', 'focusin', 'change']

/** @param {() => void} callback called at the first sign of a visitor */
export function onFirstSign(callback) {
  const signs = new AbortController()
  const { signal } = signs
  for (const type of SIGNS_OF_LIFE) {
    addEventListener(
      type,
      () => {
        signs.abort()
        callback()
      },
      { signal, passive: true },
    )
  }
}

/** @returns {Promise<typeof Call>} */
export async function fetchCall() {
  const [module] = await Promise.all([import('./call.js'), ...STYLES.map(fetchStyle)])
  return module.Call
}
