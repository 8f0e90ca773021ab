"""The distribution's stock Firefox, driven over WebDriver BiDi."""

import asyncio
import base64
import json
import os
import tempfile
import time
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path
from typing import Final, Self, cast

from tests.browser.drivers.bidi import Answer, Bidi
from tests.browser.drivers.locate import find
from tests.browser.drivers.page import DESKTOP, PLAIN_HOST, PROBE, Browser, Media, Page

_Preferences = dict[str, bool | int | str]

_PREFERENCES: Final[_Preferences] = {
    # Both ends of a call are on this machine.
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "network.dns.localDomains": PLAIN_HOST,
    # A window nobody looks at goes on working.
    "dom.min_background_timeout_value": 4,
    "media.suspend-background-video.enabled": False,
    "browser.tabs.unloadOnLowMemory": False,
    "gfx.webrender.software": True,
    # No request that a test did not ask for.
    "app.update.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.security.https_first": False,
    "extensions.getAddons.cache.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "media.gmp-manager.url": "data:,",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.http.speculative-parallel-limit": 0,
    "remote.active-protocols": 1,
    "services.settings.server": "data:,",
    "startup.homepage_welcome_url": "",
    "toolkit.telemetry.enabled": False,
}
_ALLOW, _BLOCK = 1, 2
_MEDIA_PREFERENCES: Final[dict[Media, _Preferences]] = {
    "granted": {
        "media.navigator.streams.fake": True,
        "media.navigator.permission.disabled": True,
        "permissions.default.camera": _ALLOW,
        "permissions.default.microphone": _ALLOW,
    },
    "denied": {
        "media.navigator.streams.fake": True,
        "permissions.default.camera": _BLOCK,
        "permissions.default.microphone": _BLOCK,
    },
    # Real devices, of which a machine that runs tests has none.
    "missing": {"media.navigator.permission.disabled": True},
}

_KEYS: Final = {
    "Shift": "\ue008",
    "Control": "\ue009",
    "Alt": "\ue00a",
    "Enter": "\ue007",
    "Escape": "\ue00c",
    "Tab": "\ue004",
    "Space": " ",
    "Backspace": "\ue003",
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
}

_START_SECONDS = 60
_ACTION_SECONDS = 10
_POLL_SECONDS = 0.05

_IS_SHOWN = "(element) => element.checkVisibility({ visibilityProperty: true })"
_CAN_BE_CLICKED = """(element) => {
  element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' })
  const { left, top, width, height } = element.getBoundingClientRect()
  const hit = document.elementFromPoint(left + width / 2, top + height / 2)
  const own = element.contains(hit) || hit?.closest('label')?.control === element
  return own && width > 0 && height > 0 && !element.disabled
}"""
_REPLACE_TEXT = """(element, text) => {
  element.focus()
  element.select()
  document.execCommand(text ? 'insertText' : 'delete', false, text)
}"""
_CHOOSE = """(element, label) => {
  const option = [...element.options].find((option) => option.label === label)
  element.value = option.value
  element.dispatchEvent(new Event('input', { bubbles: true }))
  element.dispatchEvent(new Event('change', { bubbles: true }))
}"""


class FirefoxPage(Page):
    def __init__(self, bidi: Bidi, context: str, user_context: str) -> None:
        super().__init__()
        self._bidi = bidi
        self._context = context
        self._user_context = user_context

    async def open(self, viewport: tuple[int, int]) -> None:
        """Start listening and size the window. Must be called before anything else."""
        await self._bidi.listen("log.entryAdded", self._on_log)
        await self._bidi.listen("network.beforeRequestSent", self._on_request)
        await self.set_viewport(*viewport)

    async def add_script(self, script: str) -> None:
        await self._bidi.command(
            "script.addPreloadScript",
            functionDeclaration=f"() => {{ {script} }}",
            contexts=[self._context],
        )

    async def goto(self, url: str) -> None:
        await self._command("browsingContext.navigate", url=url, wait="complete")

    async def reload(self) -> None:
        await self._command("browsingContext.reload", wait="complete")

    async def close(self) -> None:
        await self._command("browsingContext.close")
        await self._bidi.command("browser.removeUserContext", userContext=self._user_context)

    async def click(self, role: str, name: str) -> None:
        element = await self._find(role, name, _CAN_BE_CLICKED)
        await self._perform(
            {
                "type": "pointer",
                "id": "mouse",
                "actions": [
                    {
                        "type": "pointerMove",
                        "x": 0,
                        "y": 0,
                        "origin": {"type": "element", "element": element},
                    },
                    {"type": "pointerDown", "button": 0},
                    {"type": "pointerUp", "button": 0},
                ],
            }
        )

    async def fill(self, role: str, name: str, text: str) -> None:
        field = await self._find(role, name, _CAN_BE_CLICKED)
        await self._call(_REPLACE_TEXT, field, {"type": "string", "value": text})

    async def choose(self, name: str, option: str) -> None:
        select = await self._find("combobox", name, _CAN_BE_CLICKED)
        await self._call(_CHOOSE, select, {"type": "string", "value": option})

    async def see(self, role: str, name: str, *, timeout: float = _ACTION_SECONDS) -> None:
        await self._find(role, name, _IS_SHOWN, timeout=timeout)

    async def press(self, keys: str) -> None:
        values = [_KEYS.get(key, key) for key in keys.split("+")]
        down = [{"type": "keyDown", "value": value} for value in values]
        up = [{"type": "keyUp", "value": value} for value in reversed(values)]
        await self._perform({"type": "key", "id": "keyboard", "actions": down + up})

    async def screenshot(self, path: Path) -> None:
        answer = await self._command("browsingContext.captureScreenshot")
        path.write_bytes(base64.b64decode(answer["data"]))

    async def set_viewport(self, width: int, height: int) -> None:
        viewport = {"width": width, "height": height}
        await self._command("browsingContext.setViewport", viewport=viewport)

    async def _run(self, expression: str) -> str:
        answer = await self._bidi.command(
            "script.evaluate",
            expression=expression,
            target={"context": self._context},
            awaitPromise=True,
        )
        return cast("str", _value(answer))

    async def _find(
        self, role: str, name: str, ready: str, *, timeout: float = _ACTION_SECONDS
    ) -> Answer:
        """The first element with this role and name for which the function `ready` is true."""
        locator = {"type": "accessibility", "value": {"role": role, "name": name}}
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            located = await self._command("browsingContext.locateNodes", locator=locator)
            for node in located["nodes"]:
                element = {"sharedId": node["sharedId"]}
                if await self._call(ready, element):
                    return element
            await asyncio.sleep(_POLL_SECONDS)
        raise AssertionError(f"after {timeout} s no {role} {name!r}; {self.record}")

    async def _call(self, function: str, *arguments: Answer) -> object:
        answer = await self._bidi.command(
            "script.callFunction",
            functionDeclaration=function,
            arguments=arguments,
            target={"context": self._context},
            awaitPromise=True,
        )
        return _value(answer)

    async def _perform(self, source: Answer) -> None:
        await self._command("input.performActions", actions=[source])

    async def _command(self, method: str, **parameters: object) -> Answer:
        return await self._bidi.command(method, context=self._context, **parameters)

    def _on_log(self, entry: Answer) -> None:
        if entry["source"].get("context") != self._context:
            return
        is_error = entry["level"] == "error"
        thrown = entry["type"] == "javascript" and is_error
        lines = self.record.exceptions if thrown else self.record.console
        lines.append(entry["text"])
        if is_error and not thrown:
            self.record.errors.append(entry["text"])

    def _on_request(self, event: Answer) -> None:
        if event["context"] == self._context:
            self.record.requests.append(event["request"]["url"])


class Firefox(Browser):
    engine = "firefox"

    def __init__(self, process: Process, profile: tempfile.TemporaryDirectory[str]) -> None:
        self._process = process
        self._profile = profile
        self._bidi: Bidi

    @classmethod
    async def launch(
        cls, media: Media = "granted", preferences: _Preferences | None = None
    ) -> Self:
        profile = tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True)
        wanted = _PREFERENCES | _MEDIA_PREFERENCES[media] | (preferences or {})
        Path(profile.name, "user.js").write_text(_user_js(wanted))
        process = await asyncio.create_subprocess_exec(
            find("firefox") or "firefox",
            *("--headless", "--no-remote", "--new-instance", "--profile", profile.name),
            *("--remote-debugging-port", "0", "about:blank"),
            env=os.environ | {"HOME": profile.name, "MOZ_HEADLESS": "1"},
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=DEVNULL,
        )
        firefox = cls(process, profile)
        try:
            await firefox._connect()
        except BaseException:
            process.kill()
            raise
        return firefox

    async def new_page(self, viewport: tuple[int, int] = DESKTOP) -> FirefoxPage:
        identity = (await self._bidi.command("browser.createUserContext"))["userContext"]
        # A window, not a tab: of several tabs only one would be visible.
        window = await self._bidi.command(
            "browsingContext.create", type="window", userContext=identity
        )
        page = FirefoxPage(self._bidi, window["context"], identity)
        await page.open(viewport)
        return page

    async def close(self) -> None:
        await self._bidi.command("browser.close")
        await self._bidi.close()
        await self._process.wait()
        self._profile.cleanup()

    async def _connect(self) -> None:
        async with asyncio.timeout(_START_SECONDS):
            address = await self._listening_address()
        self._bidi = await Bidi.connect(address, {"acceptInsecureCerts": True})
        probe = f"() => {{ {PROBE.read_text()} }}"
        await self._bidi.command("script.addPreloadScript", functionDeclaration=probe)

    async def _listening_address(self) -> str:
        """Firefox chooses a free port and writes it into its profile."""
        announced = Path(self._profile.name, "WebDriverBiDiServer.json")
        while not announced.exists() or not announced.read_text():
            if self._process.returncode is not None:
                raise AssertionError("Firefox ended before it could be driven")
            await asyncio.sleep(_POLL_SECONDS)
        server = json.loads(announced.read_text())
        return f"ws://{server['ws_host']}:{server['ws_port']}/session"


def _user_js(preferences: _Preferences) -> str:
    return "".join(
        f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
        for name, value in preferences.items()
    )


def _value(answer: Answer) -> object:
    if answer["type"] == "exception":
        raise AssertionError(answer["exceptionDetails"]["text"])
    return answer["result"].get("value")
