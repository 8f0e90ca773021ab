/* Icons as paths on a 24 unit grid, drawn with the text's colour. */

const SVG = 'http://www.w3.org/2000/svg'

const PATHS = {
  video:
    'M4 7h9a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2zM15 11l6-3.5v9L15 13',
  voice: 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4M9 21h6',
  text: 'M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM8 9.5h8M8 13h5',
  slash: 'M4 4l16 16',
  flip: 'M4 9a8 8 0 0 1 14-3l2 2M20 4v4h-4M20 15a8 8 0 0 1-14 3l-2-2M4 20v-4h4',
  next: 'M5 5l8 7-8 7zM13 5l8 7-8 7zM13 5v14',
  stop: 'M7 6h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1z',
  send: 'M4 12l16-8-5 16-3.500-6.500zM11.500 13.500L20 4',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.500v5M9 14.500v5',
  full: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  picture: 'M4 5h16a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM12 12h6v4h-6z',
  smile:
    'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM8.500 14.500a4.500 4.500 0 0 0 7 0M9 9.500v.01M15 9.500v.01',
  close: 'M6 6l12 12M18 6L6 18',
  corner: 'M4 20L20 4M13 4h7v7M11 20H4v-7',
  person: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4.500 20a7.500 7.500 0 0 1 15 0',
  lock: 'M7 11h10a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1zM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
  tick: 'M9.500 15.500l2 2 3.500-4',
  chain: 'M11 14h-1a1.500 1.500 0 0 0 0 3h1M13 14h1a1.500 1.500 0 0 1 0 3h-1M11 15.500h2',
  warning: 'M12 4l9 16H3zM12 10v5M12 17.500v.01',
  sound: 'M4 10v4h3l5 4V6L7 10zM15.500 9a4.500 4.500 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11',
  plus: 'M12 5v14M5 12h14',
}

/** @typedef {keyof typeof PATHS} Icon */

/** @param {Icon} name @param {...Icon} over drawn on top, each with a class of its own name
 * @returns {SVGSVGElement} */
export function icon(name, ...over) {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  for (const part of [name, ...over]) {
    const path = document.createElementNS(SVG, 'path')
    path.setAttribute('d', PATHS[part])
    path.setAttribute('class', part)
    svg.append(path)
  }
  return svg
}
