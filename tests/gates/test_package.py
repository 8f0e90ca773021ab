"""What `pip install` gets is the whole program, without a build step."""

import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.gates import tools


@pytest.mark.slow
def test_wheel_carries_every_tracked_file_of_the_package(tmp_path: Path) -> None:
    tools.check(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", tmp_path, ".")
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(ZipFile(wheel).namelist())
    tracked = {str(path.relative_to("src")) for path in tools.files("src/chatzyo")}
    assert tracked - packed == set()
    assert {name for name in packed - tracked if ".dist-info/" not in name} == set()
