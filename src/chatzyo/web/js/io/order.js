/** Messages leave and are read in their order, however long it takes to make or open one of them. */

/**
 * What leaves for the service. A message with a key takes a moment to make; what follows it waits.
 * @template Message
 */
export class Outbox {
  #send
  /** Undefined while a message is being made, null when there will be none. @type {{ message: Message | null | undefined }[]} */
  #places = []

  /** @param {(message: Message) => void} send */
  constructor(send) {
    this.#send = send
  }

  /** @param {Message} message */
  post(message) {
    this.#places.push({ message })
    this.#flush()
  }

  /** Keeps a place for what is being made. @param {Promise<Message | null>} making which never rejects */
  async reserve(making) {
    /** @type {{ message: Message | null | undefined }} */
    const place = { message: undefined }
    this.#places.push(place)
    place.message = await making
    this.#flush()
  }

  /** Nothing of this may leave any more: it was meant for another connection. */
  clear() {
    this.#places = []
  }

  #flush() {
    for (let [place] = this.#places; place?.message !== undefined; [place] = this.#places) {
      this.#places.shift()
      if (place.message !== null) this.#send(place.message)
    }
  }
}

/**
 * What comes from the service. While a message is being opened, those behind it wait: an end that
 * overtakes the record before it would hide what was wrong with it.
 * @template Item
 */
export class Inbox {
  #deliver
  /** @type {Item[]} */
  #items = []
  #holds = 0

  /** @param {(item: Item) => void} deliver */
  constructor(deliver) {
    this.#deliver = deliver
  }

  /** @param {Item} item */
  put(item) {
    this.#items.push(item)
    this.#flush()
  }

  /** @param {Promise<unknown>} work which never rejects */
  async hold(work) {
    this.#holds += 1
    await work
    this.#holds -= 1
    this.#flush()
  }

  #flush() {
    while (this.#holds === 0 && this.#items.length > 0) {
      this.#deliver(/** @type {Item} */ (this.#items.shift()))
    }
  }
}
