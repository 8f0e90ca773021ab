"""Style, types and the direction of imports in Python."""

import sys
from pathlib import Path

from tests.gates import tools


def test_ruff_finds_nothing() -> None:
    tools.check_python("ruff", "check", "--quiet", ".")


def test_code_is_formatted() -> None:
    tools.check_python("ruff", "format", "--check", "--quiet", "--diff", ".")


def test_types_are_strict() -> None:
    tools.check_python("mypy")


def test_imports_go_one_way_and_cores_do_no_io() -> None:
    tools.check(Path(sys.executable).with_name("lint-imports"), "--no-cache")
