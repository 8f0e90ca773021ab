"""Writes tests/vectors/sealed-signaling.json, which Python and both browsers must compute alike.

Run `python -m tests.sealing.generate_vectors`; with `--check` it only says whether the file is as
it should be. Byte strings are base64url, `sas` is hexadecimal, `seq` is a decimal string because
numbers go beyond what JSON readers agree on.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from chatzyo.sealing import base64url
from chatzyo.sealing.handshake import (
    Handshake,
    PublicKey,
    Room,
    hello_a,
    hello_b,
    transcript_hash,
)
from chatzyo.sealing.keys import SessionKeys, agree, public_point, session_keys
from chatzyo.sealing.link import link_room
from chatzyo.sealing.records import Cipher, Direction, pad
from chatzyo.sealing.sas import Binding, code_numbers
from tests.sealing.people import made_up, private_key

FILE: Final = Path(__file__).parents[1] / "vectors" / "sealed-signaling.json"

Vector = dict[str, Any]

_TEXTS: Final = [
    '{"k":"bye"}',
    '{"k":"card","u":"4ZcD","note":"வணக்கம் 🙂"}',
    '{"k":"ice","n":[0,1,2]}',
]
_SEQS: Final = [0, 1, 63, 2**32, 2**53 - 1]
_MADE_UP_CASES: Final = 12


def generate() -> str:
    """The whole file as text."""
    cases = [_fixed("link"), _fixed("stranger"), *map(_made_up, range(_MADE_UP_CASES))]
    vectors = {
        "format": 1,
        "label_prefix": "chatzyo/1 ",
        "cases": cases,
        "reject_seals": _reject_seals(cases),
        "reject_points": _reject_points(),
        "reject_payloads": _reject_payloads(),
    }
    return json.dumps(vectors, ensure_ascii=False, indent=2) + "\n"


def _fixed(mode: str) -> Vector:
    """The case to type in by hand when an implementation does not agree."""
    room = {"S": bytes(range(16))} if mode == "link" else {"room": bytes(range(0x10, 0x20))}
    inputs = {
        "a_private": (0x1111).to_bytes(32),
        "b_private": (0x2222).to_bytes(32),
        "na": b"\xaa" * 16,
        "nb": b"\xbb" * 16,
        "cert_a": b"certA",
        "cert_b": b"certB",
        "ra": b"\1" * 32,
        "rb": b"\2" * 32,
    }
    blocks = [json.dumps({"k": "x" * size}, separators=(",", ":")) for size in (1016, 1017)]
    seals: list[Vector] = [
        {"dir": "ab", "seq": "0", "text": '{"k":"offer"}', "padded": False},
        {"dir": "ba", "seq": "0", "text": '{"k":"answer"}', "padded": False},
        {"dir": "ab", "seq": "1", "text": _TEXTS[1], "padded": True},
        *(
            {"dir": "ba", "seq": str(seq), "text": text, "padded": True}
            for seq, text in enumerate(blocks, start=1)
        ),
    ]
    return derive(f"{mode}-fixed", mode, room | inputs, seals)


def _made_up(number: int) -> Vector:
    mode = ("link", "stranger")[number % 2]
    name = f"{mode}-{number}"
    sizes = {"a_private": 32, "b_private": 32, "na": 16, "nb": 16, "cert_a": 300, "cert_b": 300}
    sizes |= {"ra": 32, "rb": 32, "S" if mode == "link" else "room": 16}
    inputs = {field: made_up(f"{name} {field}", size) for field, size in sizes.items()}
    seals: list[Vector] = [
        {
            "dir": ("ab", "ba")[index % 2],
            "seq": str(_SEQS[(number + index) % len(_SEQS)]),
            "text": _TEXTS[(number + index) % len(_TEXTS)],
            "padded": index > 1,
        }
        for index in range(4)
    ]
    return derive(name, mode, inputs, seals)


def derive(name: str, mode: str, inputs: dict[str, bytes], seals: list[Vector]) -> Vector:
    """One case: everything that follows from its inputs and texts."""
    room = link_room(inputs["S"]) if mode == "link" else Room(name=inputs["room"])
    a, b = (_handshake(inputs, side) for side in "ab")
    to_a, to_b = PublicKey.parse(b.key), PublicKey.parse(a.key)
    assert to_a
    assert to_b
    shared = agree(private_key(inputs["a_private"]), to_a.point)
    assert shared
    assert shared == agree(private_key(inputs["b_private"]), to_b.point)
    transcript = transcript_hash(room.name, to_b, to_a)
    psk = room.psk or bytes(32)
    keys = session_keys(shared, psk=psk, transcript=transcript)
    values = inputs | {
        "room": room.name,
        "psk": psk,
        "ea": to_b.point,
        "eb": to_a.point,
        "shared": shared,
        "th": transcript,
        "kab": keys.ab,
        "kba": keys.ba,
        "kx": keys.x,
    }
    if room.psk:
        values["hello_a"] = hello_a(psk, room.name, to_b)
        values["hello_b"] = hello_b(psk, room.name, to_b, to_a)
    case: Vector = {"name": name, "mode": mode}
    case |= {field: base64url.encode(value) for field, value in values.items()}
    case |= _code(inputs, transcript)
    return case | {"seals": [_seal(keys, room, seal) for seal in seals]}


def _handshake(inputs: dict[str, bytes], side: str) -> Handshake:
    return Handshake(private_key=private_key(inputs[f"{side}_private"]), nonce=inputs[f"n{side}"])


def _code(inputs: dict[str, bytes], transcript: bytes) -> Vector:
    binding = Binding(
        fp_a=hashlib.sha256(inputs["cert_a"]).digest(),
        fp_b=hashlib.sha256(inputs["cert_b"]).digest(),
        transcript=transcript,
    )
    commitment = binding.commit(inputs["ra"])
    sas = binding.derive(inputs["ra"], inputs["rb"], commitment)
    return {
        "fp_a": base64url.encode(binding.fp_a),
        "fp_b": base64url.encode(binding.fp_b),
        "commit": base64url.encode(commitment),
        "sas": sas.hex(),
        "emoji": " ".join(map(str, code_numbers(sas))),
    }


def _seal(keys: SessionKeys, room: Room, seal: Vector) -> Vector:
    text = seal["text"].encode()
    cipher = _cipher(keys.ab if seal["dir"] == "ab" else keys.ba, room.name, seal["dir"])
    sealed = cipher.seal(int(seal["seq"]), pad(text) if seal["padded"] else text)
    return seal | {"c": base64url.encode(sealed)}


def _cipher(key: bytes, room: bytes, direction: Direction) -> Cipher:
    return Cipher(key=key, room=room, direction=direction)


def _reject_seals(cases: list[Vector]) -> list[Vector]:
    """None of these opens as a message from `a` to `b` of the first case."""
    first, other = cases[0], cases[2]
    room, kab, kx = (base64url.decode(first[field]) or b"" for field in ("room", "kab", "kx"))
    text = first["seals"][0]["text"].encode()
    good = base64url.decode(first["seals"][0]["c"]) or b""
    spliced = base64url.decode(other["seals"][0]["c"]) or b""
    rejects: list[tuple[str, int, bytes]] = [
        ("first byte flipped", 0, bytes([good[0] ^ 1]) + good[1:]),
        ("tag bit flipped", 0, good[:-1] + bytes([good[-1] ^ 1])),
        ("truncated by one byte", 0, good[:-1]),
        ("lengthened by one byte", 0, good + b"\0"),
        ("tag only", 0, good[-16:]),
        ("shorter than a tag", 0, good[:15]),
        ("empty", 0, b""),
        ("sealed with number 1", 0, _cipher(kab, room, "ab").seal(1, text)),
        ("opened as number 1", 1, good),
        ("opened as a number 2^32 higher", 2**32, good),
        ("sealed by b", 0, base64url.decode(first["seals"][1]["c"]) or b""),
        ("other direction under the same key", 0, _cipher(kab, room, "ba").seal(0, text)),
        ("other room", 0, _cipher(kab, bytes(16), "ab").seal(0, text)),
        ("other case", 0, spliced),
        ("tail of another case", 0, good[:-16] + spliced[-16:]),
        ("reserved key", 0, _cipher(kx, room, "ab").seal(0, text)),
    ]
    return [
        {"why": why, "case": first["name"], "dir": "ab", "seq": str(seq), "c": base64url.encode(c)}
        for why, seq, c in rejects
    ]


def _reject_points() -> list[Vector]:
    """None of these is a point that a key may carry."""
    point = public_point(private_key((0x1111).to_bytes(32)))
    parity = bytes([2 + point[-1] % 2])
    rejects = {
        "compressed form": parity + point[1:33],
        "hybrid form": bytes([6 + point[-1] % 2]) + point[1:],
        "not on the curve": point[:-1] + bytes([point[-1] ^ 1]),
        "zero": b"\4" + bytes(64),
        "point at infinity": b"\0",
        "x is no element of the field": b"\4" + b"\xff" * 32 + point[33:],
        "without its first byte": point[1:],
        "one byte more": point + b"\0",
        "of another curve": public_point(ec.derive_private_key(0x1111, ec.SECP256K1())),
        "empty": b"",
    }
    return [{"why": why, "e": base64url.encode(e)} for why, e in rejects.items()]


def _reject_payloads() -> list[Vector]:
    """None of these, filled with spaces, is a payload; each would be one to a lenient reader."""
    rejects = {
        "no object": "[]",
        "no kind": "{}",
        "kind is no text": '{"k":1}',
        "duplicate key": '{"k":"card","k":"bye"}',
        "space inside": '{"k": "bye"}',
        "space in front": ' {"k":"bye"}',
        "line feed behind": '{"k":"bye"}\n',
        "needless escape": '{"k":"b\\u0079e"}',
        "something behind": '{"k":"bye"}{}',
        "cut": '{"k":"bye"',
        "not a number": '{"k":"bye","n":NaN}',
        "more than a number holds": '{"k":"bye","n":1e400}',
        "another spelling of a number": '{"k":"bye","n":1e2}',
        "byte order mark": '\ufeff{"k":"bye"}',
        "eight deep": '{"k":"bye","n":[[[[[[[]]]]]]]}',
    }
    return [{"why": why, "text": text} for why, text in rejects.items()]


def main() -> int:
    """Write or check the file; the exit status says whether it was as it should be."""
    expected = generate()
    if sys.argv[1:] == ["--check"]:
        return int(not FILE.is_file() or FILE.read_text(encoding="utf-8") != expected)
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(expected, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
