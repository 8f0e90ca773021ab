/* Text of the page in one language: flat keys, `{placeholders}`, plural arms as key suffixes. */

/** @typedef {Record<string, string>} Catalogue */
/** @typedef {Record<string, string | number>} Values */
/** @typedef {(key: string, values?: Values) => string} Translate */

const PLACEHOLDER = /\{(\w+)\}/g

/**
 * Numbers are written the way the locale writes them. A key that has no entry of its own but has
 * arms (`key.one`, `key.other`) is a plural and is chosen by the value named `count`.
 * @param {Catalogue} catalogue
 * @param {string} locale BCP 47 tag of the catalogue
 * @returns {Translate}
 */
export function createTranslator(catalogue, locale) {
  const plural = new Intl.PluralRules(locale)
  const number = new Intl.NumberFormat(locale)
  return (key, values = {}) => {
    const { count } = values
    const text = catalogue[key] ?? pluralArm(catalogue, key, plural.select(Number(count)))
    return text.replace(PLACEHOLDER, (placeholder, name) => {
      const value = values[name]
      if (value === undefined) return placeholder
      return typeof value === 'number' ? number.format(value) : value
    })
  }
}

/** The key itself is shown when nothing else is there: visible in a test, harmless to a visitor.
 * @param {Catalogue} catalogue @param {string} key @param {string} arm */
function pluralArm(catalogue, key, arm) {
  return catalogue[`${key}.${arm}`] ?? catalogue[`${key}.other`] ?? key
}
