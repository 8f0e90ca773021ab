"""What a relay is told at its start, and the reasons of its default limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chatzyo.traversal.address import Family


@dataclass(frozen=True, kw_only=True, slots=True)
class Config:
    """The settings of one relay core."""

    realm: str
    secrets: Sequence[bytes]
    """keys of time-limited credentials that are accepted"""
    relay_ips: Mapping[Family, bytes]
    """the IP that allocations of each family get; a family that is missing is answered 440"""
    closed: bool
    """relayed addresses are names inside this server and no socket is opened for them"""
    dont_fragment: bool = False
    """whether the shell can set the DF bit; 420 otherwise. Closed relays send to no peer."""
    first_port: int = 49_152
    last_port: int = 65_535
    """the dynamic range, RFC 8656 section 7.2"""
    total: int = 2_000
    """relayed addresses at once: 500 calls with two hidden people and two transports each"""
    per_user: int = 4
    """one browser gathers by UDP, TCP and TLS, and for two families"""
    per_prefix: int = 64
    """many homes share one address behind a provider's NAT"""
    bytes_per_second: int = 1_000_000
    """for one allocation, both directions together; a good video call takes 300,000 each way"""
    total_bytes_per_second: int = 0
    """for all allocations; 0 means no limit"""
    max_age: float = 24 * 3600.0
    """seconds after which an allocation ends, however often it is refreshed"""
    refusals_per_second: float = 20.0
    refusal_burst: float = 50.0
    """answers to strangers from one prefix; beyond that, silence: they might not have asked"""
    allocations_per_second: float = 16.0
    allocation_burst: float = 64.0
    """new allocations from one prefix"""
