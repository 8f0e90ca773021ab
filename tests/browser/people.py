"""What a visitor does and notices, in the words of the page."""

import asyncio
import json
from dataclasses import asdict, dataclass
from importlib.resources import files
from typing import Final, Literal, Self

from tests.browser.drivers.page import Page

Mode = Literal["Video", "Voice", "Text"]

TEXTS: Final[dict[str, str]] = json.loads(
    (files("chatzyo") / "web/locales/en.json").read_text(encoding="utf-8")
)
"""What the page says, by key: its own file, so that tests hold the behaviour and not the prose."""

CONNECT_SECONDS: Final = 20
"""From pressing Start to talking, with both engines busy on two cores."""

# The live region keeps its sentences; what only a screen reader is told is not seen.
_SHOWN = """[...document.body.children].filter(({ role }) => role !== 'status')
  .map(({ innerText }) => innerText).join()"""

_STATISTICS = """async () => {
  const connection = probe.connections.findLast((each) => each.connectionState === 'connected')
  if (!connection) return null
  const found = [...(await connection.getStats()).values()]
  const inbound = (kind) =>
    found.find((each) => each.type === 'inbound-rtp' && each.kind === kind) ?? {}
  const transport = found.find(({ type }) => type === 'transport')
  return {
    dtls: transport?.dtlsState ?? connection.sctp.transport.state,
    pictures: inbound('video').framesDecoded ?? 0,
    packets: inbound('audio').packetsReceived ?? 0,
    energy: inbound('audio').totalAudioEnergy ?? 0,
  }
}"""

_FRAMES_SHOWN = """(wanted) => new Promise((resolve) => {
  const video = document.querySelector('video[aria-label="Stranger"]')
  let left = wanted
  const count = () => { left -= 1; left ? video.requestVideoFrameCallback(count) : resolve(true) }
  video.requestVideoFrameCallback(count)
})"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Statistics:
    """How the connection in use is, by the browser's own counters."""

    dtls: str
    pictures: int
    packets: int
    energy: float


class Person:
    """One visitor in front of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def declare_adult(self) -> None:
        await self.page.click("checkbox", TEXTS["lobby.adult"])

    async def start(self, mode: Mode = "Video") -> Self:
        """Go from a fresh lobby to the search."""
        await self.page.click("radio", mode)
        await self.declare_adult()
        await self.page.click("button", "Start")
        return self

    async def press(self, name: str) -> None:
        await self.page.click("button", name)

    async def press_key(self, keys: str) -> None:
        await self.page.press(keys)

    async def sees(self, key: str, *, timeout: float = 10) -> None:
        """Wait until the heading is this text of the page, and is the only one of its rank."""
        await self.page.wait_until(
            """(text) => {
              const [title, ...others] = [...document.querySelectorAll('h1')]
                .filter((each) => each.checkVisibility())
              return title?.textContent === text && others.length === 0
            }""",
            TEXTS[key],
            timeout=timeout,
        )

    async def reads(self, text: str, *, timeout: float = 10) -> None:
        """Wait until the text can be seen somewhere on the page."""
        await self.page.wait_until(f"(text) => {_SHOWN}.includes(text)", text, timeout=timeout)

    async def no_longer_reads(self, text: str, *, timeout: float = 10) -> None:
        """Wait until the text cannot be seen anywhere on the page."""
        await self.page.wait_until(f"(text) => !{_SHOWN}.includes(text)", text, timeout=timeout)

    async def is_talking(self) -> None:
        await self.sees("talking.title", timeout=CONNECT_SECONDS)

    async def says(self, text: str) -> None:
        await self.page.fill("textbox", "Message", text)
        await self.page.click("button", "Send")

    async def lines(self) -> list[str]:
        """What the chat shows, as plain text."""
        found: list[str] = await self.page.evaluate(
            "[...document.querySelectorAll('[role=log] p')].map((line) => line.textContent)"
        )
        return found

    async def reads_line(self, text: str) -> None:
        await self.page.wait_until(
            """(text) => [...document.querySelectorAll('[role=log] p')]
              .some((line) => line.textContent === text && line.checkVisibility())""",
            text,
        )

    async def is_told(self, text: str) -> None:
        """Wait until a screen reader would say this."""
        await self.page.wait_until(
            "(text) => document.querySelector('[role=status]').textContent.includes(text)", text
        )

    async def statistics(self) -> Statistics:
        return Statistics(**await self.page.wait_until(_STATISTICS))

    async def sees_moving_pictures(self) -> None:
        """The stranger's pictures are decoded, and reach the screen."""
        before = await self.statistics()
        async with asyncio.timeout(CONNECT_SECONDS):
            await self.page.evaluate(_FRAMES_SHOWN, 5)
        await self._gains("now.pictures >= before.pictures + 5", before)

    async def hears_sound(self) -> None:
        """The stranger's sound arrives, and is not silence."""
        before = await self.statistics()
        await self._gains("now.packets > before.packets && now.energy > before.energy", before)

    async def _gains(self, condition: str, before: Statistics) -> None:
        await self.page.wait_until(
            f"""async (before) => {{
              const now = await ({_STATISTICS})()
              return now !== null && {condition}
            }}""",
            asdict(before),
            timeout=CONNECT_SECONDS,
        )

    async def requested(self) -> list[dict[str, object]]:
        """The constraints of every getUserMedia of this page so far."""
        constraints: list[dict[str, object]] = await self.page.evaluate("probe.requested")
        return constraints


async def meet(*people: Person) -> None:
    """Wait until each of them is talking."""
    await asyncio.gather(*(person.is_talking() for person in people))
