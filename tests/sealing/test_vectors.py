"""The committed vectors say what Python computes; tests/browser/test_vectors.py does the same."""

import json
from typing import Any

import pytest

from chatzyo.sealing import base64url
from chatzyo.sealing.keys import agree
from chatzyo.sealing.records import Cipher, pad, parse_payload
from tests.sealing import generate_vectors
from tests.sealing.people import private_key

VECTORS: dict[str, Any] = json.loads(generate_vectors.FILE.read_text(encoding="utf-8"))
CASES = {case["name"]: case for case in VECTORS["cases"]}
OUTPUTS = [
    *("room", "psk", "ea", "eb", "hello_a", "hello_b", "shared", "th", "kab", "kba", "kx"),
    *("fp_a", "fp_b", "commit", "sas", "emoji"),
]


def decode(text: str) -> bytes:
    data = base64url.decode(text)
    assert data is not None
    return data


def test_the_file_is_what_its_generator_writes() -> None:
    assert generate_vectors.FILE.read_text(encoding="utf-8") == generate_vectors.generate()


def test_there_are_enough_of_them() -> None:
    derived = sum(field in case for case in CASES.values() for field in OUTPUTS)
    sealed = sum(len(case["seals"]) for case in CASES.values())
    rejected = sum(len(VECTORS[kind]) for kind in VECTORS if kind.startswith("reject_"))
    assert derived + sealed + rejected >= 200


def test_the_case_to_type_in_by_hand_is_that_of_the_protocol() -> None:
    expected = {
        "room": "4XIETNEQ_Hx8hS_bFBszCw",
        "psk": "-AVj8PH_uE8L1QzypvsMkbsSokyRTWCLI3CsbE_Ql_g",
        "hello_a": "x46zCZQKf7guUb5h8V19-dkmI0ZJfF81vQzdRWq2XOs",
        "hello_b": "UhBBFmXOGqRly5xqon9Q4lyaMxcKqJu0f6v4Uvvmvc4",
        "th": "vhaetYqsiEIsF2FqtVJLGP38hSbzdfCY8zBB3J5acbE",
        "kab": "vCpwAwDi2SW48JsobjIqNA8cccg1u71vRdDUn4OJX4Y",
        "commit": "HZRiZZzVDeOO7QwxoDS8Ss43zdGTbulm5IdhzFp0jB0",
        "sas": "b7cab1af19da",
        "emoji": "45 60 42 49 43 49 39",
    }
    case = CASES["link-fixed"]
    assert {field: case[field] for field in expected} == expected
    assert case["seals"][0]["c"] == "KRPba-sQfdsNDjZaOXW0AQW3Jh9UUXo1TLsZGeY"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_was_sealed_opens(case: dict[str, Any]) -> None:
    for seal in case["seals"]:
        key = decode(case[f"k{seal['dir']}"])
        cipher = Cipher(key=key, room=decode(case["room"]), direction=seal["dir"])
        text = seal["text"].encode()
        expected = pad(text) if seal["padded"] else text
        assert cipher.open(int(seal["seq"]), decode(seal["c"])) == expected


@pytest.mark.parametrize("reject", VECTORS["reject_seals"], ids=lambda reject: reject["why"])
def test_what_was_not_sealed_so_does_not_open(reject: dict[str, Any]) -> None:
    case = CASES[reject["case"]]
    cipher = Cipher(key=decode(case["kab"]), room=decode(case["room"]), direction=reject["dir"])
    assert cipher.open(int(reject["seq"]), decode(reject["c"])) is None


@pytest.mark.parametrize("reject", VECTORS["reject_points"], ids=lambda reject: reject["why"])
def test_what_is_no_point_is_refused(reject: dict[str, Any]) -> None:
    assert agree(private_key(b"\1"), decode(reject["e"])) is None


@pytest.mark.parametrize("reject", VECTORS["reject_payloads"], ids=lambda reject: reject["why"])
def test_what_is_no_payload_is_refused(reject: dict[str, Any]) -> None:
    assert parse_payload(pad(reject["text"].encode())) is None
