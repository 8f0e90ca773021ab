/* Computes the committed vectors with the client's own modules, inside a page or Node, and says which
   came out differently. Private keys are imported here only; the client never does that. */

globalThis.checkVectors = async ({ vectors, scripts }) => {
  const load = (name) => import(`${scripts}/${name}.js`)
  const { encodeBase64url: encode, decodeBase64url: decode } = await load('core/base64url')
  const { pad, decodePayload } = await load('core/record')
  const { codeNumbers } = await load('core/sas')
  const { agree, generateKeyPair, sha256 } = await load('io/webcrypto')
  const { importCipher } = await load('io/records')
  const { Handshake, helloA, helloB, sessionKeys, transcriptHash } = await load('io/sealing')
  const { roomOfLink } = await load('io/private-link')
  const { commitTo, deriveSas } = await load('io/spoken-code')

  const result = { checked: 0, wrong: [] }
  const check = (name, isRight) => {
    result.checked += 1
    if (!isRight) result.wrong.push(name)
  }
  const utf8 = (text) => new TextEncoder().encode(text)
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

  const importPrivateKey = (scalar, point) => {
    const [x, y] = [point.slice(1, 33), point.slice(33)].map(encode)
    const jwk = { kty: 'EC', crv: 'P-256', d: encode(scalar), x, y }
    const curve = { name: 'ECDH', namedCurve: 'P-256' }
    return crypto.subtle.importKey('jwk', jwk, curve, false, ['deriveBits'])
  }

  const readSide = async (given, side) => {
    const [scalar, point, nonce] = [`${side}_private`, `e${side}`, `n${side}`].map((field) =>
      decode(given[field]),
    )
    return { privateKey: await importPrivateKey(scalar, point), point, nonce }
  }

  const deriveCode = async (given, transcript) => {
    const [certA, certB, ra, rb] = ['cert_a', 'cert_b', 'ra', 'rb'].map((field) =>
      decode(given[field]),
    )
    const [fpA, fpB] = [await sha256(certA), await sha256(certB)]
    const binding = { fpA, fpB, transcript }
    const commitment = await commitTo(binding, ra)
    const sas = await deriveSas(binding, ra, rb, commitment)
    return {
      ...{ fp_a: encode(fpA), fp_b: encode(fpB), commit: encode(commitment) },
      ...{ sas: hex(sas), emoji: codeNumbers(sas).join(' ') },
    }
  }

  const deriveAll = async (given, a, b) => {
    const isLink = given.mode === 'link'
    const room = isLink
      ? await roomOfLink(decode(given.S))
      : { name: decode(given.room), psk: null }
    const psk = room.psk ?? new Uint8Array(32)
    const shared = await agree(a.privateKey, b.point)
    const th = await transcriptHash(room.name, a, b)
    const keys = await sessionKeys(shared, psk, th)
    const hellos = { hello_a: await helloA(psk, room.name, a) }
    hellos.hello_b = await helloB(psk, room.name, a, b)
    const { ab: kab, ba: kba, x: kx } = keys
    const values = { room: room.name, psk, shared, th, kab, kba, kx, ...(isLink && hellos) }
    const texts = Object.entries(values).map(([field, bytes]) => [field, encode(bytes)])
    return { room, texts: { ...Object.fromEntries(texts), ...(await deriveCode(given, th)) } }
  }

  /** Both points follow from the agreement: with another one, the two sides would not share. */
  const checkSessions = async (given, a, b, room) => {
    const [ours, theirs] = [new Handshake(a, a.nonce), new Handshake(b, b.nonce)]
    const hello = (await ours.hello(room)) ?? undefined
    const atB = await theirs.accept({ role: 'b', room, key: ours.key, hello })
    const atA = await ours.accept({ role: 'a', room, key: theirs.key })
    check(`${given.name} ea`, encode(atA.transcript) === given.th)
    check(`${given.name} eb`, encode(atB.transcript) === given.th)
    check(`${given.name} hello`, atB.hello === (given.hello_b ?? null))
    if (atB.hello) check(`${given.name} greeting`, (await atA.handleHello(atB.hello)) === null)
    const { seq, blob } = await atB.seal({ k: 'bye' })
    check(`${given.name} session`, (await atA.open(seq, blob)).payload?.k === 'bye')
  }

  const cipherOf = (given, dir) => importCipher(decode(given[`k${dir}`]), decode(given.room), dir)

  const checkSeal = async (given, seal) => {
    const cipher = await cipherOf(given, seal.dir)
    const plain = seal.padded ? pad(utf8(seal.text)) : utf8(seal.text)
    const name = `${given.name} ${seal.dir} ${seal.seq}`
    check(`${name} sealed`, encode(await cipher.seal(Number(seal.seq), plain)) === seal.c)
    const opened = await cipher.open(Number(seal.seq), decode(seal.c))
    check(`${name} opened`, opened !== null && encode(opened) === encode(plain))
  }

  for (const given of vectors.cases) {
    const [a, b] = [await readSide(given, 'a'), await readSide(given, 'b')]
    const { room, texts } = await deriveAll(given, a, b)
    for (const [field, text] of Object.entries(texts)) {
      check(`${given.name} ${field}`, text === given[field])
    }
    await checkSessions(given, a, b, room)
    for (const seal of given.seals) await checkSeal(given, seal)
  }
  for (const { why, case: name, dir, seq, c } of vectors.reject_seals) {
    const cipher = await cipherOf(
      vectors.cases.find((given) => given.name === name),
      dir,
    )
    check(why, (await cipher.open(Number(seq), decode(c))) === null)
  }
  const { privateKey } = await generateKeyPair()
  for (const { why, e } of vectors.reject_points) {
    check(why, (await agree(privateKey, decode(e))) === null)
  }
  for (const { why, text } of vectors.reject_payloads) {
    check(why, decodePayload(pad(utf8(text))) === null)
  }
  return result
}
