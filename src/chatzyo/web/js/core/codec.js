/** Which codecs are offered: those that all engines share, so that cards stay small and mostly agree. */

/** @typedef {{ mimeType: string, sdpFmtpLine?: string }} Capability */

/** @type {Record<string, (parameters: string) => boolean>} */
const WANTED = {
  'audio/opus': () => true,
  'video/vp8': () => true,
  // Profile 0: 8 bits, 4:2:0; what cameras deliver. Some browsers leave it unsaid.
  'video/vp9': (parameters) => !/profile-id=[1-9]/.test(parameters),
  // Constrained baseline in its usual packing: what phones encode in hardware.
  'video/h264': (parameters) =>
    /packetization-mode=1/.test(parameters) && /profile-level-id=42e0/i.test(parameters),
  'video/rtx': () => true,
}

/**
 * @template {Capability} T
 * @param {readonly T[]} capabilities of one kind, in the browser's order
 * @returns {T[]}
 */
export function wantedCodecs(capabilities) {
  return capabilities.filter(({ mimeType, sdpFmtpLine = '' }) =>
    WANTED[mimeType.toLowerCase()]?.(sdpFmtpLine),
  )
}
