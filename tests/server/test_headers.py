"""The content policy allows our own files and our own socket, nothing else."""

import pytest

from chatzyo.server.headers import security_headers


def policy(host: str, *, secure: bool) -> str:
    return security_headers(host=host, secure=secure)["Content-Security-Policy"]


def test_the_policy_names_the_socket_of_this_host() -> None:
    assert "connect-src 'self' ws://localhost:8080;" in policy("localhost:8080", secure=False)
    assert "connect-src 'self' wss://chat.example;" in policy("chat.example", secure=True)
    assert "connect-src 'self' wss://[2001:db8::1]:8443;" in policy(
        "[2001:db8::1]:8443", secure=True
    )


@pytest.mark.parametrize("host", ["", "a b", "x;script-src *", "x'", "é.example"])
def test_a_strange_host_header_does_not_enter_the_policy(host: str) -> None:
    assert "connect-src 'self';" in policy(host, secure=False)


def test_transport_security_is_demanded_only_over_tls() -> None:
    assert "Strict-Transport-Security" not in security_headers(host="localhost", secure=False)
    assert "upgrade-insecure-requests" not in policy("localhost", secure=False)
    assert "Strict-Transport-Security" in security_headers(host="a.example", secure=True)
    assert policy("a.example", secure=True).endswith("upgrade-insecure-requests")


def test_nothing_is_allowed_that_runs_text_as_code() -> None:
    whole = policy("localhost", secure=False)
    assert "unsafe" not in whole
    assert "data:" not in whole
    assert "trusted-types 'none'" in whole
