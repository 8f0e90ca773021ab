/* Choice of camera, microphone and speaker; the same in the lobby and in a call. */

import { el, keyed, show } from './dom.js'

/** @import { Device, DevicesView } from '../io/devices-types.d.ts' */
/** @import { Context } from './types.d.ts' */

/** @type {Device[]} */
const DEVICES = ['camera', 'microphone', 'speaker']

export class Pickers {
  #context
  /** @type {Record<Device, { field: HTMLElement, select: HTMLSelectElement }>} */
  #pickers
  #ask

  /** @param {Context} context */
  constructor(context) {
    this.#context = context
    const { t, devices } = context
    this.#pickers = {
      camera: this.#picker('camera'),
      microphone: this.#picker('microphone'),
      speaker: this.#picker('speaker'),
    }
    this.#ask = el(
      'button',
      { class: 'button', type: 'button', onclick: () => devices.askSpeaker() },
      t('device.askSpeaker'),
    )
    const fields = DEVICES.map((device) => this.#pickers[device].field)
    this.element = el('div', { class: 'pickers' }, ...fields, this.#ask)
  }

  /** @param {DevicesView} view @param {boolean} picture is a camera in use
   * @returns {boolean} whether there is anything to choose */
  render(view, picture) {
    for (const device of DEVICES) this.#fill(device, view)
    show(this.#pickers.camera.field, picture && view.choices.camera.length > 0)
    show(this.#pickers.microphone.field, view.choices.microphone.length > 0)
    show(this.#pickers.speaker.field, view.choices.speaker.length > 0)
    show(this.#ask, view.canAskSpeaker && view.choices.microphone.length > 0)
    return [...this.element.children].some((child) => child instanceof HTMLElement && !child.hidden)
  }

  /** @param {Device} device */
  #picker(device) {
    const { t, devices } = this.#context
    const select = el('select', { onchange: () => devices.pick(device, select.value) })
    const field = el('label', { class: 'field' }, el('span', {}, t(`device.${device}`)), select)
    return { field, select }
  }

  /** @param {Device} device @param {DevicesView} view */
  #fill(device, view) {
    const { t } = this.#context
    const { select } = this.#pickers[device]
    const choices = view.choices[device].map((choice, index) => ({
      id: choice.id,
      label: choice.label || t('device.unnamed', { name: t(`device.${device}`), count: index + 1 }),
    }))
    const chosen = view.chosen[device]
    if (!choices.some((choice) => choice.id === chosen)) {
      choices.unshift({ id: chosen, label: t('device.default') })
    }
    keyed(
      select,
      choices,
      (choice) => `${choice.id} ${choice.label}`,
      (choice) => el('option', { value: choice.id }, choice.label),
    )
    select.value = chosen
  }
}
