"""Both engines compute the committed vectors as Python does, with the client as it is served."""

import json
from pathlib import Path

from tests.browser.conftest import Visit
from tests.browser.drivers.page import Browser

_CHECK = Path(__file__).with_name("vectors.js").read_text(encoding="utf-8")
_VECTORS = Path(__file__).parents[1] / "vectors" / "sealed-signaling.json"


async def test_every_vector_comes_out_alike(browser: Browser, visit: Visit, site: str) -> None:
    page = await visit(browser, site)
    vectors = json.loads(_VECTORS.read_text(encoding="utf-8"))
    result = await page.evaluate(_CHECK, {"vectors": vectors, "scripts": "/js"})
    assert result["wrong"] == []
    assert result["checked"] >= 200
