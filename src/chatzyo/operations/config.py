"""Settings from a TOML file, the environment and flags, in rising order of precedence.

Every field of server.settings is a flag (`--max-connections`), a variable
(`CHATZYO_MAX_CONNECTIONS`) and a key of the file (`max_connections`).
"""

import argparse
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from chatzyo.protocol.document import attribute_docs
from chatzyo.server.mistake import CannotStart
from chatzyo.server.settings import RelaySettings, Settings

PREFIX: Final = "CHATZYO_"
_LISTS: Final = tuple(
    field.name for field in msgspec.structs.fields(Settings) if isinstance(field.default, tuple)
)

Kind = TypeVar("Kind", bound=RelaySettings)


def add_flags(parser: argparse.ArgumentParser, kind: type[RelaySettings] = Settings) -> None:
    """Add `--config` and one flag for each setting of a kind."""
    parser.add_argument("--config", metavar="FILE", help="TOML file with settings")
    explanations = attribute_docs(kind)
    for field in msgspec.structs.fields(kind):
        parser.add_argument(
            f"--{field.name.replace('_', '-')}",
            metavar="A,B" if field.name in _LISTS else "VALUE",
            help=f"{explanations[field.name]} (default: {_shown(field.default)})",
        )


def load(flags: argparse.Namespace, environment: Mapping[str, str], kind: type[Kind]) -> Kind:
    """Merge the three sources. Raises CannotStart with one sentence when a value is wrong."""
    path = flags.config or environment.get(f"{PREFIX}CONFIG")
    merged: dict[str, object] = _from_file(Path(path)) if path else {}
    if kind is not Settings:
        others = set(Settings.__struct_fields__) - set(kind.__struct_fields__)
        merged = {name: value for name, value in merged.items() if name not in others}
    for name in kind.__struct_fields__:
        text = getattr(flags, name) or environment.get(PREFIX + name.upper())
        if text is not None:
            merged[name] = _split(text) if name in _LISTS else text
    try:
        return msgspec.convert(merged, kind, strict=False)
    except msgspec.ValidationError as error:
        raise CannotStart(f"A setting is wrong: {error}. See --help.") from None


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
