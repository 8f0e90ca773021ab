/* Generated from src/chatzyo/protocol/messages.py. Do not edit. */

export interface Hello { type: 'hello'; v: number }
export interface Find { type: 'find'; mode: 'text' | 'video' | 'voice'; key: string; hub?: string; languages?: string[]; interests?: string[] }
export interface Join { type: 'join'; room: string; seat: string; key: string; mac: string }
export interface Cancel { type: 'cancel' }
export interface Confirm { type: 'confirm'; mid: string; mac: string }
export interface Signal { type: 'signal'; mid: string; seq: number; blob: string }
export interface Leave { type: 'leave'; mid: string }
export interface Welcome { type: 'welcome'; v: number; online: number }
export interface Waiting { type: 'waiting'; waiting: number; estimate: number | null; widened: 'again' | 'interests' | 'languages' | 'nothing' }
export interface Alone { type: 'alone' }
export interface Matched { type: 'matched'; mid: string; role: 'a' | 'b'; mode: 'text' | 'video' | 'voice'; languages: string[]; interests: string[]; key: string; mac?: string | null }
export interface PartnerConfirm { type: 'confirm'; mid: string; mac: string }
export interface PartnerSignal { type: 'signal'; mid: string; seq: number; blob: string }
export interface Ended { type: 'ended'; mid: string; reason: 'left' | 'lost' }
export interface Error { type: 'error'; code: 'already-greeted' | 'already-searching' | 'in-match' | 'invalid-field' | 'no-match' | 'not-searching' | 'room-full' | 'too-many-signals' | 'unknown-type'; field?: string | null }
export interface Restart { type: 'restart'; after_ms: number }
export type ClientMessage = Hello | Find | Join | Cancel | Confirm | Signal | Leave

export type ServerMessage = Welcome | Waiting | Alone | Matched | PartnerConfirm | PartnerSignal | Ended | Error | Restart
