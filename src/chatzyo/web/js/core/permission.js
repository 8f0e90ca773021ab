/* From choosing a mode to an open camera or microphone: (state, event) -> [state, effects].
   Two rules: the browser is made to ask only after a press, and every end but `open` has a help page. */

/** @import { Mode } from './types.d.ts' */
/** @import { Environment, Grant, Outcome, PermissionEffect, PermissionEvent, PermissionState } from './permission-types.d.ts' */

/** @typedef {[PermissionState, PermissionEffect[]]} Transition */

/** No person answers this fast: a refusal within it is one the browser remembered. */
export const REMEMBERED_WITHIN_MS = 300

/** By now the question has been overlooked, or the app around the page never shows it. */
export const SLOW_AFTER_MS = 8000

/** @type {PermissionState} */
export const CLOSED = { step: 'idle', request: 0 }

/** @param {PermissionState} state @param {PermissionEvent} event @returns {Transition} */
export function permission(state, event) {
  switch (event.type) {
    case 'chosen':
      return handleChosen(state, event.mode, event.environment)
    case 'wanted':
      return handleWanted(state, event.mode, event.environment, event.now)
    case 'devicesChanged':
      return retry(state, ['busy', 'missing'], event.now)
    case 'returned':
      return retry(state, ['busy', 'system'], event.now)
    case 'permitted':
      return handlePermitted(state, event)
    default:
      return event.request === state.request ? handleAnswer(state, event) : [state, []]
  }
}

/** @param {PermissionState} state @param {Extract<PermissionEvent, {request: number}>} event
 * @returns {Transition} */
function handleAnswer(state, event) {
  if (event.type === 'queried') return handleQueried(state, event)
  if (state.step !== 'asking') return [state, []]
  switch (event.type) {
    case 'opened':
      return [{ step: 'open', mode: state.mode, request: state.request }, []]
    case 'waited':
      return [{ ...state, slow: true }, []]
    case 'refused':
      return handleRefused(state, event)
  }
}

/** @param {PermissionState} state @param {Mode} mode @param {Environment} environment
 * @returns {Transition} */
function handleChosen(state, mode, environment) {
  const request = state.request + 1
  /** @type {PermissionEffect} */
  const release = { type: 'release', mode }
  if (mode === 'text') return [{ step: 'idle', request }, [release]]
  const impossible = impossibleIn(environment)
  if (impossible) return [{ step: 'help', mode, outcome: impossible, request }, [release]]
  return [{ step: 'checking', mode, request }, [release, { type: 'query', request }]]
}

/** @param {PermissionState} state @param {Mode} mode @param {Environment} environment
 * @param {number} now @returns {Transition} */
function handleWanted(state, mode, environment, now) {
  if (mode === 'text' || impossibleIn(environment)) return handleChosen(state, mode, environment)
  return ask(state, mode, now)
}

/** @param {Environment} environment @returns {Outcome | null} */
function impossibleIn({ secure, supported, inApp }) {
  if (!secure) return 'insecure'
  if (supported) return null
  return inApp ? 'webview' : 'unsupported'
}

/** @param {PermissionState} state @param {Mode} mode @param {number} now @param {boolean} relaxed
 * @returns {Transition} */
function ask(state, mode, now, relaxed = false) {
  const request = state.request + 1
  return [
    { step: 'asking', mode, since: now, relaxed, slow: false, request },
    [
      { type: 'release', mode },
      { type: 'open', request, mode, relaxed },
      { type: 'wait', request, ms: SLOW_AFTER_MS },
    ],
  ]
}

/** @param {PermissionState} state
 * @param {{camera: Grant, microphone: Grant, now: number}} event @returns {Transition} */
function handleQueried(state, event) {
  if (state.step !== 'checking') return [state, []]
  const { mode, request } = state
  const grants = grantsFor(mode, event)
  if (grants.every((grant) => grant === 'granted')) return ask(state, mode, event.now)
  if (grants.includes('denied')) return [{ step: 'help', mode, outcome: 'blocked', request }, []]
  return [{ step: 'priming', mode, request }, []]
}

/** @param {Mode} mode @param {{camera: Grant, microphone: Grant}} event */
function grantsFor(mode, { camera, microphone }) {
  return mode === 'video' ? [camera, microphone] : [microphone]
}

/** @param {Extract<PermissionState, {step: 'asking'}>} state
 * @param {Extract<PermissionEvent, {type: 'refused'}>} event @returns {Transition} */
function handleRefused(state, event) {
  if (event.name === 'OverconstrainedError' && !state.relaxed) {
    return ask(state, state.mode, event.now, true)
  }
  const outcome = outcomeOf(event, event.now - state.since)
  return [{ step: 'help', mode: state.mode, outcome, request: state.request }, []]
}

/** @param {{name: string, message: string, inApp: boolean}} error @param {number} took ms
 * @returns {Outcome} */
function outcomeOf({ name, message, inApp }, took) {
  if (name === 'NotAllowedError' || name === 'SecurityError') return denial(message, inApp, took)
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing'
  if (name === 'NotReadableError' || name === 'AbortError') return 'busy'
  return 'failed'
}

/** Only the message tells these apart; where a browser words it otherwise, `refused` fits too.
 * @param {string} message @param {boolean} inApp @param {number} took ms @returns {Outcome} */
function denial(message, inApp, took) {
  if (/system/i.test(message)) return 'system'
  if (inApp) return 'webview'
  if (/dismiss/i.test(message)) return 'dismissed'
  return took < REMEMBERED_WITHIN_MS ? 'blocked' : 'refused'
}

/** @param {PermissionState} state
 * @param {{camera: Grant, microphone: Grant, now: number}} event @returns {Transition} */
function handlePermitted(state, event) {
  if (state.step !== 'help') return [state, []]
  const granted = grantsFor(state.mode, event).every((grant) => grant === 'granted')
  return granted ? retry(state, ['blocked', 'refused', 'dismissed'], event.now) : [state, []]
}

/** @param {PermissionState} state @param {Outcome[]} outcomes those that may have been cured
 * @param {number} now @returns {Transition} */
function retry(state, outcomes, now) {
  if (state.step !== 'help' || !outcomes.includes(state.outcome)) return [state, []]
  return ask(state, state.mode, now)
}
