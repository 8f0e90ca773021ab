/** Time, chance and the one timer of the session. */

/** @typedef {{ now: () => number, random: () => number, wake: (at: number | null) => void }} Clock */

/** A browser fires timers with a longer delay at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * @param {() => void} onWake may come early; whoever listens decides by `now`
 * @returns {Clock}
 */
export function createClock(onWake) {
  let timer = 0
  return {
    now: () => performance.now(),
    random: () => Math.random(),
    wake: (at) => {
      clearTimeout(timer)
      if (at === null) return
      const delay = Math.max(0, at - performance.now())
      timer = setTimeout(onWake, Math.min(Math.ceil(delay), LONGEST_TIMER_MS))
    },
  }
}
