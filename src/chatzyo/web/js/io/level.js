/* How loud a stream is, for meters. Analyses here; nothing is recorded or sent. */

/** @typedef {{ read(): number, close(): void }} Level */

/* Root mean square of ordinary speech close to a microphone: the meter is full a little above it. */
const FULL_SCALE = 0.18

/** @param {MediaStream} stream with at least one audio track
 * @returns {Level} `read` answers 0 to 1 */
export function createLevel(stream) {
  const context = new AudioContext()
  const source = context.createMediaStreamSource(stream)
  const analyser = context.createAnalyser()
  analyser.fftSize = 512
  source.connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  return {
    read() {
      analyser.getFloatTimeDomainData(samples)
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length
      return Math.min(1, Math.sqrt(power) / FULL_SCALE)
    },
    close() {
      source.disconnect()
      context.close()
    },
  }
}
