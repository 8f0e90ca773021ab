"""One process of each engine for all flow tests, and a fresh identity for each visitor."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.firefox import Firefox
from tests.browser.drivers.locate import find
from tests.browser.drivers.page import Browser, Media, Page
from tests.browser.people import Person
from tests.browser.server import Server

Serve = Callable[..., Awaitable[Server]]
Launch = Callable[[Media], Awaitable[Browser]]
Visit = Callable[..., Awaitable[Page]]
Arrive = Callable[..., Awaitable[Person]]
Pair = tuple[Browser, Browser]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.slow)
            # Browsers outlive a test, so they and the tests share one event loop.
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(loop_scope="session")
async def serve() -> AsyncIterator[Serve]:
    """Starts a server of the test's own, with options."""
    started: list[Server] = []

    async def start(*options: str) -> Server:
        started.append(await Server.start(*options))
        return started[-1]

    yield start
    for server in started:
        await server.kill()


@pytest_asyncio.fixture(loop_scope="session")
async def site(serve: Serve) -> str:
    """Where the product is served with its defaults, to nobody but the visitors of this test."""
    return (await serve()).url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Chromium]:
    _require("chromium")
    browser = await Chromium.launch()
    yield browser
    await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def firefox() -> AsyncIterator[Firefox]:
    _require("firefox")
    browser = await Firefox.launch()
    yield browser
    await browser.close()


@pytest.fixture(params=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> Browser:
    """Runs the test once on each engine."""
    engine: Browser = request.getfixturevalue(request.param)
    return engine


_MIXED = (("chromium", "firefox"), ("firefox", "chromium"))
_ALIKE = (("chromium", "chromium"), ("firefox", "firefox"))


@pytest.fixture(params=_MIXED + _ALIKE, ids="-".join)
def pair(request: pytest.FixtureRequest) -> Pair:
    """Runs the test for each pair of engines, in order of arrival."""
    first, second = map(request.getfixturevalue, request.param)
    return first, second


@pytest.fixture(params=_MIXED, ids="-".join)
def mixed_pair(request: pytest.FixtureRequest) -> Pair:
    """Runs the test for two different engines, in both orders of arrival."""
    first, second = map(request.getfixturevalue, request.param)
    return first, second


@pytest_asyncio.fixture(
    loop_scope="session", params=[Chromium, Firefox], ids=lambda kind: kind.engine
)
async def launch(request: pytest.FixtureRequest) -> AsyncIterator[Launch]:
    """Starts another process of each engine, whose devices answer as the test says."""
    started: list[Browser] = []

    async def start(media: Media) -> Browser:
        kind: type[Chromium | Firefox] = request.param
        _require(kind.engine)
        started.append(await kind.launch(media))
        return started[-1]

    yield start
    for browser in started:
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(
    serve: Serve,  # noqa: ARG001 - asked for first, so that servers outlive the pages
) -> AsyncIterator[Visit]:
    """Opens an address as a new visitor; no page may throw, complain or break its policy."""
    pages: list[Page] = []

    async def open_page(browser: Browser, url: str, *, script: str = "") -> Page:
        page = await browser.new_page()
        pages.append(page)
        if script:
            await page.add_script(script)
        await page.goto(url)
        return page

    yield open_page
    for page in pages:
        await page.close()
    for page in pages:
        assert page.record.exceptions + page.record.errors == []


@pytest.fixture
def arrive(visit: Visit, site: str) -> Arrive:
    """Opens the lobby as a new visitor; the script runs before those of the page."""

    async def open_lobby(browser: Browser, *, url: str = "", script: str = "") -> Person:
        return Person(await visit(browser, url or site, script=script))

    return open_lobby


def _require(engine: str) -> None:
    if find(engine) is None:
        pytest.skip(f"{engine} is not installed; `make test` installs it on Debian, as root")
