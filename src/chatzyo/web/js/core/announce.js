/* What a screen reader is told when the state changes: (before, after) -> sentences. */

import { scene } from './scene.js'

/** @import { State } from './types.d.ts' */
/** @import { Values } from './i18n.js' */
/** @typedef {{ key: string, values?: Values }} Sentence */

/** @param {State} before @param {State} after @returns {Sentence[]} */
export function announcements(before, after) {
  return [
    ...(after.room ? room(before, after) : phase(before, after)),
    ...failure(before, after),
    ...security(before, after),
    ...service(before, after),
    ...next(before, after),
    ...search(before, after),
    ...stranger(before, after),
    ...messages(before, after),
    ...reaction(before, after),
  ]
}

/** @param {State} before @param {State} after @returns {Sentence[]} */
function phase(before, after) {
  if (before.phase === after.phase) return []
  if (after.phase === 'ended') return told(after)
  return [{ key: `say.${after.phase}` }]
}

/** In a private call the stage of the room says more than the phase.
 * @param {State} before @param {State} after @returns {Sentence[]} */
function room(before, after) {
  if (!before.room && after.phase === 'lobby') return [{ key: 'say.link' }]
  if (after.phase === 'lobby' || scene(after).title === scene(before).title) return []
  return told(after)
}

/** What needs an answer is told in full. @param {State} after @returns {Sentence[]} */
function told(after) {
  const { title, body, isGrave, invites } = scene(after)
  return (isGrave || invites) && body ? [{ key: title }, { key: body }] : [{ key: title }]
}

/** @param {State} before @param {State} after @returns {Sentence[]} */
function failure(before, after) {
  if (!after.linkFailure || after.linkFailure === before.linkFailure) return []
  return [{ key: after.linkFailure }]
}

/** @param {State} before @param {State} after @returns {Sentence[]} */
function security(before, after) {
  const assurance = after.security?.assurance ?? 'encrypted'
  if (assurance === 'encrypted' || assurance === before.security?.assurance) return []
  return [{ key: `say.verified.${assurance}` }]
}

/** @param {State} before @param {State} after @returns {Sentence[]} */
function service(before, after) {
  if (before.service === after.service || before.service === 'connecting') return []
  return [{ key: `service.${after.service}` }]
}

/** @param {State} before @param {State} after @returns {Sentence[]} */
function next(before, after) {
  if (before.nextAt === null && after.nextAt !== null) return [{ key: 'say.nextSoon' }]
  const undone = before.nextAt !== null && after.nextAt === null && after.phase === before.phase
  return undone ? [{ key: 'say.undone' }] : []
}

/** @param {State} before @param {State} after @returns {Sentence[]} */
function search(before, after) {
  const widened = after.waiting?.widened ?? 'nothing'
  if (widened === 'nothing' || widened === before.waiting?.widened) return []
  return [{ key: `searching.widened.${widened}` }]
}

/** @param {State} before @param {State} after @returns {Sentence[]} */
function stranger(before, after) {
  if (before.phase !== 'talking' || after.phase !== 'talking') return []
  /** @type {Sentence[]} */
  const said = []
  for (const device of /** @type {const} */ (['microphone', 'camera'])) {
    const on = after.stranger[device]
    if (on !== before.stranger[device]) said.push({ key: `say.${device}.${on ? 'on' : 'off'}` })
  }
  return said
}

/** @param {State} before @param {State} after @returns {Sentence[]} */
function messages(before, after) {
  if (before.chat === after.chat) return []
  const known = new Set(before.chat.map((line) => line.id))
  return after.chat
    .filter((line) => line.from === 'stranger' && !known.has(line.id))
    .map((line) => ({ key: 'say.message', values: { text: line.text } }))
}

/** @param {State} before @param {State} after @returns {Sentence[]} */
function reaction(before, after) {
  if (!after.reaction || after.reaction.from === 'me') return []
  if (after.reaction.id === before.reaction?.id) return []
  return [{ key: 'say.reaction', values: { emoji: after.reaction.emoji } }]
}
