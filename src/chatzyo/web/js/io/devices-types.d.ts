/* What the devices module shows to the page and takes from it. */

import type { PermissionState } from '../core/permission-types.d.ts'
import type { Mode } from '../core/types.d.ts'

export type Kind = 'audio' | 'video'
export type Source = 'camera' | 'microphone'
export type Device = Source | 'speaker'

/** `label` is empty while the browser hides it. */
export interface DeviceChoice {
  id: string
  label: string
}

/** Something happened to a device by itself; shown once per id. */
export interface DeviceNotice {
  id: number
  event: 'switched' | 'lost'
  source: Source
  label: string
}

export interface DevicesView {
  permission: PermissionState
  /** Devices found; empty where the browser does not let the page choose. */
  choices: Record<Device, DeviceChoice[]>
  /** Ids in use; an empty id is the default device. */
  chosen: Record<Device, string>
  /** The camera looks at the visitor, so the own picture is mirrored. */
  front: boolean
  canFlip: boolean
  /** The browser has its own question for the speaker. */
  canAskSpeaker: boolean
  notice: DeviceNotice | null
}

/** What the page uses. */
export interface Devices {
  view(): DevicesView
  /** Called after every change of the view. */
  subscribe(listener: () => void): void
  /** A mode was chosen: opens its devices only if that needs no question. */
  choose(mode: Mode): void
  /** Call from a press. True once the mode's devices are open (text needs none). */
  open(mode: Mode): Promise<boolean>
  pick(device: Device, id: string): Promise<void>
  askSpeaker(): Promise<void>
  flip(): Promise<void>
  /** Sound of this element comes out of the chosen speaker from now on. */
  playThrough(element: HTMLMediaElement): void
}

export interface Clock {
  now(): number
}

export interface DevicesOptions {
  window: Window & typeof globalThis
  clock: Clock
  /** A new set of tracks, or null when all were stopped. The same stream lives across partners. */
  onStream(stream: MediaStream | null): void
  /** One track of the stream changed: the connection does replaceTrack. */
  onTrackReplaced(kind: Kind, track: MediaStreamTrack | null): void
  /** A device is gone and nothing replaces it: tell the partner that it is off. */
  onLost(source: Source): void
}
