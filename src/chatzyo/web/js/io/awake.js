/* Keeps the screen on during a call, where the browser can. */

/** @typedef {{ keep(on: boolean): void }} Awake */

/** @returns {Awake} */
export function createAwake() {
  let wanted = false
  /** @type {WakeLockSentinel | null} */
  let lock = null
  const request = async () => {
    if (!wanted || lock || document.hidden || !('wakeLock' in navigator)) return
    // Refused on a low battery, which is the visitor's choice.
    lock = await navigator.wakeLock.request('screen').catch(() => null)
    lock?.addEventListener('release', () => {
      lock = null
    })
    if (!wanted) await lock?.release()
  }
  // The browser releases the lock of a hidden page.
  document.addEventListener('visibilitychange', request)
  return {
    keep(on) {
      if (on === wanted) return
      wanted = on
      if (on) request()
      else lock?.release()
    },
  }
}
