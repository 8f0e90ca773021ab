"""Which addresses this machine has, and which of them a relay listens on."""

import ipaddress
import socket
from collections.abc import Iterable, Sequence

import ifaddr

from chatzyo.server.mistake import CannotStart


def own_addresses() -> list[str]:
    """Every address of every interface, loopback and link-local included."""
    found = [
        ip.ip if isinstance(ip.ip, str) else ip.ip[0]
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
    ]
    return list(dict.fromkeys(found))


def listening_addresses(hosts: Sequence[str]) -> list[str]:
    """Resolve hosts; none means every address of this machine.

    Each address gets sockets of its own, so that an answer always leaves from the address that
    was asked.
    """
    if not hosts:
        return [address for address in own_addresses() if not _needs_scope(address)]
    return list(dict.fromkeys(address for host in hosts for address in _resolve(host)))


def of_family(addresses: Iterable[str], version: int) -> list[str]:
    """Those of one IP version, the most public first."""
    parsed = [ipaddress.ip_address(address) for address in addresses]
    chosen = [address for address in parsed if address.version == version]
    return [str(each) for each in sorted(chosen, key=lambda each: not each.is_global)]


def _needs_scope(address: str) -> bool:
    return ipaddress.ip_address(address).is_link_local


def _resolve(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    except OSError as error:
        raise CannotStart(
            f"Cannot listen on {host}: {error.strerror}. Choose another with --relay-hosts."
        ) from None
    return [str(address[0]) for *_, address in found]
