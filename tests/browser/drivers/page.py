"""What a flow test may do with a page, whichever engine shows it."""

import asyncio
import json
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

PROBE = Path(__file__).with_name("probe.js")
DESKTOP = (1280, 800)
PHONE = (390, 844)
PLAIN_HOST = "plain.test"
"""Another name of this machine, which browsers do not trust without a certificate."""

Media = Literal["granted", "denied", "missing"]
"""How getUserMedia ends: fake devices at once, NotAllowedError, or NotFoundError."""

_POLL_SECONDS = 0.05
_POLICY = "policy:"


@dataclass(kw_only=True, slots=True)
class Record:
    """What a page did while nobody asked."""

    console: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """Those lines of the console that a developer would see in red."""
    exceptions: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    """Addresses, in order, WebSockets included."""

    @property
    def violations(self) -> list[str]:
        """What the content policy stopped."""
        return [line for line in self.console if line.startswith(_POLICY)]


class Page(ABC):
    """One visitor: an own identity, storage and window. Close it when the visitor leaves."""

    def __init__(self) -> None:
        self.record = Record()

    @abstractmethod
    async def add_script(self, script: str) -> None:
        """Run this in every document from now on, after the probe and before its own scripts."""

    @abstractmethod
    async def goto(self, url: str) -> None:
        """Open the address and wait until it has loaded."""

    @abstractmethod
    async def reload(self) -> None: ...

    @abstractmethod
    async def close(self) -> None: ...

    @abstractmethod
    async def click(self, role: str, name: str) -> None:
        """Click the control with this accessible role and name as soon as it can be clicked."""

    @abstractmethod
    async def fill(self, role: str, name: str, text: str) -> None:
        """Replace the text of the field as if it were typed or pasted."""

    @abstractmethod
    async def choose(self, name: str, option: str) -> None:
        """Pick an option of a select by its label."""

    @abstractmethod
    async def see(self, role: str, name: str, *, timeout: float = 10) -> None:
        """Wait until something with this accessible role and name is shown."""

    @abstractmethod
    async def press(self, keys: str) -> None:
        """Press a key, or keys joined by plus signs: `Escape`, `Shift+Tab`."""

    @abstractmethod
    async def screenshot(self, path: Path) -> None: ...

    @abstractmethod
    async def set_viewport(self, width: int, height: int) -> None: ...

    @abstractmethod
    async def _run(self, expression: str) -> str:
        """Run an expression that ends in a string, waiting for its promise."""

    async def evaluate(self, script: str, argument: object = None) -> Any:
        """The value of an expression, or of a function called with the argument; JSON both ways."""
        answer = await self._run(
            f"""(async () => {{
              const found = {script}
              const value = typeof found === 'function' ? found({json.dumps(argument)}) : found
              return JSON.stringify((await value) ?? null)
            }})()"""
        )
        return json.loads(answer)

    async def wait_until(self, script: str, argument: object = None, *, timeout: float = 10) -> Any:
        """Ask again and again until the answer is true, and return it.

        Polls from outside: the page's policy forbids what wait_for_function would do inside.
        """
        deadline = time.monotonic() + timeout
        while not (answer := await self.evaluate(script, argument)):
            if time.monotonic() > deadline:
                log = "\n".join(self.record.exceptions + self.record.console)
                message = f"after {timeout} s still {answer!r}: {script}\n{log}"
                raise AssertionError(message)
            await asyncio.sleep(_POLL_SECONDS)
        return answer


class Browser(ABC):
    """One browser process with fake devices."""

    engine: str

    @abstractmethod
    async def new_page(self, viewport: tuple[int, int] = DESKTOP) -> Page:
        """A visitor with an identity of its own."""

    @abstractmethod
    async def close(self) -> None: ...
