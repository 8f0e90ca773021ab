"""The server that flow tests talk to starts, serves and stops."""

from tests.browser.conftest import Serve, Visit
from tests.browser.drivers.chromium import Chromium


async def test_the_page_of_a_fresh_server_loads(
    serve: Serve, chromium: Chromium, visit: Visit
) -> None:
    server = await serve()
    page = await visit(chromium, server.url)
    assert await page.evaluate("document.title")
    await server.stop()
