/** The composition root: builds the parts, feeds the session what happens and performs what it wants. */

import { createTranslator } from './core/i18n.js'
import { formatLink, parseFragment } from './core/private-link.js'
import { arrive, handle, wakeAt } from './core/session.js'
import { createClock } from './io/clock.js'
import { createDevices } from './io/devices.js'
import { Drawing } from './io/drawing.js'
import { createBack } from './io/history.js'
import { Inbox, Outbox } from './io/order.js'
import { createSocket } from './io/socket.js'
import { forget, recall, remember } from './io/tab-memory.js'
import { createUi } from './ui/app.js'
import { fetchInvitation } from './ui/invitation-place.js'

/** @import { Effect, Occurrence } from './core/session-types.d.ts' */
/** @import { State } from './core/types.d.ts' */
/** @import { Partner } from './io/partner.js' */

const LOCALE = 'en'

const address = readAddress()
const [texts, { server }] = await Promise.all([
  fetchJson(`locales/${LOCALE}.json`),
  fetchJson('config.json'),
  'link' in address && fetchInvitation(),
])
const t = createTranslator(texts, LOCALE)
const clock = createClock(() => dispatch({ type: 'tick' }))

/** @type {MediaStream | null} */
let local = null

const devices = createDevices({
  window,
  clock,
  onStream: (stream) => {
    local = stream
    ui.setLocalStream(stream)
    if (stream) opened(stream)
  },
  onTrackReplaced: (kind, track) => withPartner((partner) => partner.replaceTrack(kind, track)),
  onLost: (source) =>
    dispatch({ type: source === 'camera' ? 'setCamera' : 'setMicrophone', on: false }),
})

/** @param {MediaStream} stream */
function opened(stream) {
  const hasCamera = stream.getVideoTracks().length > 0
  dispatch({ type: 'prepare', mode: hasCamera ? 'video' : 'voice' })
  // Opening the camera turns it on, whatever it was in an earlier conversation.
  if (hasCamera) dispatch({ type: 'setCamera', on: true })
}

const ui = createUi({ dispatch, devices, t, clock })

const drawing = new Drawing(() => ui.render(visit.state))

/** @type {Inbox<Occurrence>} */
const inbox = new Inbox(dispatch)

const socket = createSocket(`${server}/ws`, {
  onOpen: () => inbox.put({ type: 'socketOpened' }),
  onMessage: (message) => inbox.put({ type: 'message', message }),
  onClose: (code) => inbox.put({ type: 'socketClosed', code }),
})

const outbox = new Outbox(socket.send)

/** The first screen works without what connects. @type {Promise<Partner> | null} */
let partnerArrives = null

async function fetchPartner() {
  const { Partner } = await import('./io/partner.js').catch((error) => {
    partnerArrives = null
    throw error
  })
  return new Partner({
    emit: dispatch,
    send: (message) => outbox.post(message),
    track: (kind) => local?.getTracks().find((track) => track.kind === kind) ?? null,
    onStream: (stream) => ui.setRemoteStream(stream),
  })
}

/**
 * @template T
 * @param {(partner: Partner) => T | Promise<T>} use in the order of the calls
 * @returns {Promise<T | null>} null when it cannot be: no network to fetch it, or no keys on this page
 */
async function withPartner(use) {
  try {
    partnerArrives ??= fetchPartner()
    return await partnerArrives.then(use)
  } catch {
    dispatch({ type: 'keysUnavailable' })
    return null
  }
}

async function createLink() {
  const link = await withPartner((partner) => partner.createLink())
  if (link) dispatch({ type: 'linkCreated', link })
}

/** What was meant for the connection before is dropped. */
function openSocket() {
  outbox.clear()
  socket.open()
}

const back = createBack(() => dispatch({ type: 'stop' }))

/** @type {{ [Type in Effect['type']]: (effect: Extract<Effect, { type: Type }>) => void }} */
const PERFORMERS = {
  openSocket,
  closeSocket: () => socket.close(),
  send: ({ message }) => outbox.post(message),
  find: ({ wish }) => outbox.reserve(withPartner((partner) => partner.find(wish))),
  join: ({ link }) => {
    const { seat } = remember(link)
    outbox.reserve(withPartner((partner) => partner.join(link, seat)))
  },
  forgetKey: () => withPartner((partner) => partner.forgetKey()),
  createLink,
  prepare: ({ mode }) => withPartner((partner) => partner.prepare(mode)),
  renew: () => withPartner((partner) => partner.renew()),
  introduce: (effect) => inbox.hold(withPartner((partner) => partner.introduce(effect))),
  confirm: ({ confirm }) => inbox.hold(withPartner((partner) => partner.confirm(confirm))),
  signal: ({ signal }) => inbox.hold(withPartner((partner) => partner.signal(signal))),
  closePeer: () => withPartner((partner) => partner.close()),
  sendChannel: ({ message }) => withPartner((partner) => partner.sendChannel(message)),
  judgeCode: ({ ok }) => inbox.hold(withPartner((partner) => partner.judgeCode(ok))),
  setDevice: ({ device, on }) =>
    device === 'camera' ? devices.setCamera(on) : devices.setMicrophone(on),
}

let [visit, arrivalEffects] = arrive(clock.now(), address)

/** @type {Occurrence[]} */
const pending = []
let isDraining = false

/** One change at a time: what an effect sets off waits until all effects are done. @param {Occurrence} occurrence */
function dispatch(occurrence) {
  pending.push(occurrence)
  if (isDraining) return
  isDraining = true
  try {
    for (let next = pending.shift(); next; next = pending.shift()) {
      const [after, effects] = handle(visit, { ...next, now: clock.now(), random: clock.random() })
      settle(after, effects)
    }
  } finally {
    // A bug in one effect is reported, but must not stop the visit.
    isDraining = false
  }
}

/** @param {typeof visit} after @param {Effect[]} effects */
function settle(after, effects) {
  const before = visit
  visit = after
  for (const effect of effects) perform(effect)
  clock.wake(wakeAt(visit))
  if (before.state === visit.state) return
  show(before.state.phase, visit.state.phase)
  back.show(visit.state.phase !== 'lobby')
  if (before.state.room?.link !== visit.state.room?.link) keep(visit.state.room)
}

/** Who was left is out of sight at once. @param {State['phase']} before @param {State['phase']} after */
function show(before, after) {
  const isOnTheWay = after === 'searching' || after === 'connecting'
  if (isOnTheWay && before !== 'talking') drawing.soon()
  else drawing.now()
}

/** A reload leads back to the room, leaving it leads out. @param {State['room']} room */
function keep(room) {
  if (room) remember(room.link)
  else forget()
}

/** @param {Effect} effect */
function perform(effect) {
  const performer = /** @type {(effect: Effect) => void} */ (PERFORMERS[effect.type])
  performer(effect)
}

drawing.now()
settle(visit, arrivalEffects)
addEventListener('online', () => dispatch({ type: 'networkChanged' }))
addEventListener('pagehide', () => dispatch({ type: 'pageHidden' }))

/**
 * Takes a link's secret out of the address bar before anything is requested; a page that is loaded again
 * knows it from before.
 * @returns {{ link: string } | { failure: State['linkFailure'] }}
 */
function readAddress() {
  const { hash, origin, pathname } = location
  const isInvited = hash !== '' || pathname.endsWith('/p')
  if (!isInvited) return recall() ?? { failure: null }
  history.replaceState(history.state, '', './')
  const parsed = parseFragment(hash)
  if ('failure' in parsed) return parsed
  return remember(formatLink(origin, parsed.secret))
}

/** @param {string} path @returns {Promise<any>} */
async function fetchJson(path) {
  const response = await fetch(path)
  return response.json()
}
