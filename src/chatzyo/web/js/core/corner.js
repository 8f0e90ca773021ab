/* Where the visitor's own picture rests on the stage. */

/** @typedef {'top-start' | 'top-end' | 'bottom-end' | 'bottom-start'} Corner */

/** @type {Record<Corner, Corner>} */
const NEXT = {
  'top-start': 'top-end',
  'top-end': 'bottom-end',
  'bottom-end': 'bottom-start',
  'bottom-start': 'top-start',
}

/** @param {Corner} corner @returns {Corner} */
export function nextCorner(corner) {
  return NEXT[corner]
}

/** @param {{x: number, y: number}} centre as shares of the stage, from its top left
 * @param {boolean} rightToLeft @returns {Corner} */
export function nearestCorner({ x, y }, rightToLeft) {
  const block = y < 0.5 ? 'top' : 'bottom'
  const inline = x < 0.5 !== rightToLeft ? 'start' : 'end'
  return `${block}-${inline}`
}
