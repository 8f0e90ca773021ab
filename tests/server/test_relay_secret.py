"""Secrets are random, private, and never a default."""

from pathlib import Path

import pytest

from chatzyo.server.mistake import CannotStart
from chatzyo.server.relay_secret import load_secrets


def test_a_missing_secret_is_made_once_and_only_for_this_user(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret"
    (made,) = load_secrets(path)
    assert len(made) >= 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_secrets(path) == (made,)


def test_several_secrets_are_one_a_line_the_newest_first(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("new\nold\n")
    path.chmod(0o600)
    assert load_secrets(path) == (b"new", b"old")


@pytest.mark.parametrize(
    ("text", "mode", "sentence"), [("x", 0o644, "chmod 600"), ("", 0o600, "is empty")]
)
def test_a_secret_that_protects_nothing_is_refused(
    tmp_path: Path, text: str, mode: int, sentence: str
) -> None:
    path = tmp_path / "secret"
    path.write_text(text)
    path.chmod(mode)
    with pytest.raises(CannotStart, match=sentence):
        load_secrets(path)


def test_a_folder_is_no_secret(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="Cannot use"):
        load_secrets(tmp_path)
