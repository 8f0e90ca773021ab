"""One real server a module, and the check that no input was a bug of ours."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.browser.server import Server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncIterator[Server]:
    running = await Server.start("--connections-per-address", "0")
    yield running
    await running.stop()
    assert not [line for line in running.log if line.startswith("error")], "\n".join(running.log)
