/* Descriptions as browsers make them, and what the tests build from them. */

import { readFileSync } from 'node:fs'
import { makeCard } from '../../../src/chatzyo/web/js/core/card.js'
import { parseDescription } from '../../../src/chatzyo/web/js/core/sdp.js'

/** @import { Card, Description } from '../../../src/chatzyo/web/js/core/card-types.d.ts' */

/** @param {string} name such as `chromium-video` @returns {string} */
export const readSdp = (name) =>
  readFileSync(new URL(`fixtures/${name}.sdp`, import.meta.url), 'utf8').replaceAll('\n', '\r\n')

/** @param {string} name @returns {Description} */
export function readDescription(name) {
  const description = parseDescription(readSdp(name))
  if (!description) throw new Error(`${name} cannot be read`)
  return description
}

/** What arrives at the other side. @param {string} name @returns {Card} */
export const readCard = (name) =>
  JSON.parse(JSON.stringify(makeCard(readDescription(name), () => true)))

/** Another connection of the same browser. @param {Description} description @returns {Description} */
export const another = (description) => ({
  ...description,
  ufrag: 'Else',
  pwd: 'anotherPasswordOfTwentyTwo',
  fingerprint: new Uint8Array(32).fill(7),
})
