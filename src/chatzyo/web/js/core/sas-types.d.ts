/* The exchange that leads to the spoken code; the machine is sas.js. */

import type { Bytes, Role } from './sealing-types.d.ts'

/** What travels over the DataChannel; `c` and `r` are 32 bytes in base64url. */
export type SasMessage =
  | { k: 'sas1'; c: string }
  | { k: 'sas2'; r: string }
  | { k: 'sas3'; r: string }
  | { k: 'sas4'; ok: boolean }

/** code-broken: the rules that make it safe were broken. code-different: a person said no. */
export type SasFailure = 'code-broken' | 'code-different'

export type SasStage =
  | 'binding' // `a`: its commitment is being computed
  | 'commitment' // `b` waits for the commitment of `a` and has said nothing yet
  | 'answer' // `a` is bound and waits for the number of `b`
  | 'reveal' // `b` waits to see what `a` was bound to
  | 'deriving' // both numbers are known, the code is being computed
  | 'comparison' // the code is shown; each person may say once whether it matches
  | 'verified' // both said yes: the badge
  | 'failed'

export interface Sas {
  role: Role
  stage: SasStage
  /** Our random number. */
  nonce: Bytes
  /** What `a` is bound to; empty while it is not. */
  commitment: Bytes
  /** Seven numbers from 0 to 63; null before the comparison. */
  code: number[] | null
  /** Whether our person, and theirs, said that the codes match. */
  ours: boolean
  theirs: boolean
  /** Until when the reveal must have come, in milliseconds; null once it has. */
  deadline: number | null
  failure: SasFailure | null
}

export type SasEvent =
  /** The commitment to our number. */
  | { type: 'committed'; commitment: Bytes }
  /** A message of the partner whose kind begins with `sas`. */
  | { type: 'heard'; message: unknown }
  /** The commitment that belongs to the number of `a`, and the code. */
  | { type: 'derived'; commitment: Bytes; code: number[] }
  /** Our person pressed "They match" or "They differ". */
  | { type: 'judged'; ok: boolean }
  | { type: 'tick'; now: number }

export type SasEffect =
  /** Answer with `committed`. */
  | { type: 'commit'; nonce: Bytes }
  /** Answer with `derived`; `commitment` is the one `a` sent. */
  | { type: 'derive'; nonceA: Bytes; nonceB: Bytes; commitment: Bytes }
  | { type: 'say'; message: SasMessage }
  /** End the call with these words. */
  | { type: 'end'; failure: SasFailure }

export type SasStep = [Sas, SasEffect[]]
