"""Browsers that may use nothing but the closed relay: its addresses are names inside the server."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio

from tests.browser.conftest import Pair, Visit
from tests.browser.drivers.page import Page
from tests.server.relay_server import RelayServer, credentials

_FAR_AWAY: Final = ("198.51.100.1", 9)
"""Nothing is sent there; asking for the way to it names the address that browsers use."""

_CONNECT: Final = """async ({ server }) => {
  const connection = new RTCPeerConnection({ iceServers: [server], iceTransportPolicy: 'relay' })
  const channel = connection.createDataChannel('test', { negotiated: true, id: 0 })
  const heard = []
  channel.onmessage = ({ data }) => heard.push(data)
  const canvas = document.createElement('canvas')
  const paper = canvas.getContext('2d')
  setInterval(() => {
    paper.fillStyle = `hsl(${Math.random() * 360} 80% 50%)`
    paper.fillRect(0, 0, canvas.width, canvas.height)
  }, 40)
  for (const track of canvas.captureStream(25).getTracks()) connection.addTrack(track)
  globalThis.relayed = { connection, channel, heard }
}"""

_DESCRIBE: Final = """async (remote) => {
  const { connection } = relayed
  if (remote) await connection.setRemoteDescription(remote)
  await connection.setLocalDescription()
  const isGathered = () => connection.iceGatheringState === 'complete'
  await new Promise((resolve) => {
    if (isGathered()) resolve()
    connection.onicegatheringstatechange = () => isGathered() && resolve()
  })
  return connection.localDescription.toJSON()
}"""

_SEES_PICTURES: Final = """async () => {
  const found = [...(await relayed.connection.getStats()).values()]
  return found.some(({ type, framesDecoded }) => type === 'inbound-rtp' && framesDecoded > 10)
}"""

_CANDIDATES: Final = """() => [...relayed.connection.localDescription.sdp.matchAll(/typ (\\w+)/g)]
  .map(([, type]) => type)"""

_URLS: Final = [
    "turn:{host}:{port}?transport=udp",
    "turn:{host}:{port}?transport=tcp",
    "turns:localhost:{tls_port}?transport=tcp",
]


@pytest.fixture
def host() -> str:
    """An address of this machine that is not loopback: browsers send from such a one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(_FAR_AWAY)
        own: str = probe.getsockname()[0]
        return own


@pytest_asyncio.fixture(loop_scope="session")
async def relay(tmp_path: Path, host: str) -> AsyncIterator[RelayServer]:
    server = await RelayServer.start(tmp_path, "--relay-hosts", f"{host},127.0.0.1")
    yield server
    await server.stop()


@pytest.mark.parametrize("url", _URLS, ids=("udp", "tcp", "tls"))
async def test_two_browsers_meet_through_nothing_but_the_closed_relay(
    visit: Visit, pair: Pair, site: str, relay: RelayServer, host: str, url: str
) -> None:
    where = url.format(host=host, port=relay.port, tls_port=relay.tls_port)
    pages = [await visit(browser, site) for browser in pair]
    for page in pages:
        account = credentials("one-match")
        server = {
            "urls": [where],
            "username": account.username,
            "credential": account.password,
        }
        await page.evaluate(_CONNECT, {"server": server})
    await _describe(*pages)
    for page in pages:
        assert set(await page.evaluate(_CANDIDATES)) == {"relay"}
        await page.wait_until("relayed.channel.readyState === 'open'", timeout=20)
        await page.evaluate("relayed.channel.send('vanakkam')")
    for page in pages:
        await page.wait_until("relayed.heard.includes('vanakkam')")
        await page.wait_until(_SEES_PICTURES, timeout=20)


async def _describe(caller: Page, callee: Page) -> None:
    offer = await caller.evaluate(_DESCRIBE)
    answer = await callee.evaluate(_DESCRIBE, offer)
    await caller.evaluate("(answer) => relayed.connection.setRemoteDescription(answer)", answer)
