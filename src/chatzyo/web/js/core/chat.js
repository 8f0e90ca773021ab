/**
 * What two people tell each other over the DataChannel: text, typing, reactions, device states, goodbye.
 * Nothing of it ever passes the server.
 */

import { flag, object, oneOf, parseJson, text } from './shape.js'
import { withState } from './visit.js'

/** @import { ChannelMessage, Step, Talk, Visit } from './session-types.d.ts' */
/** @import { SasMessage } from './sas-types.d.ts' */
/** @import { ChatLine } from './types.d.ts' */

/** A long paragraph; more is no longer conversation. */
export const MAX_TEXT_CHARS = 2000

/** Older lines are dropped: a chat of hours must not fill a phone's memory. */
export const MAX_LINES = 500

/** JSON may write each of the characters as a surrogate pair of twelve. */
export const MAX_MESSAGE_CHARS = 12 * MAX_TEXT_CHARS + 64

/** Often enough to keep the notice alive, which expires after twice this. */
export const TYPING_EVERY_MS = 2000
export const TYPING_EXPIRES_MS = 4000

/** Faster than two hands on two keyboards; what is over it is dropped unread. */
export const MESSAGES_PER_SECOND = 10
export const MESSAGE_BURST = 30

export const REACTIONS = Object.freeze(['👋', '👍', '❤️', '😂', '😮', '👏'])

const isText = text(/^[^\p{Surrogate}]+$/u)

const isMessage = {
  text: object({ k: oneOf(['text']), text: isText }),
  typing: object({ k: oneOf(['typing']) }),
  reaction: object({ k: oneOf(['reaction']), emoji: oneOf(REACTIONS) }),
  devices: object({ k: oneOf(['devices']), microphone: flag(), camera: flag() }),
  bye: object({ k: oneOf(['bye']) }),
}

/** @param {ChannelMessage | SasMessage} message @returns {string} */
export const encodeMessage = (message) => JSON.stringify(message)

/** @param {string} json @returns {ChannelMessage | null} null: nothing that our page ever sends */
export function parseMessage(json) {
  if (json.length > MAX_MESSAGE_CHARS) return null
  const value = parseJson(json)
  if (!Object.values(isMessage).some((check) => check(value))) return null
  const message = /** @type {ChannelMessage} */ (value)
  if (message.k !== 'text') return message
  const normal = message.text.normalize('NFC')
  return normal.length > MAX_TEXT_CHARS ? null : { k: 'text', text: normal }
}

/** @param {number} now @returns {Talk} */
export const newTalk = (now) => ({
  typingSentAt: null,
  typingUntil: null,
  allowance: MESSAGE_BURST,
  allowanceAt: now,
})

/** @param {Visit} visit @param {string} typed @returns {Step} */
export function say(visit, typed) {
  const line = typed.normalize('NFC').toWellFormed().trim().slice(0, MAX_TEXT_CHARS).toWellFormed()
  if (line === '') return [visit, []]
  const talk = { ...visit.talk, typingSentAt: null }
  const message = { k: /** @type {const} */ ('text'), text: line }
  return [addLine({ ...visit, talk }, 'me', line), [{ type: 'sendChannel', message }]]
}

/** @param {Visit} visit @param {number} now @returns {Step} */
export function tellTyping(visit, now) {
  const { typingSentAt } = visit.talk
  if (typingSentAt !== null && now - typingSentAt < TYPING_EVERY_MS) return [visit, []]
  const talk = { ...visit.talk, typingSentAt: now }
  return [{ ...visit, talk }, [{ type: 'sendChannel', message: { k: 'typing' } }]]
}

/** @param {Visit} visit @param {string} emoji @returns {Step} */
export function react(visit, emoji) {
  if (!REACTIONS.includes(emoji)) return [visit, []]
  const message = { k: /** @type {const} */ ('reaction'), emoji }
  return [withReaction(visit, 'me', emoji), [{ type: 'sendChannel', message }]]
}

/**
 * Takes one message from the partner.
 * @param {Visit} visit
 * @param {string} json
 * @param {number} now
 * @returns {Visit | 'left' | 'broken'}
 */
export function hear(visit, json, now) {
  const [talk, isAllowed] = spend(visit.talk, now)
  if (!isAllowed) return { ...visit, talk }
  const message = parseMessage(json)
  return message ? apply({ ...visit, talk }, message, now) : 'broken'
}

/** @param {Visit} visit @param {ChannelMessage} message @param {number} now @returns {Visit | 'left'} */
function apply(visit, message, now) {
  switch (message.k) {
    case 'text':
      return addLine(stopTyping(visit), 'stranger', message.text)
    case 'typing':
      return {
        ...withState(visit, { strangerTyping: true }),
        talk: { ...visit.talk, typingUntil: now + TYPING_EXPIRES_MS },
      }
    case 'reaction':
      return withReaction(visit, 'stranger', message.emoji)
    case 'devices':
      return withState(visit, {
        stranger: { microphone: message.microphone, camera: message.camera },
      })
    case 'bye':
      return 'left'
  }
}

/** @param {Visit} visit @param {number} now @returns {Visit} */
export function expireTyping(visit, now) {
  const { typingUntil } = visit.talk
  return typingUntil !== null && now >= typingUntil ? stopTyping(visit) : visit
}

/** @param {Visit} visit @returns {Visit} */
function stopTyping(visit) {
  const talk = { ...visit.talk, typingUntil: null }
  return { ...withState(visit, { strangerTyping: false }), talk }
}

/** @param {Talk} talk @param {number} now @returns {[Talk, boolean]} */
function spend(talk, now) {
  const refill = ((now - talk.allowanceAt) / 1000) * MESSAGES_PER_SECOND
  const allowance = Math.min(MESSAGE_BURST, talk.allowance + refill)
  const isAllowed = allowance >= 1
  return [{ ...talk, allowance: allowance - (isAllowed ? 1 : 0), allowanceAt: now }, isAllowed]
}

/** @param {Visit} visit @param {ChatLine['from']} from @param {string} line @returns {Visit} */
function addLine(visit, from, line) {
  const chat = [...visit.state.chat, { id: visit.nextId, from, text: line }].slice(-MAX_LINES)
  return { ...withState(visit, { chat }), nextId: visit.nextId + 1 }
}

/** @param {Visit} visit @param {ChatLine['from']} from @param {string} emoji @returns {Visit} */
function withReaction(visit, from, emoji) {
  const reaction = { id: visit.nextId, emoji, from }
  return { ...withState(visit, { reaction }), nextId: visit.nextId + 1 }
}
