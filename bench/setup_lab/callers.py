"""How a visitor gets to a call in each of the compared systems."""

import contextlib
import functools
import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from tests.browser.drivers.chromium import ChromiumPage
from tests.browser.people import TEXTS

_BENCH: Final = Path(__file__).resolve().parent.parent

READY_SECONDS: Final = 20.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """One visitor's part in a call."""

    service: str
    """Host and port of the server, or of the proxy before it."""
    call: int
    """Number of the call; both visitors know it."""
    is_caller: bool
    """Clicks last and, where nobody is introduced, calls the other."""


class Caller(ABC):
    """A system under comparison, seen by its visitors."""

    @abstractmethod
    async def arrive(self, page: ChromiumPage, visit: Visit) -> None:
        """Open the page and do everything that a visitor does before pressing Start."""


class Ours(Caller):
    """The product, its camera opened in the preview."""

    async def arrive(self, page: ChromiumPage, visit: Visit) -> None:
        """As its lobby proposes: look at oneself, declare one's age."""
        await page.goto(f"http://{visit.service}/")
        await page.click("button", TEXTS["act.open.video"])
        await page.click("checkbox", TEXTS["lobby.adult"])
        await page.wait_until(
            "benchmark.connections.at(-1)?.iceGatheringState === 'complete'", timeout=READY_SECONDS
        )


class Sequential(Caller):
    """Offer and answer through the `ws` peer, everything after the click."""

    def __init__(self, pages: str) -> None:
        """`pages` is where bench/setup_pages is served."""
        self._pages = pages

    async def arrive(self, page: ChromiumPage, visit: Visit) -> None:
        """Only open the page."""
        await page.goto(f"{self._pages}/sequential.html?{urlencode({'service': visit.service})}")


class PeerJs(Caller):
    """The PeerJS client and server."""

    def __init__(self, pages: str, *, prepared: bool) -> None:
        """`prepared`: camera open and registered before the click."""
        self._pages = pages
        self._prepared = prepared

    async def arrive(self, page: ChromiumPage, visit: Visit) -> None:
        """Open the page; prepared, wait until it is registered."""
        callee, caller = f"callee{visit.call}", f"caller{visit.call}"
        query = {"service": visit.service, "id": caller if visit.is_caller else callee}
        if visit.is_caller:
            query["call"] = callee
        if self._prepared:
            query["prepared"] = "yes"
        await page.goto(f"{self._pages}/peerjs.html?{urlencode(query)}")
        if self._prepared:
            await page.wait_until("benchmark.stamps.waiting", timeout=READY_SECONDS)


@contextlib.contextmanager
def served_pages() -> Iterator[str]:
    """Serve the pages beside ours; their own servers carry signaling only."""
    handler = functools.partial(_QuietHandler, directory=str(_BENCH))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/setup_pages"
        server.shutdown()


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def before_scripts(relay: tuple[str, int] | None) -> str:
    """What every measured page runs first; `relay` is where the partner seems to be."""
    configuration: dict[str, object] = {"relay": None}
    if relay is not None:
        address, port = relay
        configuration["relay"] = {"address": address, "port": port}
    hooks = (_BENCH / "setup_pages" / "hooks.js").read_text(encoding="utf-8")
    return f"globalThis.benchmark = {json.dumps(configuration)}\n{hooks}"
