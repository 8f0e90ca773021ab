/** The composition root: builds the parts, feeds the session what happens and performs what it wants. */

import { createTranslator } from './core/i18n.js'
import { arrive, handle, wakeAt } from './core/session.js'
import { createClock } from './io/clock.js'
import { createDevices } from './io/devices.js'
import { createBack } from './io/history.js'
import { createSocket } from './io/socket.js'
import { createUi } from './ui/app.js'

/** @import { Effect, Occurrence } from './core/session-types.d.ts' */
/** @import { Partner } from './io/partner.js' */

const LOCALE = 'en'

const response = await fetch(`locales/${LOCALE}.json`)
const t = createTranslator(await response.json(), LOCALE)
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

const socket = createSocket('/ws', {
  onOpen: () => dispatch({ type: 'socketOpened' }),
  onMessage: (message) => dispatch({ type: 'message', message }),
  onClose: (code) => dispatch({ type: 'socketClosed', code }),
})

/** The first screen works without what connects; it is fetched beside it. */
const partnerArrives = import('./io/partner.js').then(
  (module) =>
    new module.Partner({
      emit: dispatch,
      send: socket.send,
      track: (kind) => local?.getTracks().find((track) => track.kind === kind) ?? null,
      onStream: (stream) => ui.setRemoteStream(stream),
    }),
)

/** @param {(partner: Partner) => void} use in the order of the calls */
function withPartner(use) {
  partnerArrives.then(use)
}

const back = createBack(() => dispatch({ type: 'stop' }))

/** @type {{ [Type in Effect['type']]: (effect: Extract<Effect, { type: Type }>) => void }} */
const PERFORMERS = {
  openSocket: () => socket.open(),
  closeSocket: () => socket.close(),
  send: ({ message }) => socket.send(message),
  prepare: ({ mode }) => withPartner((partner) => partner.prepare(mode)),
  renew: () => withPartner((partner) => partner.renew()),
  introduce: (effect) => withPartner((partner) => partner.introduce(effect)),
  signal: ({ signal }) => withPartner((partner) => partner.signal(signal)),
  closePeer: () => withPartner((partner) => partner.close()),
  sendChannel: ({ message }) => withPartner((partner) => partner.sendChannel(message)),
  setDevice: ({ device, on }) =>
    device === 'camera' ? devices.setCamera(on) : devices.setMicrophone(on),
}

let [visit, arrivalEffects] = arrive(clock.now())

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
  ui.render(visit.state)
  back.show(visit.state.phase !== 'lobby')
}

/** @param {Effect} effect */
function perform(effect) {
  const performer = /** @type {(effect: Effect) => void} */ (PERFORMERS[effect.type])
  performer(effect)
}

ui.render(visit.state)
settle(visit, arrivalEffects)
addEventListener('online', () => dispatch({ type: 'networkChanged' }))
addEventListener('pagehide', () => dispatch({ type: 'stop' }))
