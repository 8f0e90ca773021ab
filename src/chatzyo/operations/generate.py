"""Writes what is generated from the protocol, or checks that it has not drifted.

    python -m chatzyo.operations.generate [--check]

Runs in a source checkout only; the installed package does not need it.
"""

import re
import sys
from pathlib import Path

from chatzyo.protocol import document

_ROOT = Path(__file__).parents[3]
_CORE = _ROOT / "src/chatzyo/web/js/core"
_MARKED = re.compile(r"(<!-- generated: begin -->\n).*?(<!-- generated: end -->)", re.DOTALL)


def main() -> int:
    """Write the files; with --check write nothing and return 1 if any would change."""
    check = "--check" in sys.argv[1:]
    drifted = [path for path, text in _wanted() if not path.exists() or path.read_text() != text]
    if check:
        for path in drifted:
            sys.stderr.write(f"{path.relative_to(_ROOT)} has drifted: run `make generate`\n")
        return 1 if drifted else 0
    for path, text in _wanted():
        path.write_text(text)
    return 0


def _wanted() -> list[tuple[Path, str]]:
    protocol = _ROOT / "PROTOCOL.md"
    tables = f"\\g<1>\n{document.protocol_tables().replace(chr(92), chr(92) * 2)}\n\\g<2>"
    return [
        (_CORE / "messages.d.ts", document.typescript()),
        (_CORE / "limits.js", document.javascript_limits()),
        (protocol, _MARKED.sub(tables, protocol.read_text())),
    ]


if __name__ == "__main__":
    sys.exit(main())
