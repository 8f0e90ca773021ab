"""Every module of the client's core has its test file, which alone covers all of its branches."""

from pathlib import Path

import pytest

from tests.gates import tools

_GENERATED = "/* Generated"
_MODULES = [
    path
    for path in tools.files("src/chatzyo/web/js/core/*.js")
    if not (tools.ROOT / path).read_text().startswith(_GENERATED)
]


@pytest.mark.parametrize("module", _MODULES, ids=str)
def test_own_tests_cover_every_branch(module: Path, tmp_path: Path) -> None:
    test_file = Path("tests/web/core", f"{module.stem}.test.js")
    tools.check_exists(test_file)
    lcov = tmp_path / "lcov"
    tools.check_node(
        "--test",
        "--experimental-test-coverage",
        f"--test-coverage-include={module}",
        *("--test-reporter=spec", "--test-reporter-destination=stdout"),
        *("--test-reporter=lcov", f"--test-reporter-destination={lcov}"),
        test_file,
    )
    uncovered = _uncovered_lines(lcov.read_text())
    if uncovered:
        reason = f"{test_file} alone leaves lines or branches of {module} uncovered: {uncovered}"
        pytest.fail(reason, pytrace=False)


def test_all_tests_of_the_client_pass_together() -> None:
    tools.check_node("--test", "tests/web/**/*.test.js")


def _uncovered_lines(lcov: str) -> list[int]:
    """Lines that never ran, or one of whose branches did not."""
    assert "\nDA:" in lcov, "the module was not loaded by its test file"
    records = (record.partition(":") for record in lcov.splitlines())
    values = [value.split(",") for kind, _, value in records if kind in {"DA", "BRDA"}]
    return sorted({int(line) for line, *_, hits in values if hits == "0"})
