"""Both engines do what the flow tests ask, under the content policy of the product."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.browser.conftest import Launch, Visit
from tests.browser.drivers.chromium import Chromium, ChromiumPage
from tests.browser.drivers.page import PHONE, PLAIN_HOST, Browser, Media

_POLICY = (
    "default-src 'none'; script-src 'self'; img-src 'self'; connect-src 'self'; media-src blob:;"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
_FILES = {
    "/": (
        "text/html",
        """<!doctype html><html lang="en"><title>Loop</title>
        <button id="start">Start</button> <button id="unsafe">Break the policy</button>
        <input aria-label="Message"> <select aria-label="Camera"><option>Front<option>Back</select>
        <video aria-label="Stranger" autoplay playsinline></video>
        <script type="module" src="/loop.js"></script></html>""",
    ),
    "/loop.js": (
        "text/javascript",
        """
        const [here, there] = [new RTCPeerConnection(), new RTCPeerConnection()]
        here.onicecandidate = ({ candidate }) => there.addIceCandidate(candidate)
        there.onicecandidate = ({ candidate }) => here.addIceCandidate(candidate)
        const video = document.querySelector('video')
        there.ontrack = ({ streams }) => { video.srcObject = streams[0] }
        document.querySelector('#start').onclick = async () => {
          const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true })
          for (const track of stream.getTracks()) here.addTrack(track, stream)
          await here.setLocalDescription()
          await there.setRemoteDescription(here.localDescription)
          await there.setLocalDescription()
          await here.setRemoteDescription(there.localDescription)
        }
        const message = document.querySelector('input')
        message.oninput = () => { document.title = message.value }
        message.onkeydown = ({ key }) => { if (key === 'Enter') document.title = 'sent' }
        const camera = document.querySelector('select')
        camera.onchange = () => { document.title = camera.value }
        document.querySelector('#unsafe').onclick = () => { document.body.innerHTML = '<b>no</b>' }
        """,
    ),
}


class _Loop(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind, body = _FILES.get(self.path, ("text/plain", ""))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", _POLICY)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_arguments: object) -> None:
        """Tests listen to the browser, not to this server."""


@pytest.fixture(scope="module")
def loop() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Loop) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


async def test_fake_devices_reach_the_other_end_of_a_call(
    browser: Browser, visit: Visit, loop: str
) -> None:
    page = await visit(browser, loop)
    await page.click("button", "Start")
    await page.wait_until("document.querySelector('video').videoWidth > 0")
    await page.wait_until(
        """async () => {
          const [, receiver] = probe.connections
          const inbound = [...(await receiver.getStats()).values()]
            .filter(({ type }) => type === 'inbound-rtp')
          return inbound.length === 2 && inbound.every(({ kind, framesDecoded, packetsReceived }) =>
            kind === 'video' ? framesDecoded > 5 : packetsReceived > 5)
        }"""
    )
    assert await page.evaluate("probe.requested") == [{"audio": True, "video": True}]
    assert await page.evaluate("probe.streams[0].getTracks().length") == 2


async def test_typing_pressing_and_choosing_are_seen_by_the_page(
    browser: Browser, visit: Visit, loop: str
) -> None:
    page = await visit(browser, loop)
    await page.fill("textbox", "Message", "வணக்கம்")
    assert await page.evaluate("document.title") == "வணக்கம்"
    await page.press("Enter")
    await page.wait_until("document.title === 'sent'")
    await page.choose("Camera", "Back")
    assert await page.evaluate("document.title") == "Back"


async def test_a_breach_of_the_policy_is_recorded(browser: Browser, loop: str) -> None:
    page = await browser.new_page()
    await page.goto(loop)
    await page.click("button", "Break the policy")
    await page.wait_until("true")
    assert "require-trusted-types-for" in page.record.violations[0]
    assert page.record.exceptions
    await page.close()


async def test_requests_are_recorded(browser: Browser, visit: Visit, loop: str) -> None:
    page = await visit(browser, loop)
    assert page.record.requests[:2] == [loop, f"{loop}loop.js"]


async def test_viewport_and_screenshot_follow(
    browser: Browser, visit: Visit, loop: str, tmp_path: Path
) -> None:
    page = await visit(browser, loop)
    await page.set_viewport(*PHONE)
    assert await page.evaluate("[innerWidth, innerHeight]") == list(PHONE)
    await page.screenshot(tmp_path / "page.png")
    assert (tmp_path / "page.png").read_bytes().startswith(b"\x89PNG")


async def test_visitors_share_no_storage(browser: Browser, visit: Visit, loop: str) -> None:
    first, second = await visit(browser, loop), await visit(browser, loop)
    await first.evaluate("localStorage.setItem('seen', 'yes')")
    assert await second.evaluate("localStorage.getItem('seen')") is None
    assert await second.evaluate("document.visibilityState") == "visible"


@pytest.mark.parametrize("media", ["denied", "missing"])
async def test_devices_can_be_withheld(
    launch: Launch, visit: Visit, loop: str, media: Media
) -> None:
    page = await visit(await launch(media), loop)
    outcome = "navigator.mediaDevices.getUserMedia({ video: true }).catch((error) => error.name)"
    expected = {"denied": "NotAllowedError", "missing": "NotFoundError"}
    assert await page.evaluate(outcome) == expected[media]


@pytest.mark.parametrize("launch", [Chromium], indirect=True, ids=["chromium"])
async def test_a_visitor_of_chromium_may_think_again(
    launch: Launch, visit: Visit, loop: str
) -> None:
    page = await visit(await launch("denied"), loop)
    assert isinstance(page, ChromiumPage)
    camera = "navigator.permissions.query({ name: 'camera' }).then(({ state }) => state)"
    assert await page.evaluate(camera) == "prompt"
    await page.block_devices()
    assert await page.evaluate(camera) == "denied"
    await page.allow_devices()
    assert await page.evaluate(camera) == "granted"
    assert await page.evaluate("navigator.mediaDevices.getUserMedia({ audio: true }).then(Boolean)")


async def test_the_plain_host_is_not_a_secure_context(
    browser: Browser, visit: Visit, loop: str
) -> None:
    page = await visit(browser, loop.replace("127.0.0.1", PLAIN_HOST))
    assert await page.evaluate("[isSecureContext, typeof navigator.mediaDevices]") == [
        False,
        "undefined",
    ]
