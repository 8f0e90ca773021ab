"""Private links carry a secret that leads to a room, and nothing else passes for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatzyo.sealing import base64url
from chatzyo.sealing.failure import Failure
from chatzyo.sealing.link import SECRET_BYTES, format_link, link_room, parse_fragment


@given(st.binary(min_size=SECRET_BYTES, max_size=SECRET_BYTES))
def test_the_secret_survives_in_the_fragment(secret: bytes) -> None:
    link = format_link("https://chat.example", secret)
    address, sign, fragment = link.partition("#")
    assert address == "https://chat.example/p"
    assert parse_fragment(sign + fragment) == secret


@pytest.mark.parametrize(
    "fragment",
    [
        "",
        "#",
        "#1.",
        "1.AAECAwQFBgcICQoLDA0ODw",
        "#1.AAECAwQFBgcICQoLDA0OD",
        "#1.AAECAwQFBgcICQoLDA0ODwA",
        "#1.AAECAwQFBgcICQoLDA0OD!",
        "#1.AAECAwQFBgcICQoLDA0ODx",  # the last character carries bits that do not exist
        "#1.AAECAwQFBgcICQoLDA0ODw==",
        "#1.AAECAwQFBgcICQoLDA0ODw\n",
        "#01.AAECAwQFBgcICQoLDA0ODw",
        "#0.AAECAwQFBgcICQoLDA0ODw",
        "#x.AAECAwQFBgcICQoLDA0ODw",
    ],
)
def test_anything_else_is_malformed(fragment: str) -> None:
    assert parse_fragment(fragment) is Failure.LINK_MALFORMED


@pytest.mark.parametrize("fragment", ["#2.AAECAwQFBgcICQoLDA0ODw", "#12.anything", "#10."])
def test_a_link_of_a_later_format_asks_for_a_newer_page(fragment: str) -> None:
    assert parse_fragment(fragment) is Failure.VERSION


def test_the_room_and_the_key_are_those_of_the_protocol() -> None:
    room = link_room(bytes(range(16)))
    assert base64url.encode(room.name) == "4XIETNEQ_Hx8hS_bFBszCw"
    assert base64url.encode(room.psk or b"") == "-AVj8PH_uE8L1QzypvsMkbsSokyRTWCLI3CsbE_Ql_g"
