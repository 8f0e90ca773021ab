"""What holds for every test: in continuous integration nothing is skipped."""

import os
from collections.abc import Generator

import hypothesis
import pytest

# Keeps what hypothesis itself chooses for continuous integration; a busy machine is no fault.
hypothesis.settings.register_profile("steady", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("steady")

_IN_CI = os.environ.get("CI") == "true"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if _IN_CI and not hasattr(report, "wasxfail"):
        _fail_instead_of_skipping(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if _IN_CI:
        _fail_instead_of_skipping(report)
    return report


def _fail_instead_of_skipping(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.outcome == "skipped":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
        report.outcome = "failed"
        report.longrepr = f"Nothing may be skipped with CI=true. {reason}"
