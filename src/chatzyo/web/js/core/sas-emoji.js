/**
 * The pictures of the spoken code: the 64 emoji of the Matrix specification's short authentication
 * strings, chosen there to be told apart by sight and by name.
 */

/** In the order of the specification, sixteen to a line. */
const EMOJI = [
  '🐶 🐱 🦁 🐎 🦄 🐷 🐘 🐰 🐼 🐓 🐧 🐢 🐟 🐙 🦋 🌷',
  '🌳 🌵 🍄 🌏 🌙 ☁️ 🔥 🍌 🍎 🍓 🌽 🍕 🎂 ❤️ 😀 🤖',
  '🎩 👓 🔧 🎅 👍 ☂️ ⌛ ⏰ 🎁 💡 📕 ✏️ 📎 ✂️ 🔒 🔑',
  '🔨 ☎️ 🏁 🚂 🚲 ✈️ 🚀 🏆 ⚽ 🎸 🎺 🔔 ⚓ 🎧 📁 📌',
].flatMap((line) => line.split(' '))

/**
 * @param {number[]} code numbers from 0 to 63
 * @returns {{ emoji: string, name: string }[]} `name` is the key of its text
 */
export const symbols = (code) =>
  code.map((number) => ({ emoji: String(EMOJI[number]), name: `sas.${number}` }))
