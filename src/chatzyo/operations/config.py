"""Settings from a TOML file, the environment and flags, in rising order of precedence.

Every field of server.settings is a flag (`--max-connections`), a variable
(`CHATZYO_MAX_CONNECTIONS`) and a key of the file (`max_connections`).
"""

import argparse
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from chatzyo.protocol.document import attribute_docs
from chatzyo.server.lifecycle import CannotStart
from chatzyo.server.settings import Settings

PREFIX: Final = "CHATZYO_"
_LISTS: Final = tuple(
    field.name for field in msgspec.structs.fields(Settings) if isinstance(field.default, tuple)
)


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add `--config` and one flag for each setting."""
    parser.add_argument("--config", metavar="FILE", help="TOML file with settings")
    explanations = attribute_docs(Settings)
    for field in msgspec.structs.fields(Settings):
        parser.add_argument(
            f"--{field.name.replace('_', '-')}",
            metavar="A,B" if field.name in _LISTS else "VALUE",
            help=f"{explanations[field.name]} (default: {_shown(field.default)})",
        )


def load(flags: argparse.Namespace, environment: Mapping[str, str]) -> Settings:
    """Merge the three sources. Raises CannotStart with one sentence when a value is wrong."""
    path = flags.config or environment.get(f"{PREFIX}CONFIG")
    merged: dict[str, object] = _from_file(Path(path)) if path else {}
    for name in Settings.__struct_fields__:
        text = getattr(flags, name) or environment.get(PREFIX + name.upper())
        if text is not None:
            merged[name] = _split(text) if name in _LISTS else text
    try:
        return msgspec.convert(merged, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise CannotStart(f"A setting is wrong: {error}. See `chatzyo serve --help`.") from None


def _from_file(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text())
    except OSError as error:
        raise CannotStart(f"Cannot read {path}: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CannotStart(f"{path} is not valid TOML: {error}.") from None


def _split(text: str) -> Sequence[str]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _shown(default: object) -> str:
    return ",".join(default) if isinstance(default, tuple) else str(default) or "none"
