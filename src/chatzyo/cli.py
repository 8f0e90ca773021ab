"""The command line. stdout is data, stderr is talk."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from chatzyo import __version__
from chatzyo.operations import config, logs, manifest, verify
from chatzyo.operations.export import export
from chatzyo.operations.metrics import Metrics
from chatzyo.server.lifecycle import Listening, serve
from chatzyo.server.mistake import CannotStart
from chatzyo.server.relay_process import Report, run_alone, run_attached
from chatzyo.server.relay_secret import load_secrets
from chatzyo.server.settings import RelaySettings, Settings
from chatzyo.server.tls import state_folder


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 on success, 1 when a check fails, 2 when the operator must act."""
    flags = _parser().parse_args(arguments)
    try:
        return int(flags.run(flags))
    except CannotStart as mistake:
        sys.stderr.write(f"chatzyo: {mistake}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="chatzyo", description="Meet someone new: self-hosted.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    server = commands.add_parser("serve", help="run the site: pages, signaling and matching")
    server.set_defaults(run=_serve)
    config.add_flags(server)
    relay = commands.add_parser("relay", help="run STUN and TURN alone, on a machine of their own")
    relay.set_defaults(run=_relay)
    config.add_flags(relay, RelaySettings)
    relay.add_argument("--attached", action="store_true", help=argparse.SUPPRESS)
    _add_verify(commands.add_parser("verify", help="check that a site serves the published client"))
    exporter = commands.add_parser("export", help="write the client, to be hosted elsewhere")
    exporter.set_defaults(run=_export)
    exporter.add_argument("folder", type=Path, help="a new or empty folder")
    exporter.add_argument("--server", required=True, help="signaling server: wss://chat.example")
    signer = commands.add_parser("sign", help="sign the manifest of the client, for a release")
    signer.set_defaults(run=_sign)
    signer.add_argument("private_key", type=Path, help="Ed25519 key in PEM")
    return parser


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_verify)
    parser.add_argument("address", help="https://chat.example")
    parser.add_argument("--manifest", type=Path, help="default: the one of this installation")
    parser.add_argument("--signature", type=Path, help="signature of the manifest")
    parser.add_argument("--public-key", type=Path, help="Ed25519 key in PEM; needs --signature")
    parser.add_argument(
        "--any-certificate", action="store_true", help="accept a certificate of the site's own"
    )


def _serve(flags: argparse.Namespace) -> int:
    settings = config.load(flags, os.environ, Settings)
    logs.configure(sys.stderr)
    metrics = Metrics()
    if settings.metrics_port:
        metrics.serve(settings.metrics_port)
    serve(settings, metrics, lambda listening: _announce(settings, listening))
    return 0


def _relay(flags: argparse.Namespace) -> int:
    logs.configure(sys.stderr)
    if flags.attached:
        run_attached()
        return 0
    settings = config.load(flags, os.environ, RelaySettings)
    path = Path(settings.relay_secret_file or state_folder() / "relay-secret")
    run_alone(settings, load_secrets(path), lambda report: _announce_relay(path, report))
    return 0


def _announce_relay(secret: Path, report: Report) -> None:
    lines = [f"chatzyo {__version__} relays: UDP and TCP port {report.port}"]
    lines += [f"TLS port {report.tls_port}"] if report.tls_port else []
    lines += [f"The secret for its credentials is in {secret}", "Stop with Ctrl+C."]
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def _verify(flags: argparse.Namespace) -> int:
    site = verify.parse_site(flags.address)
    text = manifest.read(flags.manifest)
    if bool(flags.signature) is not bool(flags.public_key):
        raise CannotStart("Give --signature and --public-key together.")
    if flags.signature:
        manifest.check_signature(text, flags.signature, flags.public_key)
    published = manifest.parse(text)
    found = list(verify.differences(site, published, trust_any=flags.any_certificate))
    for difference in found:
        sys.stdout.write(f"{difference}\n")
    verdict = f"{len(found)} differences" if found else "the same"
    sys.stderr.write(
        f"{flags.address} against client {published.version}, {len(published.files)} files: "
        f"{verdict}.\n"
    )
    return 1 if found else 0


def _export(flags: argparse.Namespace) -> int:
    export(flags.folder, flags.server)
    sys.stderr.write(f"Serve {flags.folder} with the headers of its _headers file, then add its "
                     "origin to --origins of the server.\n")  # fmt: skip
    return 0


def _sign(flags: argparse.Namespace) -> int:
    sys.stdout.buffer.write(manifest.sign(manifest.read(None), flags.private_key))
    return 0


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
