"""What two people tell each other is not in the server's memory, not even during their call."""

import asyncio
import sys
from asyncio.subprocess import PIPE

import pytest

from tests.browser.conftest import Serve, Visit
from tests.browser.drivers.chromium import Chromium
from tests.browser.memory import find_in_memory
from tests.browser.people import TEXTS, Person, meet

TEXT = "canary-text-3d9f"
WISH = "canarywish"

_SET_UP = """() => {
  const { sdp } = probe.connections
    .findLast(({ connectionState }) => connectionState === 'connected').localDescription
  const values = (name) => [...sdp.matchAll(new RegExp(`a=${name}:(\\\\S+)`, 'g'))]
    .map(([, value]) => value)
  return {
    secrets: [...values('ice-ufrag'), ...values('ice-pwd'), ...values('fingerprint:sha-256 ')],
    candidates: [...sdp.matchAll(/a=candidate:\\S+ 1 udp \\d+ (\\S+ \\d+) typ/gi)]
      .map(([, address]) => address),
  }
}"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-32-le", "base64"])
async def test_a_text_in_memory_is_found_in_every_spelling(encoding: str) -> None:
    """The searcher is another process, so that it does not find what it looks for in itself."""
    keep = (
        "import base64, sys; t = input()[::-1]; k = {}; del t; print(flush=True); input(); len(k)"
    )
    how = (
        "base64.b64encode(b'xy' + t.encode())"
        if encoding == "base64"
        else f"t.encode('{encoding}')"
    )
    holder = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", keep.format(how)), stdin=PIPE, stdout=PIPE
    )
    assert holder.stdin
    assert holder.stdout
    holder.stdin.write(f"{TEXT[::-1]}\n".encode())
    await holder.stdout.readline()
    found = find_in_memory(holder.pid, [TEXT, "not-there-at-all"])
    holder.stdin.write(b"\n")
    await holder.wait()
    assert found == {TEXT}


async def test_the_server_holds_nothing_of_a_call(
    serve: Serve, visit: Visit, chromium: Chromium
) -> None:
    server = await serve()
    people = [Person(await visit(chromium, server.url)) for _ in range(3)]
    waiting = people.pop()
    await waiting.page.fill("textbox", TEXTS["lobby.interests.add"], WISH)
    await waiting.press_key("Enter")
    await waiting.start("Voice")
    for person in people:
        await person.start("Text")
    await meet(*people)
    await people[0].says(TEXT)
    await people[1].reads_line(TEXT)
    canaries = [TEXT]
    for person in people:
        told = await person.page.evaluate(_SET_UP)
        canaries += [secret for secret in told["secrets"] if len(secret) > 3]
        canaries += told["candidates"]
    assert len(canaries) > 5
    found = find_in_memory(server.pid, [*canaries, WISH])
    assert found == {WISH}, "a wish is what the server may know; it shows that the search works"
