"""How visitors come into a private call whose link the server does not know."""

import secrets
from typing import Final

from chatzyo.sealing.link import SECRET_BYTES, format_link
from tests.attack.conftest import Lure, Victim
from tests.browser.drivers.page import Browser
from tests.browser.people import TEXTS, Mode

CODE_SILENCED: Final = """
  const { send } = RTCDataChannel.prototype
  RTCDataChannel.prototype.send = function (data) {
    if (!data.includes('"k":"sas')) send.call(this, data)
  }
"""
"""A page that says nothing of the spoken code, so that the call lasts until the other misses it."""


async def join_link(
    lure: Lure,
    browser: Browser,
    *,
    secret: bytes | None = None,
    mode: Mode = "Text",
    script: str = "",
) -> tuple[Victim, bytes]:
    """Open a link, a new one unless told, and ask for a seat; tells the secret."""
    secret = secret or secrets.token_bytes(SECRET_BYTES)
    person, visitor = await lure(browser, format_link("", secret), script=script)
    await person.declare_adult()
    await person.page.click("radio", mode)
    await person.press(TEXTS["private.join"])
    await visitor.asks()
    return (person, visitor), secret
