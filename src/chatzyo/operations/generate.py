"""Writes what is generated from the protocol and the client, or checks that it has not drifted.

    python -m chatzyo.operations.generate [--check]

Runs in a source checkout only; the installed package does not need it.
"""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from chatzyo.operations import manifest
from chatzyo.operations.manifest import MANIFEST_FILE
from chatzyo.protocol import document

_ROOT = Path(__file__).parents[3]
_PROTOCOL = _ROOT / "PROTOCOL.md"
_WEB = _ROOT / "src/chatzyo/web"
_CORE = _WEB / "js/core"
_MARKED = re.compile(r"(<!-- generated: begin -->\n).*?(<!-- generated: end -->)", re.DOTALL)


def main() -> int:
    """Write the files; with --check write nothing and return 1 if any would change."""
    check = "--check" in sys.argv[1:]
    drifted = 0
    for path, render in _GENERATED:
        text = render()
        if path.exists() and path.read_text() == text:
            continue
        drifted += 1
        if check:
            sys.stderr.write(f"{path.relative_to(_ROOT)} has drifted: run `make generate`\n")
        else:
            path.write_text(text)
    return 1 if check and drifted else 0


def _protocol_page() -> str:
    tables = document.protocol_tables().replace("\\", r"\\")
    return _MARKED.sub(f"\\g<1>\n{tables}\n\\g<2>", _PROTOCOL.read_text())


def _manifest() -> str:
    return manifest.serialise(manifest.describe_client()).decode()


_GENERATED: Final[tuple[tuple[Path, Callable[[], str]], ...]] = (
    (_CORE / "messages.d.ts", document.typescript),
    (_CORE / "limits.js", document.javascript_limits),
    (_PROTOCOL, _protocol_page),
    (_WEB / MANIFEST_FILE, _manifest),  # last: it describes the others
)


if __name__ == "__main__":
    sys.exit(main())
