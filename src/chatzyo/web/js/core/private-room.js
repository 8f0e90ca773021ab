/**
 * A private call: a room of two whose name comes from a link. Who drops out is waited for; who leaves
 * forgets the link.
 */

import { reopenWhenIdle } from './link.js'
import { find, hasPartner, NO_DEADLINES, NO_MATCH, prepare, then, withState } from './visit.js'

/** @import { Effect, Step, Visit } from './session-types.d.ts' */
/** @import { Mode, Room, Wish } from './types.d.ts' */

/** Nobody is looked for; the mode is what the visitor sends. @satisfies {Omit<Wish, 'mode'>} */
const NO_WISH = { hub: 'world', languages: [], interests: [] }

/** @param {Visit} visit @returns {Step} */
export const createLink = (visit) =>
  visit.state.phase === 'lobby' ? [visit, [{ type: 'createLink' }]] : [visit, []]

/** @param {Visit} visit @param {{ link: string }} event @returns {Step} */
export function linkCreated(visit, { link }) {
  if (visit.state.phase !== 'lobby') return [visit, []]
  return [withState(visit, { room: { link, stage: 'choosing' }, linkFailure: null }), []]
}

/** Takes a seat, or tries again. @param {Visit} visit @param {{ mode: Mode, now: number }} event @returns {Step} */
export function join(visit, { mode, now }) {
  const { phase, room, wish } = visit.state
  if (!(room && (phase === 'lobby' || phase === 'ended'))) return [visit, []]
  const wishing = withState(visit, { wish: { ...NO_WISH, ...wish, mode }, linkFailure: null })
  return then(wait(wishing, room, 'alone'), (at) => reopenWhenIdle(at, now))
}

/** The other person went away and may come back. @param {Visit} visit @returns {Step} */
export function awaitReturn(visit) {
  const { room } = visit.state
  return room ? wait(visit, room, 'apart') : [visit, []]
}

/** Somebody else has the seats. @param {Visit} visit @returns {Step} */
export const roomFull = (visit) =>
  visit.state.phase === 'searching' ? shut(visit, 'full') : [visit, []]

/** Our seat is taken from another connection, so nothing of ours may go on. @param {Visit} visit @returns {Step} */
export const replaced = (visit) => shut(visit, 'replaced')

/** The seat is kept for a page that is loaded again; the other person is told at once. @param {Visit} visit @param {(visit: Visit) => Step} leave @returns {Step} */
export function hide(visit, leave) {
  const { phase, room } = visit.state
  if (!room || phase === 'lobby' || phase === 'ended') return [visit, []]
  const [left, effects] = leave({ ...visit, serverMatch: null })
  return [asWaiting(left, room, 'apart'), effects]
}

/** @param {Visit} visit @param {Room} room @param {'alone' | 'apart'} stage @returns {Step} */
function wait(visit, room, stage) {
  const waiting = asWaiting(visit, room, stage)
  return then([waiting, [prepare(waiting, 'video')]], find)
}

/** What was said stays to be read. @param {Visit} visit @param {Room} room @param {Room['stage']} stage */
const asWaiting = (visit, room, stage) =>
  withState(visit, {
    ...NO_MATCH,
    chat: visit.state.chat,
    phase: 'searching',
    room: { ...room, stage },
  })

/** @param {Visit} visit @param {'full' | 'replaced'} stage @returns {Step} */
function shut(visit, stage) {
  const { room, chat } = visit.state
  if (!room) return [visit, []]
  /** @type {Effect[]} */
  const effects = hasPartner(visit) ? [{ type: 'closePeer' }] : []
  const shown = { ...NO_MATCH, chat, phase: /** @type {const} */ ('ended') }
  return [
    {
      ...withState(visit, { ...shown, room: { ...room, stage } }),
      hasCards: false,
      ...NO_DEADLINES,
    },
    effects,
  ]
}
