"""The list of what the client consists of: a SHA-256 for each served file, and its signature.

The manifest is committed beside the files, checked for drift in CI, and signed with Ed25519 when a
version is released. Whoever has it can tell whether a site serves that very client.
"""

import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from chatzyo import __version__
from chatzyo.server.mistake import CannotStart
from chatzyo.server.pages import CONFIGURATION_PATH, MANIFEST_PATH, load_assets

MANIFEST_FILE: Final = MANIFEST_PATH.lstrip("/")
_CHOSEN_BY_THE_HOST: Final = (CONFIGURATION_PATH, MANIFEST_PATH)


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Version of the client and the SHA-256, in hex, of each file by its path."""

    version: str
    files: dict[str, str]


def describe_client() -> Manifest:
    """The manifest of the client in this checkout or installation."""
    hashes = {
        path: hashlib.sha256(asset.body).hexdigest()
        for path, asset in sorted(load_assets().items())
        if path not in _CHOSEN_BY_THE_HOST
    }
    return Manifest(version=__version__, files=hashes)


def serialise(manifest: Manifest) -> bytes:
    """The bytes that are committed and signed."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def read(source: Path | None) -> bytes:
    """The bytes of a manifest file; without one, of the manifest this program came with."""
    if source is None:
        return (files("chatzyo") / "web" / MANIFEST_FILE).read_bytes()
    try:
        return source.read_bytes()
    except OSError as error:
        raise CannotStart(f"Cannot read {source}: {error.strerror}.") from None


def parse(text: bytes) -> Manifest:
    """Decode a manifest; an unreadable one is the operator's problem, in one sentence."""
    try:
        return msgspec.json.decode(text, type=Manifest)
    except msgspec.MsgspecError:
        raise CannotStart("The manifest is damaged: fetch it again.") from None


def sign(text: bytes, private_key: Path) -> bytes:
    """The Ed25519 signature of a manifest, with a PEM key that only the releaser has."""
    key = serialization.load_pem_private_key(private_key.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise CannotStart(f"{private_key} is not an Ed25519 key.")
    return key.sign(text)


def check_signature(text: bytes, signature: Path, public_key: Path) -> None:
    """Refuse a manifest that was not signed with this key."""
    key = serialization.load_pem_public_key(public_key.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise CannotStart(f"{public_key} is not an Ed25519 key.")
    try:
        key.verify(signature.read_bytes(), text)
    except InvalidSignature:
        raise CannotStart("The manifest was not signed with this key: do not trust it.") from None
