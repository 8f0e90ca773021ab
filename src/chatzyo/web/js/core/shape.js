/**
 * Strict checks for data that comes from a stranger: each check says yes or no and never throws.
 * An object has exactly the named fields: what is not known is not tolerated.
 */

/** @typedef {(value: unknown) => boolean} Check */

/** @param {number} min @param {number} max @returns {Check} */
export const integer = (min, max) => (value) =>
  Number.isInteger(value) && Number(value) >= min && Number(value) <= max

/** @param {RegExp} pattern must be anchored; @returns {Check} */
export const text = (pattern) => (value) => typeof value === 'string' && pattern.test(value)

/** @param {readonly unknown[]} values @returns {Check} */
export const oneOf = (values) => (value) => values.includes(value)

/** @returns {Check} */
export const flag = () => (value) => typeof value === 'boolean'

/** @param {Check} check @param {number} min @param {number} max @returns {Check} */
export const list = (check, min, max) => (value) =>
  Array.isArray(value) && value.length >= min && value.length <= max && value.every(check)

/** @param {Record<string, Check>} fields @returns {Check} */
export const object = (fields) => (value) =>
  isObject(value) &&
  Object.keys(value).length === Object.keys(fields).length &&
  Object.entries(fields).every(([name, check]) => Object.hasOwn(value, name) && check(value[name]))

/** @param {Check} name @param {Check} check @param {number} max @returns {Check} */
export const dictionary = (name, check, max) => (value) =>
  isObject(value) &&
  Object.keys(value).length <= max &&
  Object.entries(value).every(([key, item]) => name(key) && check(item))

/** @param {unknown} value @returns {value is Record<string, unknown>} */
export function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @param {string} json @returns {unknown} undefined when it is not JSON */
export function parseJson(json) {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
