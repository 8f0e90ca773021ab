/* Vocabulary of the permission flow; the machine is permission.js. */

import type { Mode } from './types.d.ts'

/** Why there is no stream. Each has its own explanation and a way on. */
export type Outcome =
  | 'refused' // said no just now
  | 'blocked' // said no at an earlier visit; the browser no longer asks
  | 'dismissed' // closed the question without an answer
  | 'system' // the operating system refuses the browser
  | 'missing' // no such device
  | 'busy' // another program or tab holds the device
  | 'insecure' // neither https nor localhost
  | 'webview' // built-in browser of another app
  | 'unsupported' // this browser has no camera interface
  | 'failed' // anything else

export type Grant = 'granted' | 'denied' | 'prompt' | 'unknown'

export type Step =
  | { step: 'idle' }
  | { step: 'checking'; mode: Mode }
  | { step: 'priming'; mode: Mode }
  | { step: 'asking'; mode: Mode; since: number; relaxed: boolean; slow: boolean }
  | { step: 'open'; mode: Mode }
  | { step: 'help'; mode: Mode; outcome: Outcome }

/** `request` numbers what was last asked for; answers to earlier requests are ignored. */
export type PermissionState = Step & { request: number }

/** What the browser offers, read once when a mode is chosen. */
export interface Environment {
  secure: boolean
  supported: boolean
  inApp: boolean
}

export type PermissionEvent =
  /** A mode was chosen: look, but do not make the browser ask. */
  | { type: 'chosen'; mode: Mode; environment: Environment }
  /** A press of a button that needs the devices: the browser may ask. */
  | { type: 'wanted'; mode: Mode; environment: Environment; now: number }
  | { type: 'queried'; request: number; camera: Grant; microphone: Grant; now: number }
  | { type: 'opened'; request: number }
  | { type: 'refused'; request: number; name: string; message: string; inApp: boolean; now: number }
  | { type: 'waited'; request: number }
  /** The visitor changed the permission in the browser's own settings. */
  | { type: 'permitted'; camera: Grant; microphone: Grant; now: number }
  /** Devices came or went. */
  | { type: 'devicesChanged'; now: number }
  /** The page got the focus back, perhaps from the system's settings. */
  | { type: 'returned'; now: number }

export type PermissionEffect =
  | { type: 'query'; request: number }
  | { type: 'open'; request: number; mode: Mode; relaxed: boolean }
  | { type: 'wait'; request: number; ms: number }
  /** Stop the tracks that the mode does not need. */
  | { type: 'release'; mode: Mode }
