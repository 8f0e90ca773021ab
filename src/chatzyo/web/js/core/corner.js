/* Where the visitor's own picture rests on the stage. */

/** @typedef {'top-start' | 'top-end' | 'bottom-end' | 'bottom-start'} Corner */

/** Clockwise, so that the button goes around once. @type {Corner[]} */
const CORNERS = ['top-start', 'top-end', 'bottom-end', 'bottom-start']

/** @param {Corner} corner @returns {Corner} */
export function nextCorner(corner) {
  return CORNERS[(CORNERS.indexOf(corner) + 1) % CORNERS.length] ?? corner
}

/** @param {{x: number, y: number}} centre as shares of the stage, from its top left
 * @param {boolean} rightToLeft @returns {Corner} */
export function nearestCorner({ x, y }, rightToLeft) {
  const block = y < 0.5 ? 'top' : 'bottom'
  const inline = x < 0.5 !== rightToLeft ? 'start' : 'end'
  return `${block}-${inline}`
}
