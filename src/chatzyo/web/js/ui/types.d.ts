/* What every part of the page is given. */

import type { Translate } from '../core/i18n.js'
import type { Mode, State, UserAction } from '../core/types.d.ts'
import type { Clock, Devices } from '../io/devices-types.d.ts'

export interface UiOptions {
  dispatch(action: UserAction): void
  devices: Devices
  t: Translate
  clock: Clock
}

export interface Context extends UiOptions {
  /** Tells screen readers. */
  say(text: string): void
  /** The mode that is chosen in the lobby. */
  mode(): Mode
}

export interface Ui {
  render(state: State): void
  setRemoteStream(stream: MediaStream | null): void
  setLocalStream(stream: MediaStream | null): void
}

/** One of the two screens; only one is in the document at a time. */
export interface Screen {
  readonly element: HTMLElement
  render(state: State): void
  /** The element that takes the focus when the one that had it is gone. */
  landing(): HTMLElement
  entered(): void
  left(): void
}
