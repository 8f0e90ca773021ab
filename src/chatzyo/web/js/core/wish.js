/* What a visitor may ask for: languages and interests, by the rule of the protocol. */

import { MAX_INTEREST_CHARS, MAX_LANGUAGES } from './limits.js'

/* Letters, digits and marks of any script, as `Interest` in protocol/messages.py; unpaired
   surrogates are not text at all. */
const WORD = /[^\0-/:-@[-`{-\xbf\u2000-\u200b\u200e-\u206f\ufeff\ud800-\udfff]+/u.source
const INTEREST = new RegExp(`^${WORD}(?:[ '-]${WORD})*$`, 'u')
const LANGUAGE = /^[a-z]{2,3}$/

/** Two people who type the same tag differently mean the same.
 * @param {string} typed @returns {string} */
export function normaliseInterest(typed) {
  return typed.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase()
}

/** @param {string} tag a normalised tag @returns {boolean} */
export function isInterest(tag) {
  return [...tag].length <= MAX_INTEREST_CHARS && INTEREST.test(tag)
}

/** The languages the browser prefers, without regions, in its order.
 * @param {readonly string[]} preferred BCP 47 tags @returns {string[]} ISO 639 codes */
export function suggestLanguages(preferred) {
  const codes = preferred.map((tag) => tag.replace(/-.*/, '').toLowerCase())
  return [...new Set(codes)].filter((code) => LANGUAGE.test(code)).slice(0, MAX_LANGUAGES)
}
