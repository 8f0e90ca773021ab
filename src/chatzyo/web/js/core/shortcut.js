/* Which key means what, where. Single letters never act while the visitor types. */

/** @typedef {import('./types.d.ts').Phase} Phase */
/** @typedef {'nextSoon' | 'undoNext' | 'microphone' | 'camera' | 'chat' | 'stop' | 'help' | 'closeSheet'} Intent */

/**
 * @typedef {object} Press
 * @property {string} key
 * @property {boolean} repeat
 * @property {boolean} isComposing an input method is writing; its keys are its own
 * @property {boolean} modified Alt, or Control, or Command
 * @property {boolean} command Control or Command
 */

/**
 * @typedef {object} Place
 * @property {Phase} phase
 * @property {boolean} typing the focus is in a field
 * @property {boolean} dialog a dialog is open: its keys are its own
 * @property {boolean} fullScreen the browser leaves full screen by Escape itself
 * @property {boolean} sheet the chat lies over the call
 * @property {boolean} room a private call: there is no one to go on to
 * @property {boolean} pending Next will happen unless undone
 * @property {boolean} letters single-letter shortcuts are switched on
 */

/** @type {Record<string, Intent>} */
const LETTERS = { m: 'microphone', v: 'camera', t: 'chat', s: 'stop', '?': 'help' }

/** A held key would arm Next and confirm it at once, so repeats never count.
 * @param {Press} press @param {Place} place @returns {Intent | null} */
export function shortcut(press, place) {
  if (press.isComposing || press.repeat || place.dialog) return null
  if (press.key === 'Escape') return leave(place)
  if (press.modified) return isUndo(press) && place.pending ? 'undoNext' : null
  return place.typing || !place.letters ? null : letter(press.key.toLowerCase(), place)
}

/** @param {Place} place @returns {Intent | null} */
function leave({ phase, sheet, fullScreen, room }) {
  if (fullScreen) return null
  if (sheet) return 'closeSheet'
  if (room) return null
  return phase === 'connecting' || phase === 'talking' ? 'nextSoon' : null
}

/** @param {Press} press */
function isUndo({ command, key }) {
  return command && key.toLowerCase() === 'z'
}

/** @param {string} key @param {Place} place @returns {Intent | null} */
function letter(key, { phase }) {
  const intent = LETTERS[key] ?? null
  return phase === 'lobby' && intent !== 'help' ? null : intent
}
