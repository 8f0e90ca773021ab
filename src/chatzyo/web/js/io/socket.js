/** The WebSocket to the service: one at a time, one JSON object per text frame. */

import { CLOSE_TRY_LATER } from '../core/link.js'
import { isObject, parseJson } from '../core/shape.js'

/** @import { ClientMessage, ServerMessage } from '../core/messages.d.ts' */

/**
 * @typedef {object} SocketEvents
 * @property {() => void} onOpen
 * @property {(message: ServerMessage) => void} onMessage
 * @property {(code: number) => void} onClose also when it never opened
 */

/** @typedef {{ open: () => void, close: () => void, send: (message: ClientMessage) => void }} Socket */

/**
 * @param {string} path on the page's own origin
 * @param {SocketEvents} events
 * @returns {Socket}
 */
export function createSocket(path, { onOpen, onMessage, onClose }) {
  /** @type {WebSocket | null} */
  let current = null
  const close = () => {
    const socket = current
    current = null
    socket?.close()
  }
  const open = () => {
    close()
    const url = new URL(path, location.href)
    url.protocol = url.protocol.replace('http', 'ws')
    const socket = new WebSocket(url)
    current = socket
    const isCurrent = () => socket === current
    let hasOpened = false
    socket.onopen = () => {
      hasOpened = true
      if (isCurrent()) onOpen()
    }
    socket.onmessage = ({ data }) => {
      const message = typeof data === 'string' ? parseJson(data) : undefined
      if (isCurrent() && isObject(message)) onMessage(/** @type {any} */ (message))
    }
    socket.onclose = async ({ code }) => {
      const why = hasOpened ? code : await refusalCode(path, code)
      if (!isCurrent()) return
      current = null
      onClose(why)
    }
  }
  const send = /** @param {ClientMessage} message */ (message) => {
    if (current?.readyState === WebSocket.OPEN) current.send(JSON.stringify(message))
  }
  return { open, close, send }
}

/**
 * A refused upgrade looks like a lost connection to a page; a plain request shows the status.
 * @param {string} path
 * @param {number} code
 * @returns {Promise<number>}
 */
async function refusalCode(path, code) {
  try {
    const { status } = await fetch(path, { cache: 'no-store' })
    return status === 503 ? CLOSE_TRY_LATER : code
  } catch {
    return code
  }
}
