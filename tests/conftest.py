"""Settings of the whole test run."""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "teleloupe",
    max_examples=int(os.environ.get("TELELOUPE_EXAMPLES", "60")),
    deadline=None,  # machines are shared; time is the benchmarks' business
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("teleloupe")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--share 2/4`: the second quarter of the tests (see parallel.py)."""
    parser.addoption("--share", default="1/1", help="run one of several shares of the tests, such as 2/4")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of the share that is asked for; which is whose depends on names alone."""
    share, shares = map(int, config.getoption("--share").split("/"))
    items[:] = [item for item in items if zlib.crc32(item.nodeid.encode()) % shares == share - 1]


@pytest.fixture(autouse=True)
def _same_everywhere(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One time zone, colours, no clipboard of ours, nothing remembered of other runs."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("TELELOUPE_CLIPBOARD", "osc52")
    for name in ("NO_COLOR", "TMUX", "STY", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
