"""The longest modules and functions are short. Biome holds the same for JavaScript."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gates import tools

MAX_MODULE_LINES = 500
MAX_FUNCTION_LINES = 60

_MODULES = tools.files("*.py")


@pytest.mark.parametrize("module", _MODULES, ids=str)
def test_module_fits_in_the_head(module: Path) -> None:
    assert len((tools.ROOT / module).read_text().splitlines()) <= MAX_MODULE_LINES


@pytest.mark.parametrize("module", _MODULES, ids=str)
def test_functions_fit_on_a_screen(module: Path) -> None:
    too_long = [
        f"{module}:{function.lineno} {function.name}"
        for function in _functions(ast.parse((tools.ROOT / module).read_text()))
        if (function.end_lineno or 0) - function.lineno + 1 > MAX_FUNCTION_LINES
    ]
    assert too_long == []


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
