/* Fetches the second screen, its styles included, before it is needed and after the first can be used. */

import { fetchStyle } from './styles.js'

/**
 * @typedef {object} Second what is there once a visitor has shown up
 * @property {typeof import('./call.js').Call} Call
 * @property {typeof import('../core/announce.js').announcements} announcements
 * @property {typeof import('../core/scene.js').windowTitle} windowTitle
 */

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

/** @returns {Promise<Second>} */
export async function fetchSecond() {
  const [{ Call }, { announcements }, { windowTitle }] = await Promise.all([
    import('./call.js'),
    import('../core/announce.js'),
    import('../core/scene.js'),
    ...STYLES.map(fetchStyle),
  ])
  return { Call, announcements, windowTitle }
}
