"""The malicious server, pages that walk into it, and the browsers of the flow tests."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from chatzyo.server.tls import local_certificate, server_context
from tests.attack.server import MaliciousServer, Visitor
from tests.browser.conftest import Visit, browser, chromium, firefox, serve, visit
from tests.browser.drivers.page import PLAIN_HOST, Browser
from tests.browser.people import Person

__all__ = ["browser", "chromium", "firefox", "serve", "visit"]

Victim = tuple[Person, Visitor]
"""The same visitor in front of the page and as the server sees it."""

Lure = Callable[..., Awaitable[Victim]]

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
async def server() -> AsyncIterator[MaliciousServer]:
    malicious = await MaliciousServer.start()
    yield malicious
    await malicious.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def far_server(tmp_path: Path) -> AsyncIterator[MaliciousServer]:
    """One under a name that no page takes for its own network."""
    context = server_context(local_certificate(tmp_path, [PLAIN_HOST]))
    malicious = await MaliciousServer.start(context)
    yield malicious
    await malicious.stop()


@pytest.fixture
def lure(visit: Visit, server: MaliciousServer) -> Lure:
    """Opens a page of the malicious server."""
    return _lure(visit, server, f"http://localhost:{server.port}")


@pytest.fixture
def lure_far(visit: Visit, far_server: MaliciousServer) -> Lure:
    """Opens a page of the malicious server that seems to be far away."""
    return _lure(visit, far_server, f"https://{PLAIN_HOST}:{far_server.port}")


def _lure(visit: Visit, server: MaliciousServer, origin: str) -> Lure:
    async def open_page(browser: Browser, path: str = "", *, script: str = "") -> Victim:
        page = await visit(browser, f"{origin}{path}", script=_WATCH + script)
        return Person(page), await server.arrival()

    return open_page
