"""What is generated says everything the definitions say."""

import re

import msgspec

from chatzyo.protocol import document, limits
from chatzyo.protocol.closing import CloseCode
from chatzyo.protocol.document import FROM_CLIENT, FROM_SERVER


def test_every_message_and_field_is_documented_with_a_meaning() -> None:
    tables = document.protocol_tables()
    for kind in (*FROM_CLIENT, *FROM_SERVER):
        assert f"#### `{kind.__struct_config__.tag}`" in tables
        for field in msgspec.structs.fields(kind):
            assert re.search(rf"\| `{field.encode_name}` \| [^|]+.* \| \S.+ \|", tables), field.name


def test_every_close_code_and_limit_is_documented() -> None:
    tables = document.protocol_tables()
    for code in CloseCode:
        assert f"| {int(code)} | {code.meaning} |" in tables
    for name in vars(limits):
        if name.isupper():
            assert re.search(rf"\| `{name}` \| [\d.,]+ \| \S.+ \|", tables), name


def test_a_field_shows_its_type_bounds_and_default() -> None:
    tables = document.protocol_tables()
    assert "| `mode` | `text` / `video` / `voice` |" in tables
    assert '| `hub` | string `^[a-z0-9-]+$`, at most 32 characters, optional: `"world"` |' in tables
    assert "list of at most 5 × string `^[a-z]{2,3}$`, optional: `[]`" in tables
    assert "| `mid` | string, 22 characters |" in tables
    assert "| `seq` | integer 0–63 |" in tables
    assert "| `estimate` | integer 0–2147483648 or null |" in tables


def test_the_browser_gets_one_interface_a_message_and_closed_unions() -> None:
    types = document.typescript()
    assert "export interface Leave { type: 'leave'; mid: string }" in types
    assert "hub?: string; languages?: string[]" in types
    assert "estimate: number | null" in types
    assert (
        "export type ClientMessage = Hello | Find | Join | Cancel | Confirm | Signal | Leave"
        in types
    )


def test_the_browser_gets_the_limits_as_constants() -> None:
    constants = document.javascript_limits()
    assert "export const MAX_FRAME_BYTES = 16384" in constants
    assert "export const CLOSE_TOO_FAST = 4005" in constants
