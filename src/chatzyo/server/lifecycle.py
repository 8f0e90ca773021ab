"""The life of a node: wire it, bind it, serve, and say goodbye to everybody before stopping.

This is the composition root of the server: the only module that knows all of its parts.
"""

import asyncio
import contextlib
import gc
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import uvicorn
from starlette.applications import Starlette

from chatzyo.safety.admission import Admission
from chatzyo.safety.quota import Quota
from chatzyo.server import entropy
from chatzyo.server.mistake import CannotStart
from chatzyo.server.node import Node
from chatzyo.server.observer import Observer
from chatzyo.server.pages import create_app
from chatzyo.server.relay_process import RelayProcess
from chatzyo.server.relay_secret import load_secrets, new_secret
from chatzyo.server.settings import RelaySettings, Settings
from chatzyo.server.tls import local_certificate, local_names, server_context, state_folder
from chatzyo.server.upgrade import Gate, upgrade_protocol
from chatzyo.signaling.switchboard import Switchboard

GOODBYE_SECONDS: Final = 0.5
"""Time for `restart` and the close frame to reach the clients before the sockets are cut."""

BACKLOG: Final = 4096
"""A crowd that comes back after a restart arrives at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listening:
    """Where a node can be reached."""

    urls: tuple[str, ...]
    port: int


def serve(settings: Settings, observer: Observer, announce: Callable[[Listening], None]) -> None:
    """Run a node until SIGINT or SIGTERM. Raises CannotStart before anything is served."""
    listener = _bind(settings)
    relay = _start_relay(settings)
    port = listener.getsockname()[1]
    listening = Listening(urls=_urls(settings, port), port=port)
    node = Node(_switchboard(settings), observer, entropy.clock)
    admission = Admission(
        secret=entropy.secret(),
        most=settings.max_connections,
        most_per_address=settings.connections_per_address,
    )
    origins = frozenset((*listening.urls, *settings.origins))
    gate = Gate(node, admission, observer, origins=origins, new_quota=_quotas(settings))
    secure = settings.tls != "off"
    app = create_app(node, secure=secure, is_full=lambda: admission.is_full)
    app.router.lifespan_context = _lifespan(settings, node, relay, lambda: announce(listening))
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws=upgrade_protocol(gate, observer),
        lifespan="on",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
        backlog=BACKLOG,
    )
    config.load()
    if settings.tls == "local":
        config.ssl = server_context(local_certificate(state_folder(), local_names()))
    server = uvicorn.Server(config)
    _calm_the_collector()
    with (
        contextlib.suppress(KeyboardInterrupt),  # Ctrl+C is how a node is stopped by hand
        asyncio.Runner(loop_factory=config.get_loop_factory()) as runner,
    ):
        runner.run(server.serve(sockets=[listener]))


def _calm_the_collector() -> None:
    """Leave what lives as long as the process out of every collection, and collect less often.

    Tens of thousands of connections are long-lived objects; going through them at the default
    rate would delay messages by milliseconds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def _switchboard(settings: Settings) -> Switchboard:
    return Switchboard(
        match_ids=entropy.match_ids(),
        hubs=settings.hubs,
        signals_per_direction=settings.signals_per_direction,
    )


def _quotas(settings: Settings) -> Callable[[float], Quota]:
    """A maker of what each connection may send, from the time of its start."""

    def new_quota(now: float) -> Quota:
        return Quota(
            now=now,
            messages_per_second=settings.messages_per_second,
            bytes_per_second=settings.bytes_per_second,
        )

    return new_quota


def _lifespan(
    settings: Settings, node: Node, relay: RelayProcess | None, announce: Callable[[], None]
) -> Callable[[Starlette], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as tasks:
            sweeper = tasks.create_task(node.run())
            if relay:
                relay.watch()
            announce()
            yield
            sweeper.cancel()
        node.restart(lambda: entropy.spread_ms(settings.restart_spread))
        await asyncio.sleep(GOODBYE_SECONDS)
        if relay:
            relay.stop()

    return lifespan


def _start_relay(settings: Settings) -> RelayProcess | None:
    """The relay listens where the site does, with a secret that nobody but this node knows."""
    if settings.relay_engine != "on":
        return None
    path = settings.relay_secret_file
    secrets = load_secrets(Path(path)) if path else (new_secret(),)
    names = RelaySettings.__struct_fields__
    chosen = RelaySettings(**{name: getattr(settings, name) for name in names})
    if not settings.relay_hosts and (settings.host or settings.tls == "off"):
        hosts = (settings.host or "localhost",)
        chosen = msgspec.structs.replace(chosen, relay_hosts=hosts)
    if settings.tls == "local" and not settings.relay_certificate:
        certificate = str(local_certificate(state_folder(), local_names()))
        chosen = msgspec.structs.replace(chosen, relay_certificate=certificate)
    return RelayProcess(chosen, secrets)


def _bind(settings: Settings) -> socket.socket:
    """Bind before anything else starts, so that a taken port is one sentence."""
    host = settings.host or ("" if settings.tls == "local" else "localhost")
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host or None, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, proto)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        raise CannotStart(
            f"Cannot listen on {host or 'every address'}, port {settings.port}: "
            f"{error.strerror}. Choose another with --host or --port."
        ) from None
    listener.listen(BACKLOG)
    return listener


def _urls(settings: Settings, port: int) -> tuple[str, ...]:
    """The addresses of this machine's own pages, the most useful first."""
    scheme = "https" if settings.tls != "off" else "http"
    own = ["localhost", "127.0.0.1", "::1"]
    names = own if settings.host in ("", "localhost") and settings.tls == "off" else local_names()
    if settings.host and settings.host not in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        names = [settings.host, *names]
    suffix = "" if port == {"http": 80, "https": 443}[scheme] else f":{port}"
    return tuple(
        f"{scheme}://[{name}]{suffix}" if ":" in name else f"{scheme}://{name}{suffix}"
        for name in dict.fromkeys(names)
    )
