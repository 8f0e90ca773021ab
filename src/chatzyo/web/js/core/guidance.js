/* What the preview says while there is no picture, and which ways on it offers. */

/** @import { Mode } from './types.d.ts' */
/** @import { Outcome, PermissionState } from './permission-types.d.ts' */

/** @typedef {'open' | 'retry' | 'copy' | 'voice' | 'text'} Way */
/** @typedef {{ title: string, body: string, ways: Way[] }} Guidance keys of texts, and buttons */

/** Trying again on the same page cannot help here, and neither can voice.
 * @type {Outcome[]} */
const HOPELESS = ['webview', 'unsupported']

/** @param {PermissionState} state @param {Mode} mode the one chosen on the page
 * @returns {Guidance | null} null when the devices are open */
export function guidance(state, mode) {
  if (mode === 'text' || state.step === 'idle' || state.mode !== mode) return prime(mode)
  switch (state.step) {
    case 'open':
      return null
    case 'asking':
      return state.slow
        ? { title: 'slow.title', body: 'slow.body', ways: around(mode) }
        : { title: 'asking.title', body: 'asking.body', ways: [] }
    case 'help':
      return help(state.outcome, mode)
    default:
      return prime(mode)
  }
}

/** @param {Mode} mode @returns {Guidance} */
function prime(mode) {
  const ways = /** @type {Way[]} */ (mode === 'text' ? [] : ['open'])
  return { title: `prime.${mode}.title`, body: `prime.${mode}.body`, ways }
}

/** @param {Outcome} outcome @param {Mode} mode @returns {Guidance} */
function help(outcome, mode) {
  const texts = { title: `help.${outcome}.title.${mode}`, body: `help.${outcome}.body` }
  // Without a secure context there are no keys either, and nothing is ever sent without them.
  if (outcome === 'insecure') return { ...texts, ways: [] }
  if (outcome === 'webview') return { ...texts, ways: ['copy', 'text'] }
  if (HOPELESS.includes(outcome)) return { ...texts, ways: ['text'] }
  return { ...texts, ways: ['retry', ...around(mode)] }
}

/** @param {Mode} mode @returns {Way[]} */
function around(mode) {
  return mode === 'video' ? ['voice', 'text'] : ['text']
}
