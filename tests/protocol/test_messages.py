"""The messages are one closed, tagged, strict family."""

from typing import get_args

import msgspec
import pytest

from chatzyo.protocol import messages

FROM_CLIENT = get_args(messages.ClientMessage)
FROM_SERVER = get_args(messages.ServerMessage)


@pytest.mark.parametrize("family", [FROM_CLIENT, FROM_SERVER])
def test_tags_are_unique_in_their_direction(family: tuple[type[messages.Wire], ...]) -> None:
    tags = [kind.__struct_config__.tag for kind in family]
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize("kind", FROM_CLIENT)
def test_unknown_fields_are_refused(kind: type[messages.Wire]) -> None:
    assert kind.__struct_config__.forbid_unknown_fields


def test_an_error_without_a_field_does_not_mention_it() -> None:
    assert (
        msgspec.json.encode(messages.Error(code="no-match"))
        == b'{"type":"error","code":"no-match"}'
    )
