/* The few DOM helpers the screens need. Text goes in as text nodes only; there are no HTML strings. */

/** @typedef {string | number | boolean | null | undefined | ((event: any) => void)} Attribute */
/** @typedef {Node | string | null} Child */

/**
 * Creates an element. A function is a listener (`onclick`), `true` an empty attribute,
 * `false`, `null` and `undefined` none.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Record<string, Attribute>} [attributes] @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else setAttribute(element, name, value)
  }
  element.append(...children.filter((child) => child !== null))
  return element
}

/** @param {Element} element @param {string} name @param {Exclude<Attribute, Function>} value */
export function setAttribute(element, name, value) {
  if (value === false || value === null || value === undefined) element.removeAttribute(name)
  else {
    const text = value === true ? '' : String(value)
    if (element.getAttribute(name) !== text) element.setAttribute(name, text)
  }
}

/** Writing the same text again would make screen readers and selections jump.
 * @param {Node} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text
}

/** @param {HTMLElement} element @param {boolean} visible */
export function show(element, visible) {
  if (element.hidden === visible) element.hidden = !visible
}

/** @param {Element} button @param {boolean} pressed */
export function setPressed(button, pressed) {
  setAttribute(button, 'aria-pressed', String(pressed))
}

/**
 * Makes the children of `parent` one per item, in order. An item's element is created once per key,
 * so focus and animations survive.
 * @template T
 * @param {HTMLElement} parent @param {readonly T[]} items
 * @param {(item: T) => string} keyOf @param {(item: T) => HTMLElement} create
 */
export function keyed(parent, items, keyOf, create) {
  const existing = childrenByKey(parent)
  /** @type {Element | null} */
  let previous = null
  for (const item of items) {
    const key = keyOf(item)
    const element = existing.get(key) ?? create(item)
    existing.delete(key)
    element.setAttribute('data-key', key)
    /** @type {Element | null} */
    const place = previous ? previous.nextElementSibling : parent.firstElementChild
    if (place !== element) parent.insertBefore(element, place)
    previous = element
  }
  for (const gone of existing.values()) gone.remove()
}

/** @param {HTMLElement} parent @returns {Map<string, HTMLElement>} */
function childrenByKey(parent) {
  const children = [...parent.children].filter((child) => child instanceof HTMLElement)
  return new Map(children.map((child) => [child.getAttribute('data-key') ?? '', child]))
}

/** The page's own markup is part of the program: a missing piece is our mistake.
 * @template {HTMLElement} T
 * @param {ParentNode} root @param {string} selector @param {new () => T} type @returns {T} */
export function find(root, selector, type) {
  const element = root.querySelector(selector)
  if (!(element instanceof type)) throw new Error(`no ${selector} in the page`)
  return element
}

/** @param {Element | null} element can be seen and focused */
export function isReachable(element) {
  return (
    element !== null &&
    element !== document.body &&
    element.isConnected &&
    !element.matches(':disabled') &&
    element.getClientRects().length > 0
  )
}

/** A modal dialog of the browser: it keeps the focus inside, closes on Escape and gives the focus back.
 * @param {string} title @param {string} close label of the closing button
 * @param {...Child} content @returns {HTMLDialogElement} */
export function createDialog(title, close, ...content) {
  const heading = el('h2', { tabindex: -1, autofocus: true }, title)
  const button = el('button', { class: 'button', type: 'button' }, close)
  const dialog = el('dialog', { class: 'dialog', 'aria-label': title }, heading, ...content, button)
  button.addEventListener('click', () => dialog.close())
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close()
  })
  return dialog
}
