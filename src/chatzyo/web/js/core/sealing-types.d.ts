/* What sealing is made of; see io/sealing.js and the Python half in chatzyo.sealing. */

export type Bytes = Uint8Array<ArrayBuffer>

export type Role = 'a' | 'b'

/** From `a` to `b` or back. */
export type Direction = 'ab' | 'ba'

/** What a conversation is bound to, and what its people share beforehand. */
export interface Room {
  /** 16 bytes the server knows: the match id, or what a link's secret leads to. */
  name: Bytes
  /** The key that comes with a private link; null between strangers. */
  psk: Bytes | null
}

/** Bad input of the partner or the server: final, shown to the visitor, never tried again. */
export type SealingFailure = 'link-mismatch' | 'sealed-broken'

export interface Failed {
  failure: SealingFailure
}

/** One sealed message, as `signal` carries it. */
export interface Sealed {
  seq: number
  blob: string
}

/** `duplicate`: it was opened before and is sent again; nothing is to be done. */
export type Opened = { payload: Record<string, unknown> } | { duplicate: true } | Failed

/** What the spoken code vouches for, as this side sees it. */
export interface Binding {
  /** SHA-256 of the certificate of role `a`. */
  fpA: Bytes
  fpB: Bytes
  /** `Session.transcript` of the handshake. */
  transcript: Bytes
}
