"""Brings browsers and coturn onto a Debian-like machine; elsewhere says what is missing.

python -m tests.browser.drivers.install
"""

import os
import shutil
import subprocess
import sys

from tests.browser.drivers.locate import ENGINES, find

_PACKAGES = {"chromium": "chromium", "firefox": "firefox-esr"}


def main() -> None:
    """Without an engine its tests are skipped, and fail where nothing may be skipped."""
    missing = [_PACKAGES[engine] for engine in ENGINES if find(engine) is None]
    missing += [] if shutil.which("turnutils_uclient") else ["coturn"]
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _apt_get("update")
        _apt_get("install", "--yes", "--no-install-recommends", *missing)
        return
    sys.stderr.write(f"Tests need these, please install them: {', '.join(missing)}.\n")


def _apt_get(*arguments: str) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "--quiet", *arguments], env=environment, check=True)


if __name__ == "__main__":
    main()
