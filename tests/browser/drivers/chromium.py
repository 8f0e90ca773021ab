"""The distribution's Chromium, driven by Playwright."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Self, cast

from playwright import async_api as playwright

from tests.browser.drivers.locate import find
from tests.browser.drivers.page import DESKTOP, PLAIN_HOST, PROBE, Browser, Media, Page

_ARGUMENTS = (
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-renderer-backgrounding",
    "--disable-sync",
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1",
    "--ignore-certificate-errors",
    "--no-first-run",
)
_MEDIA_ARGUMENTS: dict[Media, tuple[str, ...]] = {
    "granted": (
        "--use-fake-device-for-media-stream=device-count=1,fps=30",
        "--use-fake-ui-for-media-stream",
    ),
    # Without the fake question, a headless Chromium refuses what its context was not granted.
    "denied": ("--use-fake-device-for-media-stream=device-count=1,fps=30",),
    "missing": (
        "--use-fake-device-for-media-stream=device-count=0",
        "--use-fake-ui-for-media-stream",
    ),
}

_Role = Literal["button"]  # stands for Playwright's list of all roles


class ChromiumPage(Page):
    def __init__(self, page: playwright.Page) -> None:
        super().__init__()
        self._page = page
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.record.exceptions.append(str(error)))
        page.on("request", lambda request: self.record.requests.append(request.url))
        page.on("websocket", lambda socket: self.record.requests.append(socket.url))

    async def add_script(self, script: str) -> None:
        await self._page.context.add_init_script(script)

    async def goto(self, url: str) -> None:
        await self._page.goto(url)

    async def reload(self) -> None:
        await self._page.reload()

    async def close(self) -> None:
        await self._page.context.close()

    async def click(self, role: str, name: str) -> None:
        await self._find(role, name).click()

    async def fill(self, role: str, name: str, text: str) -> None:
        await self._find(role, name).fill(text)

    async def choose(self, name: str, option: str) -> None:
        await self._find("combobox", name).select_option(label=option)

    async def see(self, role: str, name: str, *, timeout: float = 10) -> None:
        await self._find(role, name).first.wait_for(timeout=timeout * 1000)

    async def press(self, keys: str) -> None:
        await self._page.keyboard.press(keys)

    async def screenshot(self, path: Path) -> None:
        await self._page.screenshot(path=path)

    async def set_viewport(self, width: int, height: int) -> None:
        await self._page.set_viewport_size({"width": width, "height": height})

    async def allow_devices(self) -> None:
        """What a visitor does in the browser's own settings; nothing for media `granted`."""
        await self._page.context.grant_permissions(["camera", "microphone"])

    async def block_devices(self) -> None:
        """As a visitor who refused for good: the page is not even asked for."""
        await self._page.context.grant_permissions(["geolocation"])  # blocks all others

    async def _run(self, expression: str) -> str:
        return cast("str", await self._page.evaluate(expression))

    def _find(self, role: str, name: str) -> playwright.Locator:
        return self._page.get_by_role(cast("_Role", role), name=name, exact=True)

    def _on_console(self, message: playwright.ConsoleMessage) -> None:
        self.record.console.append(message.text)
        if message.type == "error":
            self.record.errors.append(message.text)


class Chromium(Browser):
    engine = "chromium"

    def __init__(self, driver: playwright.Playwright, browser: playwright.Browser) -> None:
        self._driver = driver
        self._browser = browser

    @classmethod
    async def launch(cls, media: Media = "granted", arguments: Sequence[str] = ()) -> Self:
        driver = await playwright.async_playwright().start()
        browser = await driver.chromium.launch(
            executable_path=find("chromium"),
            chromium_sandbox=False,
            args=[*_ARGUMENTS, *_MEDIA_ARGUMENTS[media], *arguments],
            ignore_default_args=["--mute-audio"],  # tests measure what is played
        )
        return cls(driver, browser)

    async def new_page(
        self,
        viewport: tuple[int, int] = DESKTOP,
        *,
        dark: bool = False,
        touch: bool = False,
        scale: float = 1,
    ) -> ChromiumPage:
        width, height = viewport
        context = await self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            has_touch=touch,
            is_mobile=touch,
            device_scale_factor=scale,
            ignore_https_errors=True,
        )
        context.set_default_timeout(10_000)
        await context.add_init_script(path=PROBE)
        return ChromiumPage(await context.new_page())

    async def close(self) -> None:
        await self._browser.close()
        await self._driver.stop()
