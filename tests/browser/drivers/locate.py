"""Where the engines under test are on this machine."""

import shutil

ENGINES = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "firefox": ("firefox-esr", "firefox"),
}


def find(engine: str) -> str | None:
    return next(filter(None, map(shutil.which, ENGINES[engine])), None)
