/** The browser's Back button: in a call it leaves the call, not the page. */

/** @typedef {{ show: (isAway: boolean) => void }} Back */

/**
 * Keeps one history entry for all calls and leaves it in place between them: removing it is
 * asynchronous and would cross the next call's.
 * @param {() => void} onBack
 * @returns {Back} `show` is told whether the visitor is away from the lobby
 */
export function createBack(onBack) {
  let hasEntry = false
  addEventListener('popstate', () => {
    hasEntry = false
    onBack()
  })
  return {
    show: (isAway) => {
      if (!isAway || hasEntry) return
      hasEntry = true
      history.pushState(history.state, '')
    },
  }
}
