"""The malicious server, pages that walk into it, and the browsers of the flow tests."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio

from chatzyo.server.tls import local_certificate, server_context
from tests.attack.server import MaliciousServer, Visitor
from tests.browser.conftest import Visit, browser, chromium, firefox, visit
from tests.browser.drivers.page import PLAIN_HOST, Browser
from tests.browser.people import Person

__all__ = ["browser", "chromium", "firefox", "visit"]

Victim = tuple[Person, Visitor]
"""The same visitor in front of the page and as the server sees it."""

Lure = Callable[..., Awaitable[Victim]]
Serve = Callable[..., Awaitable[MaliciousServer]]

_WATCH = """
  globalThis.told = []
  const { setRemoteDescription, addIceCandidate } = RTCPeerConnection.prototype
  RTCPeerConnection.prototype.setRemoteDescription = function (description) {
    told.push(description.sdp)
    return setRemoteDescription.call(this, description)
  }
  RTCPeerConnection.prototype.addIceCandidate = function (init) {
    told.push(init.candidate)
    return addIceCandidate.call(this, init)
  }
"""
"""Keeps in `told` what the page tells its browser about partners."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.slow)
            # Browsers outlive a test, so they and the tests share one event loop.
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(loop_scope="session")
async def serve() -> AsyncIterator[Serve]:
    """Starts malicious servers; pages ask for this first, so that servers outlive them."""
    async with AsyncExitStack() as running:

        async def start(name: str, context: ssl.SSLContext | None = None) -> MaliciousServer:
            return await running.enter_async_context(MaliciousServer.running(name, context))

        yield start


@pytest_asyncio.fixture(loop_scope="session")
async def server(serve: Serve) -> MaliciousServer:
    return await serve("localhost")


@pytest_asyncio.fixture(loop_scope="session")
async def far_server(serve: Serve, tmp_path: Path) -> MaliciousServer:
    """One under a name that no page takes for its own network."""
    return await serve(PLAIN_HOST, server_context(local_certificate(tmp_path, [PLAIN_HOST])))


@pytest.fixture
def lure(visit: Visit, server: MaliciousServer) -> Lure:
    """Opens a page of the malicious server."""
    return _lure(visit, server)


@pytest.fixture
def lure_far(visit: Visit, far_server: MaliciousServer) -> Lure:
    """Opens a page of the malicious server that seems to be far away."""
    return _lure(visit, far_server)


def _lure(visit: Visit, server: MaliciousServer) -> Lure:
    async def open_page(browser: Browser, path: str = "", *, script: str = "") -> Victim:
        page = await visit(browser, f"{server.origin}{path}", script=_WATCH + script)
        return Person(page), await server.arrival()

    return open_page
