/* Handing a text on: the clipboard, and the sheet of apps where the browser has one. */

/** @returns {boolean} */
export const isShareable = () => typeof navigator.share === 'function'

/** @param {string} text @returns {Promise<boolean>} whether the clipboard took it */
export function copy(text) {
  // Absent where the page is not a secure context, so even asking may throw.
  return Promise.resolve()
    .then(() => navigator.clipboard.writeText(text))
    .then(
      () => true,
      () => false,
    )
}

/** @param {string} url @returns {Promise<void>} also when the visitor closed the sheet */
export function share(url) {
  return navigator.share({ url }).catch(() => undefined)
}
