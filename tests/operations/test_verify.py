"""A changed client is found; an honest one passes."""

import asyncio
import json
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chatzyo.cli import main
from chatzyo.operations import manifest
from chatzyo.operations.export import HEADERS_FILE, REWRITES_FILE
from chatzyo.operations.verify import parse_site
from chatzyo.server.headers import security_headers
from chatzyo.server.mistake import CannotStart
from tests.browser.server import Server


class Mirror(SimpleHTTPRequestHandler):
    """A host of the exported client, whose headers a test can weaken."""

    weakened: dict[str, str | None] = {}  # noqa: RUF012 - replaced, not changed

    def end_headers(self) -> None:
        host = self.headers.get("Host", "")
        for name, value in (security_headers(host=host, secure=False) | self.weakened).items():
            if value is not None:
                self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    folder = tmp_path / "client"
    assert main(["export", str(folder), "--server", "wss://chat.example"]) == 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Mirror, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()
    server.server_close()
    thread.join()
    Mirror.weakened = {}


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    return capsys


Told = pytest.CaptureFixture[str]


def test_an_honest_copy_is_the_same(mirror: tuple[str, Path], told: Told) -> None:
    assert main(["verify", mirror[0]]) == 0
    assert "the same" in told.readouterr().err


def test_one_flipped_byte_is_found(mirror: tuple[str, Path], told: Told) -> None:
    address, folder = mirror
    script = folder / "js/main.js"
    text = bytearray(script.read_bytes())
    text[100] ^= 1
    script.write_bytes(text)
    assert main(["verify", address]) == 1
    assert "/js/main.js has been changed." in told.readouterr().out


@pytest.mark.parametrize(
    ("file", "addition", "named"),
    [
        ("index.html", '<script type="module" src="/js/extra.js"></script>', "/js/extra.js"),
        ("index.html", '<script src="https://cdn.example/x.js"></script>', "https://cdn.example"),
        ("js/main.js", "import './core/extra.js'", "/js/core/extra.js"),
        ("js/main.js", "void import('./late.js')", "/js/late.js"),
        ("app.css", "@import 'more.css';", "/more.css"),
        ("app.css", "body { background: url(pixel.png) }", "/pixel.png"),
    ],
)
def test_an_extra_file_is_named(
    mirror: tuple[str, Path], told: Told, file: str, addition: str, named: str
) -> None:
    address, folder = mirror
    with (folder / file).open("a") as opened:
        opened.write(f"\n{addition}\n")
    assert main(["verify", address]) == 1
    assert any(named in line for line in told.readouterr().out.splitlines())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Security-Policy", "default-src *"),
        ("Content-Security-Policy", None),
        ("X-Content-Type-Options", None),
        ("Cross-Origin-Opener-Policy", "unsafe-none"),
        ("Permissions-Policy", "camera=*"),
    ],
)
def test_one_weakened_header_is_found(
    mirror: tuple[str, Path], told: Told, name: str, value: str | None
) -> None:
    Mirror.weakened = {name: value}
    assert main(["verify", mirror[0]]) == 1
    assert f"/ is served with another {name} header." in told.readouterr().out


def test_a_cookie_is_found(mirror: tuple[str, Path], told: Told) -> None:
    Mirror.weakened = {"Set-Cookie": "visitor=1"}
    assert main(["verify", mirror[0]]) == 1
    assert "/ sets a cookie." in told.readouterr().out


def test_a_missing_file_and_a_wrong_configuration_are_found(
    mirror: tuple[str, Path], told: Told
) -> None:
    address, folder = mirror
    (folder / "app.css").unlink()
    (folder / "config.json").write_text('{"server": "wss://a.example", "script": "x"}')
    assert main(["verify", address]) == 1
    told_lines = told.readouterr().out
    assert "/app.css is missing: the site answers 404." in told_lines
    assert "/config.json is not a configuration." in told_lines


def test_the_exported_client_names_the_server_and_allows_only_it(mirror: tuple[str, Path]) -> None:
    _, folder = mirror
    assert json.loads((folder / "config.json").read_text()) == {"server": "wss://chat.example"}
    headers = (folder / HEADERS_FILE).read_text()
    assert "connect-src 'self' wss://chat.example;" in headers
    assert (folder / REWRITES_FILE).read_text() == "/p / 200\n"


@pytest.mark.slow
async def test_our_own_server_serves_the_published_client() -> None:
    for options in ([], ["--tls", "local"]):
        server = await Server.start(*options)
        arguments = ["-m", "chatzyo.cli", "verify", server.url, "--any-certificate"]
        process = await asyncio.create_subprocess_exec(sys.executable, *arguments)
        assert await process.wait() == 0
        await server.stop()


def test_a_signed_manifest_is_trusted_and_another_is_not(
    mirror: tuple[str, Path], tmp_path: Path, told: Told
) -> None:
    key = Ed25519PrivateKey.generate()
    private, public, signature = (tmp_path / name for name in ("key", "key.pub", "signature"))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    public.write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    signature.write_bytes(manifest.sign(manifest.read(None), private))
    trusted = ["verify", mirror[0], "--signature", str(signature), "--public-key", str(public)]
    assert main(trusted) == 0
    forged = tmp_path / "MANIFEST.json"
    forged.write_bytes(manifest.read(None).replace(b"0", b"1", 1))
    assert main([*trusted, "--manifest", str(forged)]) == 2
    assert "not signed with this key" in told.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        ["verify", "chat.example"],
        ["verify", "https://chat.example/page"],
        ["verify", "http://127.0.0.1:1"],
        ["verify", "http://127.0.0.1:1", "--signature", "x"],
        ["verify", "http://127.0.0.1:1", "--manifest", "/nowhere"],
        ["export", "/nowhere", "--server", "chat.example"],
    ],
)
def test_a_mistake_is_one_sentence(command: list[str], told: Told) -> None:
    assert main(command) == 2
    assert told.readouterr().err.count("\n") == 1


def test_a_full_folder_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    assert main(["export", str(tmp_path), "--server", "wss://chat.example"]) == 2


def test_a_damaged_manifest_is_refused() -> None:
    with pytest.raises(CannotStart, match="damaged"):
        manifest.parse(b"{}")


def test_the_host_keeps_its_port() -> None:
    assert parse_site("https://chat.example:8443/").host == "chat.example:8443"
