"""The local certificate covers this machine's names and is made again when it must be."""

import stat
from pathlib import Path

import pytest
from cryptography import x509

from chatzyo.server import tls


def alternative_names(pem: Path) -> list[str]:
    certificate = x509.load_pem_x509_certificate(pem.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(name.value) for name in names]


def test_a_certificate_covers_every_name_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    pem = tls.local_certificate(tmp_path, ["localhost", "192.0.2.7"])
    assert alternative_names(pem) == ["localhost", "192.0.2.7"]
    assert stat.S_IMODE(pem.stat().st_mode) == 0o600
    assert tls.server_context(pem).cert_store_stats() is not None


def test_a_good_certificate_is_kept_so_that_browsers_ask_once(tmp_path: Path) -> None:
    first = tls.local_certificate(tmp_path, ["localhost"]).read_bytes()
    assert tls.local_certificate(tmp_path, ["localhost"]).read_bytes() == first


def test_a_new_address_makes_a_new_certificate(tmp_path: Path) -> None:
    tls.local_certificate(tmp_path, ["localhost"])
    assert alternative_names(tls.local_certificate(tmp_path, ["192.0.2.8"])) == ["192.0.2.8"]


def test_a_certificate_near_its_end_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls, "VALID_DAYS", tls.RENEW_BEFORE_DAYS)
    short = tls.local_certificate(tmp_path, ["localhost"]).read_bytes()
    monkeypatch.undo()
    assert tls.local_certificate(tmp_path, ["localhost"]).read_bytes() != short


def test_this_machine_is_among_its_own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tls.local_names()[:3] == ["localhost", "127.0.0.1", "::1"]
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    assert tls.state_folder() == Path("/state/chatzyo")
