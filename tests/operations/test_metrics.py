"""Metrics count without naming anybody."""

import io

from prometheus_client import generate_latest

from chatzyo.operations import logs
from chatzyo.operations.metrics import Metrics
from chatzyo.protocol.closing import CloseCode


def scrape(metrics: Metrics) -> str:
    return generate_latest(metrics.registry).decode()


def test_connections_are_told_in_coarse_steps() -> None:
    metrics = Metrics()
    for _ in range(13):
        metrics.connected()
    assert "chatzyo_connections 8.0" in scrape(metrics)
    for _ in range(6):
        metrics.disconnected()
    assert "chatzyo_connections 0.0" in scrape(metrics)


def test_what_the_server_ends_or_refuses_is_counted_by_reason() -> None:
    log = io.StringIO()
    logs.configure(log)
    metrics = Metrics()
    metrics.closed(CloseCode.TOO_FAST)
    for reason in ("origin", "origin", "full", "path"):
        metrics.refused(reason)
    told = scrape(metrics)
    assert 'chatzyo_closed_total{code="4005"} 1.0' in told
    assert 'chatzyo_refused_total{reason="origin"} 2.0' in told
    assert log.getvalue().count("\n") == 2


def test_a_bug_is_counted() -> None:
    metrics = Metrics()
    try:
        int("x")
    except ValueError:
        metrics.failed()
    assert "chatzyo_bugs_total 1.0" in scrape(metrics)


def test_an_introduction_is_measured() -> None:
    metrics = Metrics()
    metrics.matched(0.002)
    assert 'chatzyo_match_seconds_bucket{le="0.0025"} 1.0' in scrape(metrics)
