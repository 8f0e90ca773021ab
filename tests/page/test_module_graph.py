"""The page names its modules, so that the browser fetches them at once and not one by one."""

import re
from importlib.resources import files
from posixpath import dirname, join, normpath
from typing import Final

_WEB: Final = files("chatzyo") / "web"
_ENTRY: Final = "js/main.js"

_STATIC_IMPORT = re.compile(r"^(?:import|export)\b[^;'\"()]*\bfrom '([^']+)'", re.MULTILINE)
_PRELOAD = re.compile(r'<link rel="modulepreload" href="([^"]+)">')


def test_the_preload_list_is_the_module_graph_of_the_first_screen() -> None:
    preloaded = _PRELOAD.findall(_WEB.joinpath("index.html").read_text())
    assert preloaded == sorted(_reachable())


def _reachable() -> set[str]:
    """The modules that the entry leads to, by path below the web folder."""
    found: set[str] = set()
    waiting = [_ENTRY]
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        found.add(module)
        source = _WEB.joinpath(module).read_text()
        targets = _STATIC_IMPORT.findall(source)
        waiting += [normpath(join(dirname(module), target)) for target in targets]
    return found
