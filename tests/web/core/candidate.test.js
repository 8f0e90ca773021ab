import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addressScope,
  candidateLine,
  isAdmissible,
  isCandidate,
  isNearbyHost,
  parseCandidate,
} from '../../../src/chatzyo/web/js/core/candidate.js'

/** @import { Candidate } from '../../../src/chatzyo/web/js/core/card-types.d.ts' */

/** @type {Candidate} */
const HOST = {
  foundation: '1',
  priority: 2122194687,
  address: '203.0.113.5',
  port: 54966,
  type: 'host',
}

/** @param {string} address @returns {Candidate} */
const at = (address) => ({ ...HOST, address })

test('what Chromium says about a candidate is read without its extras', () => {
  const line = 'candidate:1 1 udp 2122194687 203.0.113.5 54966 typ host generation 0 network-id 1'
  assert.deepEqual(parseCandidate(line), HOST)
})

test('what Firefox says about a candidate is read', () => {
  const line =
    'a=candidate:2 1 UDP 1685987327 203.0.113.5 40000 typ srflx raddr 192.168.1.7 rport 40000'
  assert.deepEqual(parseCandidate(line), {
    ...HOST,
    foundation: '2',
    priority: 1685987327,
    port: 40000,
    type: 'srflx',
  })
})

test('what cannot be used is not read', () => {
  for (const line of [
    '',
    'candidate:1 1 tcp 1518214911 203.0.113.5 9 typ host tcptype active',
    'candidate:1 2 udp 2122194686 203.0.113.5 54967 typ host',
    'candidate:1 1 udp 2122194687 203.0.113.5 54966 typ prflx',
    'candidate:1 1 udp 2122194687 203.0.113.5 54966 typ hostile',
    'candidate:1 1 udp 2122194687 example.org 54966 typ host',
    'candidate:1 1 udp 2122194687 203.0.113.5 0 typ host',
    'candidate:1 1 udp 9999999999 203.0.113.5 54966 typ host',
  ]) {
    assert.equal(parseCandidate(line), null, line)
  }
})

test('a line written is read back', () => {
  for (const type of /** @type {const} */ (['host', 'srflx', 'relay'])) {
    assert.deepEqual(parseCandidate(candidateLine({ ...HOST, type })), { ...HOST, type })
  }
})

test('a written line does not tell the private address behind a public one', () => {
  const line = 'candidate:1 1 udp 1 203.0.113.5 4 typ srflx raddr 192.168.1.7 rport 4'
  const candidate = parseCandidate(line)
  assert.ok(candidate)
  assert.equal(
    candidateLine(candidate),
    'candidate:1 1 udp 1 203.0.113.5 4 typ srflx raddr 0.0.0.0 rport 9',
  )
})

test('a candidate from outside has exactly the known fields with sound values', () => {
  assert.ok(isCandidate(HOST))
  for (const change of [
    { foundation: '' },
    { foundation: '1\r\na=x' },
    { priority: -1 },
    { priority: 2 ** 31 },
    { address: 'example.org' },
    { address: '203.0.113.5\r\n' },
    { address: 5 },
    { port: 65536 },
    { type: 'prflx' },
    { relay: true },
  ]) {
    assert.equal(isCandidate({ ...HOST, ...change }), false, JSON.stringify(change))
  }
})

test('addresses are told apart by where they lead', () => {
  /** @type {Record<string, string[]>} */
  const addresses = {
    public: ['203.0.113.5', '172.32.0.1', '2606:4700::1', '1:2:3:4:5:6:7:8', '2001:4860::8888'],
    private: [
      '10.0.0.1',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '100.64.0.1',
      '198.19.0.1',
    ],
    loopback: ['127.0.0.1', '127.255.255.255', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'],
    refused: [
      '0.0.0.0',
      '169.254.1.1',
      '224.0.0.1',
      '240.0.0.1',
      '255.255.255.255',
      '::',
      '::5',
      'fe80::1',
    ],
  }
  addresses['private']?.push(
    'fc00::1',
    'fdff::1',
    'fec0::1',
    '::ffff:10.0.0.1',
    '64:ff9b::192.168.0.1',
  )
  addresses['private']?.push('0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9.local')
  addresses['refused']?.push(
    'ff02::1',
    'febf::1',
    '::ffff:169.254.0.1',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001::1',
  )
  for (const [scope, list] of Object.entries(addresses)) {
    for (const address of list) assert.equal(addressScope(address), scope, address)
  }
})

test('what is not an address leads nowhere', () => {
  for (const text of [
    '',
    'example.org',
    'a.b.local',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '1::2:3:4:5:6:7:8',
    '12345::',
    'g::',
    '::g',
    ':1',
    '1.2.3.4::',
    'fe80::1%eth0',
  ]) {
    assert.equal(addressScope(text), null, text)
  }
})

test('a stranger from the internet is offered and believed public addresses only', () => {
  assert.ok(isAdmissible(at('203.0.113.5'), false))
  for (const address of ['192.168.1.1', 'x.local', '127.0.0.1', '169.254.1.1']) {
    assert.equal(isAdmissible(at(address), false), false, address)
  }
})

test('visitors of a page on their own network use private addresses, but never loopback', () => {
  assert.ok(isAdmissible(at('203.0.113.5'), true))
  assert.ok(isAdmissible(at('192.168.1.1'), true))
  assert.ok(isAdmissible(at('x.local'), true))
  for (const address of ['127.0.0.1', '::1', '169.254.1.1']) {
    assert.equal(isAdmissible(at(address), true), false, address)
  }
})

test('a page is near when its host can only be reached from near', () => {
  for (const host of ['localhost', '127.0.0.1', '[::1]', '192.168.1.5', '[fd00::1]', 'box.local']) {
    assert.equal(isNearbyHost(host), true, host)
  }
  for (const host of [
    'chat.example',
    '203.0.113.5',
    '[2606:4700::1]',
    'localhost.example',
    '169.254.1.1',
  ]) {
    assert.equal(isNearbyHost(host), false, host)
  }
})
