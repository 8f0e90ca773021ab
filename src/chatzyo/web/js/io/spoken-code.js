/** The hashes of the spoken code; the order of its steps is core/sas.js. */

import { concatenate, label, lengthPrefixed } from '../core/bytes.js'
import { codeNumbers, SAS_NONCE_BYTES } from '../core/sas.js'
import { digest, HASH_BYTES, hkdf } from './webcrypto.js'

/** @import { SasEffect, SasEvent } from '../core/sas-types.d.ts' */
/** @import { Binding, Bytes } from '../core/sealing-types.d.ts' */

const SAS_BYTES = 6

/** @returns {Bytes} */
export const createSasNonce = () => crypto.getRandomValues(new Uint8Array(SAS_NONCE_BYTES))

/** Binds `a` to its number without showing it. @param {Binding} binding @param {Bytes} nonceA */
export const commitTo = ({ fpA, fpB, transcript }, nonceA) =>
  digest(label('sas-commit'), fpA, fpB, transcript, nonceA)

/**
 * The bytes whose first 42 bits are the code.
 * @param {Binding} binding
 * @param {Bytes} nonceA
 * @param {Bytes} nonceB
 * @param {Bytes} commitment
 */
export function deriveSas({ fpA, fpB, transcript }, nonceA, nonceB, commitment) {
  const info = lengthPrefixed(label('sas'), fpA, fpB, transcript, commitment)
  return hkdf(concatenate(nonceA, nonceB), new Uint8Array(HASH_BYTES), info, SAS_BYTES)
}

/**
 * Performs the effects of core/sas.js that hash.
 * @param {Binding} binding
 * @param {Extract<SasEffect, { type: 'commit' | 'derive' }>} effect
 * @returns {Promise<SasEvent>}
 */
export async function computeSas(binding, effect) {
  if (effect.type === 'commit') {
    return { type: 'committed', commitment: await commitTo(binding, effect.nonce) }
  }
  const { nonceA, nonceB, commitment } = effect
  const code = codeNumbers(await deriveSas(binding, nonceA, nonceB, commitment))
  return { type: 'derived', commitment: await commitTo(binding, nonceA), code }
}
