"""Every module of the pure cores has its test file, which alone covers all of its branches."""

import ast
import os
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from subprocess import STDOUT, run

import pytest

from tests.gates import tools

_MODULES = [
    path
    for path in tools.files(*(f"src/chatzyo/{core}/*.py" for core in tools.CORES))
    if path.name != "__init__.py"
]


def _test_file(module: Path) -> Path:
    folder = Path("tests", *module.parent.parts[2:])
    return folder / f"test_{module.name}"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Path, Future[str]]]:
    """One fresh process a module, as many at a time as there are processors."""
    folder = tmp_path_factory.mktemp("coverage")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield {module: pool.submit(_uncovered, module, folder) for module in _MODULES}
        pool.shutdown(cancel_futures=True)


def _uncovered(module: Path, folder: Path) -> str:
    """What the module's own tests leave uncovered, or why they fail; empty when all is well."""
    data = f"--data-file={folder / '.'.join(module.parts)}"
    coverage = [sys.executable, "-m", "coverage"]
    pytest_alone = ["-m", "pytest", "-q", "-p", "no:cacheprovider", str(_test_file(module))]
    steps = [
        [*coverage, "run", "--branch", data, f"--include={module}", *pytest_alone],
        [*coverage, "report", data, "--show-missing", "--fail-under=100"],
    ]
    for step in steps:
        done = run(step, cwd=tools.ROOT, stdout=-1, stderr=STDOUT, text=True, check=False)
        if done.returncode:
            return done.stdout
    return ""


@pytest.mark.parametrize("module", _MODULES, ids=str)
def test_core_never_waits(module: Path) -> None:
    nodes = ast.walk(ast.parse((tools.ROOT / module).read_text()))
    waiting = (ast.AsyncFor, ast.AsyncFunctionDef, ast.AsyncWith, ast.Await)
    assert not any(isinstance(node, waiting) for node in nodes)


@pytest.mark.parametrize("module", _MODULES, ids=str)
def test_module_has_its_test_file(module: Path) -> None:
    tools.check_exists(_test_file(module))


@pytest.mark.slow
@pytest.mark.parametrize("module", _MODULES, ids=str)
def test_own_tests_cover_every_branch(module: Path, reports: dict[Path, Future[str]]) -> None:
    uncovered = reports[module].result()
    if uncovered:
        reason = f"{_test_file(module)} alone does not cover {module}\n{uncovered}"
        pytest.fail(reason, pytrace=False)
