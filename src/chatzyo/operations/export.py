"""`chatzyo export DIRECTORY --server wss://host`: the client alone, to be hosted by somebody else.

Then the operator of the signaling server no longer delivers the code. The files are those of the
manifest, unchanged; only config.json and the content policy name the server.
"""

import json
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from chatzyo.server.headers import security_headers
from chatzyo.server.mistake import CannotStart
from chatzyo.server.pages import CONFIGURATION_PATH, LINK_PATH, load_assets

HEADERS_FILE: Final = "_headers"
"""The format static hosts such as Netlify and Cloudflare Pages read; others copy it by hand."""

REWRITES_FILE: Final = "_redirects"
"""For the same hosts: private links lead to the page itself."""


def export(folder: Path, server: str) -> None:
    """Write the client into an empty or new folder, for a page that uses `server`."""
    socket = urlsplit(server)
    if socket.scheme not in ("ws", "wss") or not socket.netloc:
        raise CannotStart(f"{server} is not the address of a server, like wss://chat.example.")
    if folder.exists() and any(folder.iterdir()):
        raise CannotStart(f"{folder} is not empty: choose a new folder.")
    for path, asset in load_assets().items():
        target = folder / (path.lstrip("/") or "index.html")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(asset.body)
    configuration = {"server": f"{socket.scheme}://{socket.netloc}"}
    (folder / CONFIGURATION_PATH.lstrip("/")).write_text(json.dumps(configuration) + "\n")
    (folder / REWRITES_FILE).write_text(f"{LINK_PATH} / 200\n")
    headers = security_headers(host=socket.netloc, secure=socket.scheme == "wss")
    lines = [f"  {name}: {value}" for name, value in headers.items()]
    (folder / HEADERS_FILE).write_text("\n".join(["/*", *lines, ""]))
