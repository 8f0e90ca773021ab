"""A reader that is not ours reads the page's QR codes."""

import json
import random
import string
import subprocess

import zxingcpp

from tests.gates import tools

SCALE = 4
"""Pixels to a module."""

MARGIN = 4
"""Modules of light around the code, which readers need."""

CAPACITIES = [14, 26, 42, 62, 84, 106, 122, 152, 180, 213]
"""Bytes that fill versions 1 to 10."""

_FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])

_ENCODE = """
import { encodeQr } from './src/chatzyo/web/js/core/qr.js'
const texts = JSON.parse(process.argv[1])
const rows = (modules) => modules.map((row) => row.map(Number).join(''))
console.log(JSON.stringify(texts.map((text) => rows(encodeQr(text)))))
"""


def encode(texts: list[str]) -> list[list[str]]:
    """What the page draws, as rows of ones and zeros."""
    done = subprocess.run(
        [tools.NODE, "--input-type=module", "--eval", _ENCODE, json.dumps(texts)],
        cwd=tools.ROOT,
        capture_output=True,
        check=True,
    )
    found: list[list[str]] = json.loads(done.stdout)
    return found


def draw(rows: list[str]) -> memoryview:
    """A picture in shades of grey."""
    side = len(rows) + 2 * MARGIN
    empty = [bytes([255] * SCALE * side)] * SCALE * MARGIN
    lines = [
        b"".join(bytes([255 * (module == "0")] * SCALE) for module in row.join(["0" * MARGIN] * 2))
        for row in rows
    ]
    picture = [*empty, *(line for line in lines for _ in range(SCALE)), *empty]
    return memoryview(b"".join(picture)).cast("B", (SCALE * side, SCALE * side))


def read(rows: list[str]) -> str | None:
    found = zxingcpp.read_barcode(draw(rows), formats=_FORMATS)
    return found.bytes.decode() if found else None


def test_links_and_texts_of_every_version_are_read() -> None:
    chance = random.Random("qr")
    letters = string.ascii_letters + string.digits + "-_./:#"
    sizes = [size for full in CAPACITIES for size in (full - 1, full)]
    texts = [
        "https://chat.example/p#1.AAECAwQFBgcICQoLDA0ODw",
        "http://localhost:8080/p#1.__________________w",
        "https://உதாரணம்.example/p#1.AAECAwQFBgcICQoLDA0ODw",
        *("".join(chance.choices(letters, k=size)) for size in sizes),
        *(character * 60 for character in "\0 Uð~"),
    ]
    assert [read(rows) for rows in encode(texts)] == texts
