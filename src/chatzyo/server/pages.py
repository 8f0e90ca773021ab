"""The client's files, read once at start and served as they stand, with caching and gzip.

What is on disk is what is served: no template, no bundle, so a reader can compare them.
"""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from chatzyo.server.headers import security_headers
from chatzyo.server.node import Node

WEBSOCKET_PATH: Final = "/ws"

RETRY_AFTER: Final = "10"
"""Seconds; by then some visitor has probably left."""

MANIFEST_PATH: Final = "/MANIFEST.json"
"""The hashes of all other files; operations.manifest makes it."""

CONFIGURATION_PATH: Final = "/config.json"
"""Where the signaling server is, if not here: the choice of whoever hosts the page."""

LINK_PATH: Final = "/p"
"""Where private links lead: the same page, which reads the rest of the address by itself."""

_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
}
"""Only these are served; type declarations, for example, are for engineers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asset:
    """One file in both encodings."""

    body: bytes
    compressed: bytes
    media_type: str
    etag: str


def load_assets() -> dict[str, Asset]:
    """Every served file by its path; `/` is index.html."""
    assets = dict(_walk(files("chatzyo") / "web", ""))
    assets["/"] = assets.pop("/index.html")
    return assets


def create_app(node: Node, *, secure: bool, is_full: Callable[[], bool]) -> Starlette:
    """The HTTP side of a node: pages, health, and why a WebSocket was refused."""
    assets = load_assets()

    async def page(request: Request) -> Response:
        path = request.url.path
        asset = assets.get("/" if path == LINK_PATH else path)
        headers = security_headers(host=request.headers.get("host", ""), secure=secure)
        if asset is None:
            return PlainTextResponse("There is nothing at this address.\n", 404, headers)
        return _respond(asset, request, headers)

    async def alive(_request: Request) -> Response:
        return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})

    async def ready(_request: Request) -> Response:
        if node.draining:
            return PlainTextResponse("draining\n", 503, headers={"Cache-Control": "no-store"})
        return await alive(_request)

    async def explain(_request: Request) -> Response:
        """A page cannot read the status of a refused upgrade, so it asks again without one."""
        if node.draining or is_full():
            retry = {"Cache-Control": "no-store", "Retry-After": RETRY_AFTER}
            return PlainTextResponse("The house is full.\n", 503, retry)
        return PlainTextResponse("This address speaks WebSocket.\n", 426, {"Upgrade": "websocket"})

    return Starlette(
        routes=[
            Route(WEBSOCKET_PATH, explain),
            Route("/healthz", alive),
            Route("/readyz", ready),
            Route("/{path:path}", page),
        ]
    )


def _respond(asset: Asset, request: Request, headers: dict[str, str]) -> Response:
    headers |= {"ETag": asset.etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if asset.media_type.startswith("text/html"):
        headers["Cache-Control"] = "no-store"
    elif request.headers.get("if-none-match") == asset.etag:
        return Response(status_code=304, headers=headers)
    body = asset.body
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = asset.compressed
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type=asset.media_type, headers=headers)


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, Asset]]:
    found: list[tuple[str, Asset]] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = f"{prefix}/{entry.name}"
        if entry.is_dir():
            found += _walk(entry, path)
        elif (media_type := _media_type(entry.name)) is not None:
            found.append((path, _asset(entry.read_bytes(), media_type)))
    return found


def _media_type(name: str) -> str | None:
    if name.endswith(".d.ts"):
        return None
    return next((kind for end, kind in _TYPES.items() if name.endswith(end)), None)


def _asset(body: bytes, media_type: str) -> Asset:
    return Asset(
        body=body,
        compressed=gzip.compress(body, mtime=0),
        media_type=media_type,
        etag=f'"{hashlib.sha256(body).hexdigest()[:16]}"',
    )
