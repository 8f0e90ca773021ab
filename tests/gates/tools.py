"""How the gates start a tool and list the files of the repository."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORES = ("matchmaking", "protocol", "safety", "sealing", "signaling", "traversal")
WEB_CORE = ROOT / "src/chatzyo/web/js/core"

NODE = ROOT / ".venv/node/bin/node"
_BIOME = "node_modules/@biomejs/biome/bin/biome"
_TSC = "node_modules/typescript/bin/tsc"


def check(*command: str | Path) -> None:
    """Fail the test with the output of the command unless it succeeds."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        words = " ".join(str(word) for word in command)
        pytest.fail(f"{words}\n{done.stdout}{done.stderr}", pytrace=False)


def check_python(*arguments: str | Path) -> None:
    check(sys.executable, "-m", *arguments)


def check_node(*arguments: str | Path) -> None:
    check(NODE, *arguments)


def check_biome(*arguments: str | Path) -> None:
    check_node(_BIOME, *arguments)


def check_types_of_javascript(config: str) -> None:
    check_node(_TSC, "--project", config)


def check_exists(path: Path) -> None:
    if not (ROOT / path).is_file():
        pytest.fail(f"{path} does not exist", pytrace=False)


def files(*patterns: str) -> list[Path]:
    """Files of the repository, relative to its root: tracked ones and those about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (Path(name) for name in listed.stdout.split("\0") if name)
    return sorted(path for path in paths if (ROOT / path).is_file())
