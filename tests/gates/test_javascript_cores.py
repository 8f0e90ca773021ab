"""Every module of the client's core has its test file, which alone covers all of its branches."""

from pathlib import Path

import pytest

from tests.gates import tools

_GENERATED = "/* Generated"
_CORE_MODULES = [
    path
    for path in tools.files("src/chatzyo/web/js/core/*.js")
    if not (tools.ROOT / path).read_text().startswith(_GENERATED)
]


def _test_file(module: Path) -> Path:
    return Path("tests/web/core", f"{module.stem}.test.js")


@pytest.mark.parametrize("module", _CORE_MODULES, ids=str)
def test_own_tests_cover_every_branch(module: Path) -> None:
    assert (tools.ROOT / _test_file(module)).is_file()
    tools.check_node(
        "--test",
        "--experimental-test-coverage",
        f"--test-coverage-include={module}",
        "--test-coverage-lines=100",
        "--test-coverage-branches=100",
        "--test-coverage-functions=100",
        _test_file(module),
    )


def test_all_tests_of_the_client_pass_together() -> None:
    tools.check_node("--test", "tests/web/**/*.test.js")
