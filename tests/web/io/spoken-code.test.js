import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beginSas, handleSas } from '../../../src/chatzyo/web/js/core/sas.js'
import { computeSas, createSasNonce } from '../../../src/chatzyo/web/js/io/spoken-code.js'

/** @import { SasEffect } from '../../../src/chatzyo/web/js/core/sas-types.d.ts' */
/** @import { Binding } from '../../../src/chatzyo/web/js/core/sealing-types.d.ts' */

/** @param {number} byte */
const filled = (byte) => new Uint8Array(32).fill(byte)

const BINDING = { fpA: filled(1), fpB: filled(2), transcript: filled(3) }

/** Both sides run until nobody has anything to say. @param {Binding} ofA @param {Binding} ofB */
async function exchange(ofA, ofB) {
  const roles = /** @type {const} */ (['a', 'b'])
  const starts = roles.map((role) => beginSas({ role, nonce: createSasNonce(), now: 0 }))
  const sides = starts.map(([sas], i) => ({ sas, binding: i ? ofB : ofA }))
  /** @param {number} i @param {SasEffect[]} effects @returns {Promise<void>} */
  const perform = async (i, effects) => {
    for (const effect of effects) {
      if (effect.type === 'say') await handle(1 - i, { type: 'heard', message: effect.message })
      else if (effect.type !== 'end') {
        await handle(i, await computeSas(sides[i]?.binding ?? assert.fail(), effect))
      }
    }
  }
  /** @param {number} i @param {any} event */
  const handle = async (i, event) => {
    const side = sides[i] ?? assert.fail()
    const [sas, effects] = handleSas(side.sas, event)
    side.sas = sas
    await perform(i, effects)
  }
  for (const [i, [, effects]] of starts.entries()) await perform(i, effects)
  return sides.map(({ sas }) => sas)
}

test('two people with nobody between them see the same code', async () => {
  const [a, b] = await exchange(BINDING, BINDING)
  assert.deepEqual([a?.stage, b?.stage], ['comparison', 'comparison'])
  assert.equal(a?.code?.length, 7)
  assert.deepEqual(a?.code, b?.code)
})

test('another certificate or transcript ends the call before a code is shown', async () => {
  for (const field of Object.keys(BINDING)) {
    const [, b] = await exchange(BINDING, { ...BINDING, [field]: filled(9) })
    assert.deepEqual([b?.stage, b?.failure, b?.code], ['failed', 'code-broken', null])
  }
})
