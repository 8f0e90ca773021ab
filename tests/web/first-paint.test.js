import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const web = new URL('../../src/chatzyo/web/', import.meta.url)
const page = readFileSync(new URL('index.html', web), 'utf8')
/** @type {Record<string, string>} */
const catalogue = JSON.parse(readFileSync(new URL('locales/en.json', web), 'utf8'))
const scripts = readdirSync(new URL('js/ui/', web))
  .filter((name) => name.endsWith('.js'))
  .map((name) => readFileSync(new URL(`js/ui/${name}`, web), 'utf8'))
  .join('\n')

test('the words of the page before any script are those of the English catalogue', () => {
  const texts = [...page.matchAll(/data-t="([^"]+)"[^>]*>([^<]*)</g)]
  assert.ok(texts.length > 10)
  for (const [, key = '', text] of texts) assert.equal(text, catalogue[key], key)
})

test('the names of the page before any script are those of the English catalogue', () => {
  const labels = [...page.matchAll(/aria-label="([^"]*)" data-t-label="([^"]+)"/g)]
  assert.equal(labels.length, [...page.matchAll(/data-t-label=/g)].length)
  for (const [, label, key = ''] of labels) assert.equal(label, catalogue[key], key)
})

test('every text the scripts ask for by name is in the catalogue', () => {
  const keys = [...scripts.matchAll(/\bt\('([^']+)'/g)].map(([, key = '']) => key)
  assert.ok(keys.length > 30)
  for (const key of keys) assert.ok(catalogue[key] ?? catalogue[`${key}.other`], key)
})

test('the page carries no script, style or handler of its own', () => {
  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/i)
})
