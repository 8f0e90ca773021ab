"""Settings come from file, environment and flags, and every one of them is explained."""

import argparse
from pathlib import Path

import msgspec
import pytest

from chatzyo.operations import config
from chatzyo.server.mistake import CannotStart
from chatzyo.server.settings import Settings


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser()
    config.add_flags(made)
    return made


def load(*flags: str, **environment: str) -> Settings:
    return config.load(parser().parse_args(flags), environment, Settings)


def test_without_anything_the_defaults_hold() -> None:
    assert load() == Settings()


def test_a_flag_beats_the_environment_and_that_beats_the_file(tmp_path: Path) -> None:
    file = tmp_path / "chatzyo.toml"
    file.write_text('port = 1\nmax_connections = 1\nhubs = ["a"]')
    settings = load(
        *("--port", "3"), CHATZYO_CONFIG=str(file), CHATZYO_PORT="2", CHATZYO_MAX_CONNECTIONS="2"
    )
    assert (settings.port, settings.max_connections, settings.hubs) == (3, 2, ("a",))


def test_lists_are_written_with_commas() -> None:
    settings = load(
        "--origins", "https://a.example, https://b.example,", CHATZYO_HUBS="tamil,hindi"
    )
    assert settings.origins == ("https://a.example", "https://b.example")
    assert settings.hubs == ("tamil", "hindi")


def test_every_setting_is_explained_with_its_default() -> None:
    told = " ".join(parser().format_help().split())
    for field in msgspec.structs.fields(Settings):
        assert f"--{field.name.replace('_', '-')}" in told
    assert told.count("(default:") == len(msgspec.structs.fields(Settings))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("port = 70000", "A setting is wrong"),
        ("colour = 1", "A setting is wrong"),
        ("port = ", "is not valid TOML"),
    ],
)
def test_a_wrong_file_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "chatzyo.toml"
    file.write_text(text)
    with pytest.raises(CannotStart, match=sentence):
        load("--config", str(file))


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="Cannot read"):
        load("--config", str(tmp_path / "none.toml"))


def test_a_wrong_flag_names_the_field() -> None:
    with pytest.raises(CannotStart, match="port"):
        load("--port", "many")
