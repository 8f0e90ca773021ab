/* Languages a visitor can choose from; each is shown by its own name. */

const CODES =
  'ar bg bn ca cs da de el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko lo lt lv mk ml mn mr ms my nb ne nl or pa pl ps pt ro ru sd si sk sl sq sr sv sw ta te th tl tr uk ur uz vi yue zh zu'

/** @param {string} code ISO 639 @returns {string} in that language itself */
export function languageName(code) {
  return new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code
}

/** @returns {{ id: string, label: string }[]} */
export function languageChoices() {
  return CODES.split(' ')
    .map((id) => ({ id, label: languageName(id) }))
    .sort((a, b) => a.label.localeCompare(b.label))
}
