/* Draws the people of the documentation's screenshots, so that no real face is published. */
{
  const [WIDTH, HEIGHT] = [640, 480]

  const PEOPLE = {
    anna: {
      wall: '#e3bf98',
      skin: '#d99a6c',
      shade: '#c48456',
      hair: '#3b2417',
      shirt: '#1f6f78',
      drawRoom: drawShelves,
      drawHair: drawLongHair,
    },
    ben: {
      wall: '#8ea6bc',
      skin: '#f0c8a4',
      shade: '#dcae86',
      hair: '#8a4b20',
      shirt: '#b4533c',
      drawRoom: drawWindow,
      drawHair: drawShortHair,
    },
  }

  const canvas = new OffscreenCanvas(WIDTH, HEIGHT)
  const pen = canvas.getContext('2d')

  const box = (colour, ...place) => {
    pen.fillStyle = colour
    pen.fillRect(...place)
  }

  const oval = (colour, ...place) => {
    pen.fillStyle = colour
    pen.beginPath()
    pen.ellipse(...place, 0, 2 * Math.PI)
    pen.fill()
  }

  function drawShelves() {
    box('#a86f42', 0, 96, 170, 12)
    box('#a86f42', 0, 216, 150, 12)
    const books = ['#b5483a', '#e0b13f', '#3f7a5a', '#2f4a7a', '#d8d2c4', '#8d3f6b']
    for (const [i, colour] of books.entries()) {
      box(colour, 10 + i * 22, 44 - (i % 3) * 8, 17, 52 + (i % 3) * 8)
      box(colour, 16 + i * 19, 172 - ((i + 1) % 3) * 9, 14, 44 + ((i + 1) % 3) * 9)
    }
    box('#c96f4a', 552, 250, 62, 60)
    for (const [x, y, turn] of [
      [557, 210, -0.7],
      [583, 188, 0],
      [609, 210, 0.7],
    ]) {
      oval('#47795a', x, y, 15, 46, turn)
    }
  }

  function drawWindow() {
    box('#f4f1ea', 20, 30, 190, 230)
    pen.save()
    pen.beginPath()
    pen.rect(32, 42, 166, 206)
    pen.clip()
    box('#a9cdea', 32, 42, 166, 206)
    oval('#f6d9a0', 150, 90, 22, 22, 0)
    oval('#4c6b58', 80, 250, 90, 46, 0)
    oval('#5a7c66', 170, 254, 70, 34, 0)
    pen.restore()
    box('#f4f1ea', 110, 42, 10, 206)
    box('#f4f1ea', 32, 140, 166, 8)
    box('#33404c', 520, 0, 6, 70)
    pen.fillStyle = '#f3c65f'
    pen.fill(new Path2D('M478 118H568L540 66H506Z'))
  }

  function drawLongHair(colour, x) {
    oval(colour, x, 152, 92, 50, 0)
    for (const side of [-84, 84]) oval(colour, x + side, 214, 24, 86, 0)
  }

  function drawShortHair(colour, x, skin) {
    for (const side of [-84, 84]) oval(skin, x + side, 244, 14, 24, 0)
    oval(colour, x, 166, 90, 62, 0)
    oval(skin, x + 10, 218, 74, 44, 0)
  }

  function drawFace({ hair, shade }, x) {
    for (const side of [-34, 34]) {
      oval('#ffffff', x + side, 230, 14, 9, 0)
      oval('#2b2320', x + side, 230, 7, 8, 0)
      box(hair, x + side - 18, 206, 36, 6)
    }
    oval(shade, x, 258, 11, 15, 0)
    pen.strokeStyle = '#9c3f3a'
    pen.lineWidth = 7
    pen.lineCap = 'round'
    pen.beginPath()
    pen.arc(x, 276, 36, 0.2 * Math.PI, 0.8 * Math.PI)
    pen.stroke()
  }

  function drawPerson(person, x) {
    const { skin, shade, hair, shirt, drawHair } = person
    if (drawHair === drawLongHair) oval(hair, x, 250, 112, 150, 0)
    oval(shirt, WIDTH / 2, 500, 190, 130, 0)
    box(shade, x - 34, 300, 68, 90)
    oval(skin, x, 384, 44, 22, 0)
    oval(skin, x, 236, 84, 106, 0)
    drawHair(hair, x, skin)
    drawFace(person, x)
  }

  /** One picture of a moving camera image, as JPEG in base64. */
  globalThis.drawPortrait = async (name, step) => {
    const person = PEOPLE[name]
    box(person.wall, 0, 0, WIDTH, HEIGHT)
    person.drawRoom()
    drawPerson(person, WIDTH / 2 + Math.round(2 * Math.sin(step)))
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 1 })
    return (await blob.bytes()).toBase64()
  }
}
