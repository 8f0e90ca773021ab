/**
 * The code two people read to each other, by commit and reveal. `a` binds itself to a random number
 * before it sees that of `b`, so nobody in the middle can choose numbers until both codes agree. It runs
 * once per connection, by itself, and any step out of order ends the call. Hashing is done outside.
 */

import { decodeBase64url, encodeBase64url } from './base64url.js'
import { isSame } from './bytes.js'
import { flag, object, oneOf, text } from './shape.js'

/** @import { Bytes, Role } from './sealing-types.d.ts' */
/** @import { Sas, SasEvent, SasFailure, SasStep } from './sas-types.d.ts' */

/** Of a random number, and of a commitment to one. */
export const SAS_NONCE_BYTES = 32

/** Until the code is there: some round trips of a bad mobile link. */
export const SAS_LIMIT_MS = 9_000

/** Numbers of six bits. 42 bits, because each silently aborted call is one guess. */
const CODE_LENGTH = 7

/**
 * Begins as soon as the certificates are checked.
 * @param {{ role: Role, nonce: Bytes, now: number }} side `nonce`: 32 fresh random bytes
 * @returns {SasStep}
 */
export function beginSas({ role, nonce, now }) {
  /** @type {Sas} */
  const sas = {
    role,
    stage: role === 'a' ? 'binding' : 'commitment',
    nonce,
    commitment: new Uint8Array(),
    code: null,
    ours: false,
    theirs: false,
    deadline: now + SAS_LIMIT_MS,
    failure: null,
  }
  return [sas, role === 'a' ? [{ type: 'commit', nonce }] : []]
}

/** @param {Sas} sas @param {SasEvent} event @returns {SasStep} */
export function handleSas(sas, event) {
  if (sas.stage === 'failed') return [sas, []]
  switch (event.type) {
    case 'committed':
      return commit(sas, event.commitment)
    case 'heard':
      return hear(sas, event.message)
    case 'derived':
      return derived(sas, event.commitment, event.code)
    case 'judged':
      return judge(sas, event.ok)
    case 'tick':
      return sas.deadline !== null && event.now >= sas.deadline
        ? fail(sas, 'code-broken')
        : [sas, []]
  }
}

/** @param {Uint8Array} bytes six of them @returns {number[]} seven numbers from 0 to 63 */
export function codeNumbers(bytes) {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return Array.from({ length: CODE_LENGTH }, (_, i) =>
    Number.parseInt(bits.slice(6 * i, 6 * i + 6), 2),
  )
}

/** `a` binds itself. @param {Sas} sas @param {Bytes} commitment @returns {SasStep} */
function commit(sas, commitment) {
  const c = encodeBase64url(commitment)
  return [{ ...sas, stage: 'answer', commitment }, [{ type: 'say', message: { k: 'sas1', c } }]]
}

/** @param {Sas} sas @param {unknown} message @returns {SasStep} */
function hear(sas, message) {
  switch (sas.stage) {
    case 'commitment':
      return answer(sas, readNumber(message, 'sas1', 'c'))
    case 'answer':
      return reveal(sas, readNumber(message, 'sas2', 'r'))
    case 'reveal':
      return derive(sas, readNumber(message, 'sas3', 'r'), sas.nonce)
    case 'deriving':
    case 'comparison':
      return hearVerdict(sas, message)
    default:
      return fail(sas, 'code-broken')
  }
}

/** `b` shows its number to an `a` that is bound. @param {Sas} sas @param {Bytes | null} commitment @returns {SasStep} */
function answer(sas, commitment) {
  if (!commitment) return fail(sas, 'code-broken')
  const r = encodeBase64url(sas.nonce)
  return [{ ...sas, stage: 'reveal', commitment }, [{ type: 'say', message: { k: 'sas2', r } }]]
}

/** `a` shows what it was bound to. @param {Sas} sas @param {Bytes | null} nonceB @returns {SasStep} */
function reveal(sas, nonceB) {
  if (!nonceB) return fail(sas, 'code-broken')
  const r = encodeBase64url(sas.nonce)
  const [deriving, effects] = derive(sas, sas.nonce, nonceB)
  return [deriving, [{ type: 'say', message: { k: 'sas3', r } }, ...effects]]
}

/** @param {Sas} sas @param {Bytes | null} nonceA @param {Bytes} nonceB @returns {SasStep} */
function derive(sas, nonceA, nonceB) {
  if (!nonceA) return fail(sas, 'code-broken')
  const { commitment } = sas
  return [{ ...sas, stage: 'deriving' }, [{ type: 'derive', nonceA, nonceB, commitment }]]
}

/** Shows the code, if `a` was bound to the number it has shown. @param {Sas} sas @param {Bytes} commitment @param {number[]} code @returns {SasStep} */
function derived(sas, commitment, code) {
  if (!isSame(commitment, sas.commitment)) return fail(sas, 'code-broken')
  return [{ ...sas, stage: 'comparison', code, deadline: null }, []]
}

/** @param {Sas} sas @param {unknown} message @returns {SasStep} */
function hearVerdict(sas, message) {
  if (sas.theirs || !isVerdict(message)) return fail(sas, 'code-broken')
  return conclude({ ...sas, theirs: true }, message.ok)
}

/** Only the first press counts, and only beside a code. @param {Sas} sas @param {boolean} ok @returns {SasStep} */
function judge(sas, ok) {
  if (sas.ours || sas.stage !== 'comparison') return [sas, []]
  const [judged, effects] = conclude({ ...sas, ours: true }, ok)
  return [judged, [{ type: 'say', message: { k: 'sas4', ok } }, ...effects]]
}

/** @param {Sas} sas @param {boolean} ok @returns {SasStep} */
function conclude(sas, ok) {
  if (!ok) return fail(sas, 'code-different')
  return [sas.ours && sas.theirs ? { ...sas, stage: 'verified' } : sas, []]
}

/** @param {Sas} sas @param {SasFailure} failure @returns {SasStep} */
const fail = (sas, failure) => [
  { ...sas, stage: 'failed', deadline: null, failure },
  [{ type: 'end', failure }],
]

/** @param {unknown} message @param {string} kind @param {'c' | 'r'} field @returns {Bytes | null} */
function readNumber(message, kind, field) {
  const isRight = object({ k: oneOf([kind]), [field]: text(/^[A-Za-z0-9_-]{43}$/) })
  return isRight(message) ? decodeBase64url(/** @type {any} */ (message)[field]) : null
}

const isVerdictShape = object({ k: oneOf(['sas4']), ok: flag() })

/** @param {unknown} message @returns {message is { ok: boolean }} */
const isVerdict = (message) => isVerdictShape(message)
