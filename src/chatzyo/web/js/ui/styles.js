/* Style sheets of parts that are fetched when they are needed. */

/** @param {string} href asked for again, it is not fetched again @returns {Promise<void>} */
export function fetchStyle(href) {
  /** @type {HTMLLinkElement | null} */
  const known = document.head.querySelector(`link[href="${href}"]`)
  if (known?.sheet) return Promise.resolve()
  const link = known ?? document.createElement('link')
  link.rel = 'stylesheet'
  link.href = href
  return new Promise((resolve, reject) => {
    link.addEventListener('load', () => resolve())
    link.addEventListener('error', () => {
      link.remove()
      reject(new Error(`no ${href}`))
    })
    if (!known) document.head.append(link)
  })
}
