"""Nothing of one machine or one registry is published."""

import re
from pathlib import Path

import pytest

from tests.gates import tools

_PRIVATE = {
    "a path of somebody's machine": re.compile(r"(?<![\w.})])/(?:work|root|tmp|opt|Users)/"),
    "a download address": re.compile(
        r"\"resolved\": *\"|(?:registry\.npmjs|files\.pythonhosted|deb\.debian)\.org"
        r"|https?://[\w.-]+/(?:simple|packages)/|index-url[ =]+http"
    ),
}


def _texts() -> list[tuple[Path, str]]:
    texts = []
    for path in tools.files():
        content = (tools.ROOT / path).read_bytes()
        if b"\0" not in content:
            texts.append((path, content.decode()))
    return texts


@pytest.mark.parametrize("kind", _PRIVATE)
def test_no_file_names(kind: str) -> None:
    found = [
        f"{path}: {match.group()}"
        for path, text in _texts()
        for match in _PRIVATE[kind].finditer(text)
    ]
    assert found == []
