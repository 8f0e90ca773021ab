"""`chatzyo verify https://host`: does a site serve the published client, unchanged?

Fetches every file of a manifest and the files those refer to, compares bytes and security
headers, and lists what differs. It cannot see what a site shows to somebody else.
"""

import hashlib
import http.client
import posixpath
import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import msgspec

from chatzyo.operations.manifest import Manifest
from chatzyo.server.headers import security_headers
from chatzyo.server.mistake import CannotStart
from chatzyo.server.pages import CONFIGURATION_PATH

TIMEOUT_SECONDS: Final = 15.0
MAX_FILE_BYTES: Final = 4 * 1024 * 1024
"""Many times our largest file; a hostile site must not fill the checker's memory."""

_REFERENCES: Final = re.compile(
    r"""(?:\b(?:src|href)\s*=\s*["']|\bfrom\s*["']|\bimport\s*\(?\s*["']|\burl\(\s*["']?"""
    r"""|@import\s*["'])([^"'()\s]+)"""
)
_TRANSPORT: Final = "Strict-Transport-Security"


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """Where to look."""

    secure: bool
    host: str
    """Host name and port as in the address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """What a site answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def parse_site(address: str) -> Site:
    """Read `https://host[:port]`; raises CannotStart for anything else."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
        raise CannotStart(f"{address} is not the address of a site, like https://chat.example.")
    return Site(secure=parts.scheme == "https", host=parts.netloc)


def differences(site: Site, manifest: Manifest, *, trust_any: bool = False) -> Iterator[str]:
    """Every way in which a site differs from a manifest, a sentence each; none when it is honest.

    `trust_any` accepts a certificate of the site's own making, as `--tls local` has.
    """
    connection = _connect(site, trust_any=trust_any)
    try:
        for path, expected in manifest.files.items():
            response = _fetch(connection, path)
            yield from _compare_headers(path, response, site)
            if hashlib.sha256(response.body).hexdigest() != expected:
                yield _say_changed(path, response)
                yield from _unknown_references(path, response.body, manifest)
        yield from _configuration(_fetch(connection, CONFIGURATION_PATH))
    except (OSError, http.client.HTTPException) as error:
        raise CannotStart(f"Cannot fetch from {site.host}: {type(error).__name__}.") from None
    finally:
        connection.close()


def _connect(site: Site, *, trust_any: bool) -> http.client.HTTPConnection:
    if not site.secure:
        return http.client.HTTPConnection(site.host, timeout=TIMEOUT_SECONDS)
    context = ssl.create_default_context()
    if trust_any:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(site.host, timeout=TIMEOUT_SECONDS, context=context)


def _fetch(connection: http.client.HTTPConnection, path: str) -> Response:
    connection.request("GET", path, headers={"Accept-Encoding": "identity"})
    answer = connection.getresponse()
    body = answer.read(MAX_FILE_BYTES + 1)
    if len(body) > MAX_FILE_BYTES:
        raise CannotStart(f"{path} is far larger than any file of the client.")
    names = dict.fromkeys(answer.headers.keys())
    headers = {name.title(): ", ".join(answer.headers.get_all(name, [])) for name in names}
    return Response(status=answer.status, headers=headers, body=body)


def _compare_headers(path: str, response: Response, site: Site) -> Iterator[str]:
    for name, value in security_headers(host=site.host, secure=site.secure).items():
        if not _is_as_strong(name, value, response.headers.get(name.title())):
            yield f"{path} is served with another {name} header."
    if "Set-Cookie" in response.headers:
        yield f"{path} sets a cookie."


def _say_changed(path: str, response: Response) -> str:
    if response.status == http.HTTPStatus.OK:
        return f"{path} has been changed."
    return f"{path} is missing: the site answers {response.status}."


def _is_as_strong(name: str, ours: str, theirs: str | None) -> bool:
    """Equal, or for transport security at least as long."""
    if theirs is None or name != _TRANSPORT:
        return theirs == ours
    return _max_age(theirs) >= _max_age(ours)


def _max_age(transport_security: str) -> int:
    found = re.search(r"max-age=(\d+)", transport_security)
    return int(found[1]) if found else 0


def _unknown_references(path: str, body: bytes, manifest: Manifest) -> Iterator[str]:
    """What a changed file refers to and the manifest does not know."""
    references = dict.fromkeys(_REFERENCES.findall(body.decode(errors="replace")))
    for reference in references:
        target = _resolve(path, reference)
        if target and target not in manifest.files:
            yield f"{path} refers to {target}, which is not part of the client."


def _resolve(path: str, reference: str) -> str | None:
    """The path a reference leads to; None for what is no file, or one for engineers only."""
    if re.match(r"[a-z]+://|//", reference):
        return reference
    if reference.endswith(".d.ts") or not re.search(r"^[./]|\.(?:js|css|svg|png)$", reference):
        return None
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), reference))


def _configuration(response: Response) -> Iterator[str]:
    try:
        msgspec.json.decode(response.body, type=_Configuration)
    except msgspec.MsgspecError:
        yield f"{CONFIGURATION_PATH} is not a configuration."


class _Configuration(msgspec.Struct, forbid_unknown_fields=True):
    server: str
