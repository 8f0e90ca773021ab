import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const vectors = JSON.parse(
  readFileSync(new URL('../../vectors/sealed-signaling.json', import.meta.url), 'utf8'),
)
const script = new URL('../../browser/vectors.js', import.meta.url).href
const scripts = new URL('../../../src/chatzyo/web/js', import.meta.url).href

test('every vector comes out alike', async () => {
  await import(script)
  const { checked, wrong } = await /** @type {any} */ (globalThis).checkVectors({
    vectors,
    scripts,
  })
  assert.deepEqual(wrong, [])
  assert.ok(checked >= 200)
})
