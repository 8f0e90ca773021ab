"""The command line: `chatzyo serve`. stdout is data, stderr is talk."""

import argparse
import os
import sys
from collections.abc import Sequence

from chatzyo import __version__
from chatzyo.operations import config, logs
from chatzyo.operations.metrics import Metrics
from chatzyo.server.lifecycle import CannotStart, Listening, serve
from chatzyo.server.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 on success, 2 when the operator has to change something."""
    parser = argparse.ArgumentParser(prog="chatzyo", description=__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    server = commands.add_parser("serve", help="run the site: pages, signaling and matching")
    config.add_flags(server)
    flags = parser.parse_args(arguments)
    try:
        _serve(config.load(flags, os.environ))
    except CannotStart as mistake:
        sys.stderr.write(f"chatzyo: {mistake}\n")
        return 2
    return 0


def _serve(settings: Settings) -> None:
    logs.configure(sys.stderr)
    metrics = Metrics()
    if settings.metrics_port:
        metrics.serve(settings.metrics_port)
    serve(settings, metrics, lambda listening: _announce(settings, listening))


def _announce(settings: Settings, listening: Listening) -> None:
    home, *others = listening.urls
    lines = [f"chatzyo {__version__} is ready: {home}"]
    if settings.tls == "local":
        phone = next((url for url in others if _is_reachable(url)), None)
        lines += [f"On a phone in the same network: {phone}"] if phone else []
        lines += ["The certificate is this machine's own: the browser asks once, choose to go on."]
    else:
        lines += ["Open it in two tabs to try it. To invite phones nearby: --tls local"]
    sys.stderr.write("".join(f"{line}\n" for line in [*lines, "Stop with Ctrl+C."]))


def _is_reachable(url: str) -> bool:
    return not any(local in url for local in ("localhost", "//127.", "[::1]"))


if __name__ == "__main__":
    sys.exit(main())
