/* A QR code as a picture. Dark on light in both colour schemes: not every reader takes it inverted. */

import { encodeQr } from '../core/qr.js'

const SVG = 'http://www.w3.org/2000/svg'

/** What readers need free around the code, in modules. */
const MARGIN = 4

/** @param {string} text @param {string} name for who cannot see it
 * @returns {SVGSVGElement | null} null when the text is too long for a code */
export function drawQr(text, name) {
  const modules = encodeQr(text)
  if (!modules) return null
  const size = modules.length + 2 * MARGIN
  const ground = draw('rect', { width: size, height: size, fill: '#fff' })
  const code = draw('path', { d: squares(modules), fill: '#000' })
  const attributes = { viewBox: `0 0 ${size} ${size}`, 'shape-rendering': 'crispEdges' }
  const picture = draw('svg', { ...attributes, role: 'img', 'aria-label': name })
  picture.append(ground, code)
  return picture
}

/** @param {boolean[][]} modules */
function squares(modules) {
  return modules
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? square(x + MARGIN, y + MARGIN) : '')))
    .join('')
}

/** @param {number} x @param {number} y */
const square = (x, y) => `M${x} ${y}h1v1h-1z`

/** @template {keyof SVGElementTagNameMap} K
 * @param {K} tag @param {Record<string, string | number>} attributes @returns {SVGElementTagNameMap[K]} */
function draw(tag, attributes) {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  return element
}
